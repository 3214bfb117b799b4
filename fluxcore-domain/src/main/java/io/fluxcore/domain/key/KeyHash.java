package io.fluxcore.domain.key;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;

/**
 * The 64-bit hash of a row's key, by column. Part of the snapshot contract: it must give the same
 * value for equal keys on every host, in every column form and for ever. Longs are finalised as in
 * SplitMix64 (Steele, Lea, Flood 2014); strings start from {@link String#hashCode()}, whose
 * algorithm is specified; a composite key folds its parts in order. The high 32 bits choose the key
 * group, the low bits the place in a table.
 */
public final class KeyHash {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** The hash of a null. */
  public static final long OF_NULL = 0x2545F4914F6CDD1DL;

  private KeyHash() {}

  /** SplitMix64's finaliser. */
  public static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The long of which {@link #mix} makes this hash: each has exactly one. */
  public static long unmix(long hash) {
    long z = hash ^ (hash >>> 31) ^ (hash >>> 62);
    z *= 0x319642B2D24D8EC3L; // the inverses of mix's factors modulo 2^64
    z ^= (z >>> 27) ^ (z >>> 54);
    z *= 0x96DE1B173F119089L;
    z ^= (z >>> 30) ^ (z >>> 60);
    return z - GOLDEN;
  }

  /**
   * Hashes of the keys of rows.
   *
   * @param keys the key's columns, none for the one key of an ungrouped stream
   * @param rows physical rows
   * @param hashes receives the hash of {@code rows[i]} at {@code i}
   */
  public static void ofRows(Column[] keys, int[] rows, int count, long[] hashes) {
    if (keys.length == 0) {
      Arrays.fill(hashes, 0, count, mix(0));
      return;
    }
    of(keys[0], rows, count, hashes, false);
    for (int k = 1; k < keys.length; k++) {
      of(keys[k], rows, count, hashes, true);
    }
  }

  private static void of(Column column, int[] rows, int count, long[] hashes, boolean fold) {
    if (column instanceof LongColumn longs && longs.nulls() == null) {
      ofLongs(longs.values(), rows, count, hashes, fold);
      return;
    }
    if (column instanceof StringColumn.OfDictionary strings && strings.nulls() == null) {
      ofDictionary(strings, rows, count, hashes, fold);
      return;
    }
    for (int i = 0; i < count; i++) {
      long hash = one(column, rows[i]);
      hashes[i] = fold ? fold(hashes[i], hash) : hash;
    }
  }

  private static void ofLongs(long[] values, int[] rows, int count, long[] hashes, boolean fold) {
    if (fold) {
      for (int i = 0; i < count; i++) {
        hashes[i] = fold(hashes[i], mix(values[rows[i]]));
      }
    } else {
      for (int i = 0; i < count; i++) {
        hashes[i] = mix(values[rows[i]]);
      }
    }
  }

  private static void ofDictionary(
      StringColumn.OfDictionary strings, int[] rows, int count, long[] hashes, boolean fold) {
    String[] dictionary = strings.dictionary();
    long[] byCode = new long[dictionary.length];
    for (int i = 0; i < dictionary.length; i++) {
      byCode[i] = mix(dictionary[i].hashCode());
    }
    int[] codes = strings.codes();
    for (int i = 0; i < count; i++) {
      long hash = byCode[codes[rows[i]]];
      hashes[i] = fold ? fold(hashes[i], hash) : hash;
    }
  }

  private static long fold(long hash, long part) {
    return mix(Long.rotateLeft(hash, 23) ^ part);
  }

  /** Hash of one value of a key. */
  private static long one(Column column, int row) {
    if (column.isNull(row)) {
      return OF_NULL;
    }
    if (column instanceof LongColumn longs) {
      return mix(longs.value(row));
    }
    if (column instanceof StringColumn strings) {
      return mix(strings.hash(row));
    }
    if (column instanceof DoubleColumn doubles) {
      return mix(Double.doubleToLongBits(doubles.value(row) + 0.0));
    }
    if (column instanceof BooleanColumn booleans) {
      return mix(booleans.value(row) ? 1 : 0);
    }
    if (column instanceof DecimalColumn decimals) {
      if (decimals.isCompact()) {
        return mix(decimals.unscaled()[row]);
      }
      BigDecimal value = decimals.value(row);
      return mix(value.unscaledValue().hashCode());
    }
    Object value = column.get(row);
    return mix(value instanceof byte[] bytes ? Arrays.hashCode(bytes) : Objects.hashCode(value));
  }
}
