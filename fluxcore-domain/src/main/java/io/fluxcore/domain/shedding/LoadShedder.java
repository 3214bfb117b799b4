package io.fluxcore.domain.shedding;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Decides which rows are shed. Each row has a rank, by which the least are shed, the first among
 * equal ones: under {@link SheddingPolicy#OLDEST} all are equal, under {@link
 * SheddingPolicy#LOWEST_PRIORITY} it is the priority, and under {@link SheddingPolicy#SAMPLE} a
 * pseudo-random number, so that the rows that are kept are those with the largest of as many
 * numbers as there were rows: a uniform sample (bottom-k sampling; Cohen and Kaplan 2007). The same
 * rows in the same order are ranked the same. Immutable and thread-safe.
 */
public final class LoadShedder {
  private static final long LEAST = Long.MIN_VALUE;

  private final LoadShedding settings;
  private final int priority;

  /** A shedder for rows of a schema, which has the priority field. */
  public LoadShedder(LoadShedding settings, Schema schema) {
    this.settings = settings;
    this.priority =
        settings.priorityField() == null ? -1 : schema.ordinal(settings.priorityField());
  }

  public LoadShedding settings() {
    return settings;
  }

  /** Whether values of a type can be priorities. */
  public static boolean canRank(DataType type) {
    return type.kind() == DataType.Kind.LONG
        || type.kind() == DataType.Kind.DOUBLE
        || type.kind() == DataType.Kind.DECIMAL;
  }

  /**
   * The rank of each selected row.
   *
   * @param firstRow how many rows were ranked before these
   */
  public long[] ranks(EventBatch batch, long firstRow) {
    long[] ranks = new long[batch.size()];
    switch (settings.policy()) {
      case OLDEST -> {}
      case SAMPLE -> {
        for (int i = 0; i < ranks.length; i++) {
          ranks[i] = KeyHash.mix(KeyHash.mix(settings.seed()) + firstRow + i);
        }
      }
      case LOWEST_PRIORITY -> {
        for (int i = 0; i < ranks.length; i++) {
          ranks[i] = priority(batch, batch.row(i));
        }
      }
    }
    return ranks;
  }

  private long priority(EventBatch batch, int row) {
    if (priority < 0) {
      int[] priorities = batch.envelope().priorities();
      return priorities == null ? 0 : priorities[row];
    }
    Column column = batch.column(priority);
    if (column.isNull(row)) {
      return LEAST;
    }
    if (column instanceof LongColumn longs) {
      return longs.value(row);
    }
    return column instanceof DoubleColumn doubles
        ? ordered(doubles.value(row))
        : ordered(((DecimalColumn) column).value(row).doubleValue());
  }

  /** A long that is ordered as the doubles are; NaN is the largest. */
  private static long ordered(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /**
   * Chooses rows to shed.
   *
   * @param ranks of rows in the order in which they came
   * @param excess how many are to go, at most all of them
   * @return their places
   */
  public BitSet choose(long[] ranks, int excess) {
    BitSet chosen = new BitSet(ranks.length);
    if (settings.policy() == SheddingPolicy.OLDEST || excess == ranks.length) {
      chosen.set(0, excess);
      return chosen;
    }
    if (excess == 0) {
      return chosen;
    }
    long bound = smallest(Arrays.copyOf(ranks, ranks.length), excess - 1);
    int left = excess;
    for (int i = 0; i < ranks.length; i++) {
      if (ranks[i] < bound) {
        chosen.set(i);
        left--;
      }
    }
    for (int i = 0; left > 0; i++) {
      if (ranks[i] == bound) {
        chosen.set(i);
        left--;
      }
    }
    return chosen;
  }

  /** The value that would be at a place if all were sorted; quickselect (Hoare 1961). */
  private static long smallest(long[] values, int place) {
    int low = 0;
    int high = values.length - 1;
    while (low < high) {
      long pivot = median(values[low], values[(low + high) >>> 1], values[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          long swapped = values[i];
          values[i++] = values[j];
          values[j--] = swapped;
        }
      }
      if (place <= j) {
        high = j;
      } else if (place >= i) {
        low = i;
      } else {
        return pivot;
      }
    }
    return values[low];
  }

  private static long median(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
