package io.fluxcore.adapters.in.spool;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a spool record by record. Gives only what is on the disk. Not thread-safe. */
public final class SpoolCursor implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 * 1024;

  private final Spool spool;
  private final CRC32C crc = new CRC32C();
  private long next;
  private @Nullable Segment segment;
  private @Nullable RandomAccessFile file;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  /** End of the records that were on the disk when the buffer was filled. */
  private long seenEnd = -1;

  /** Takes a record, which lies in an array that is used again. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes a record.
     *
     * @return whether another one is wanted
     */
    boolean take(byte[] bytes, int from, int to);
  }

  SpoolCursor(Spool spool, long next) {
    this.spool = spool;
    this.next = next;
  }

  /** Offset of the next record. */
  public long offset() {
    return next;
  }

  /**
   * Hands over the records that are there until no more are wanted.
   *
   * @return how many
   * @throws io.fluxcore.domain.error.FluxCoreException if a record is damaged or cannot be read
   */
  public int read(Taker taker) {
    long end = spool.end();
    int taken = 0;
    boolean wanted = true;
    try {
      if (end != seenEnd) {
        forget();
        seenEnd = end;
      }
      while (wanted && next < end) {
        int length = frame();
        int from = position;
        position += length;
        next++;
        taken++;
        wanted = taker.take(buffer, from, from + length);
      }
    } catch (IOException e) {
      Segment at = segment;
      throw SpoolErrors.damaged(
          at == null ? Path.of("") : at.path(), next, String.valueOf(e.getMessage()));
    }
    return taken;
  }

  /** What was read ahead may not have been on the disk yet, and have been taken back since. */
  private void forget() throws IOException {
    RandomAccessFile opened = file;
    if (opened != null) {
      opened.seek(opened.getFilePointer() - (limit - position));
    }
    position = 0;
    limit = 0;
  }

  /** Comes to the bytes of the next record; gives their number. */
  private int frame() throws IOException {
    Segment at = segment;
    if (at == null || next >= spool.endOf(at)) {
      at = open();
    }
    require(at, Segment.FRAME_BYTES);
    ByteBuffer header = ByteBuffer.wrap(buffer, position, Segment.FRAME_BYTES);
    int length = header.getInt();
    int check = header.getInt();
    if (length < 0 || length > at.bytes()) {
      throw SpoolErrors.damaged(at.path(), next, "a length of " + length);
    }
    position += Segment.FRAME_BYTES;
    require(at, length);
    if (Segment.check(crc, buffer, position, length) != check) {
      throw SpoolErrors.damaged(at.path(), next, "its checksum is wrong");
    }
    return length;
  }

  private Segment open() throws IOException {
    close();
    Segment found = spool.segmentOf(next);
    RandomAccessFile opened;
    try {
      opened = new RandomAccessFile(found.path().toFile(), "r");
    } catch (FileNotFoundException e) {
      throw SpoolErrors.damaged(found.path(), next, "the file is gone");
    }
    file = opened;
    segment = found;
    position = 0;
    limit = 0;
    opened.seek(Segment.HEADER_BYTES);
    long wanted = next;
    for (next = found.first(); next < wanted; next++) {
      int length = frame();
      position += length;
    }
    return found;
  }

  private void require(Segment at, int length) throws IOException {
    if (limit - position >= length) {
      return;
    }
    System.arraycopy(buffer, position, buffer, 0, limit - position);
    limit -= position;
    position = 0;
    if (length > buffer.length) {
      buffer = Arrays.copyOf(buffer, length);
    }
    RandomAccessFile opened = file;
    while (limit < length) {
      int read = opened == null ? -1 : opened.read(buffer, limit, buffer.length - limit);
      if (read < 0) {
        throw SpoolErrors.damaged(at.path(), next, "the file ends too early");
      }
      limit += read;
    }
  }

  @Override
  public void close() {
    RandomAccessFile open = file;
    file = null;
    segment = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw SpoolErrors.damaged(Path.of(""), next, "closing: " + e.getMessage());
      }
    }
  }
}
