package io.fluxcore.infrastructure.sketch;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.fluxcore.domain.aggregate.DistinctSketch;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The 64-bit hashes themselves while they are few, in order; then an UltraLogLog (Ertl, VLDB 2024)
 * of 4 KiB. The hash is Komihash 5.0, part of the state's format.
 */
final class HashedDistinct implements DistinctSketch {
  /** 2^12 registers: a relative standard error of 1.2 %. */
  private static final int PRECISION = 12;

  private static final int FEW = 4;
  private static final Hasher64 HASHER = Hashing.komihash5_0();

  private long[] hashes = new long[FEW];
  private int size;
  private @Nullable UltraLogLog sketch;

  /** What it takes on the heap, about. */
  long estimatedBytes() {
    return sketch == null ? 8L * hashes.length : 1L << PRECISION;
  }

  @Override
  public void add(long value) {
    addHash(HASHER.hashLongToLong(value));
  }

  @Override
  public void add(String value) {
    addHash(HASHER.hashCharsToLong(value));
  }

  @Override
  public void add(byte[] value) {
    addHash(HASHER.hashBytesToLong(value));
  }

  private void addHash(long hash) {
    if (sketch != null) {
      sketch.add(hash);
      return;
    }
    int found = Arrays.binarySearch(hashes, 0, size, hash);
    if (found >= 0) {
      return;
    }
    if (size == EXACT_VALUES) {
      toSketch().add(hash);
      return;
    }
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, Math.min(EXACT_VALUES, 2 * size));
    }
    int at = -found - 1;
    System.arraycopy(hashes, at, hashes, at + 1, size - at);
    hashes[at] = hash;
    size++;
  }

  private UltraLogLog toSketch() {
    UltraLogLog target = UltraLogLog.create(PRECISION);
    for (int i = 0; i < size; i++) {
      target.add(hashes[i]);
    }
    hashes = new long[0];
    size = 0;
    sketch = target;
    return target;
  }

  @Override
  public void merge(DistinctSketch other) {
    HashedDistinct theirs = (HashedDistinct) other;
    if (theirs.sketch == null) {
      for (int i = 0; i < theirs.size; i++) {
        addHash(theirs.hashes[i]);
      }
      return;
    }
    UltraLogLog mine = sketch == null ? toSketch() : sketch;
    mine.add(theirs.sketch);
  }

  @Override
  public long estimate() {
    return sketch == null ? size : Math.round(sketch.getDistinctCountEstimate());
  }

  /** u8 0, i32 number of hashes and the hashes; or u8 1, i32 length and the sketch's state. */
  void write(DataOutput out) throws IOException {
    UltraLogLog known = sketch;
    out.writeByte(known == null ? 0 : 1);
    if (known == null) {
      out.writeInt(size);
      for (int i = 0; i < size; i++) {
        out.writeLong(hashes[i]);
      }
      return;
    }
    byte[] state = known.getState();
    out.writeInt(state.length);
    out.write(state);
  }

  static HashedDistinct read(DataInput in) throws IOException {
    HashedDistinct result = new HashedDistinct();
    if (in.readByte() == 0) {
      result.size = in.readInt();
      result.hashes = new long[Math.max(FEW, result.size)];
      for (int i = 0; i < result.size; i++) {
        result.hashes[i] = in.readLong();
      }
      return result;
    }
    byte[] state = new byte[in.readInt()];
    in.readFully(state);
    result.hashes = new long[0];
    result.sketch = UltraLogLog.wrap(state);
    return result;
  }
}
