package io.fluxcore.domain.rank;

import io.fluxcore.domain.changelog.LatestRowOperator;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One row of each key. Immutable.
 *
 * @param key names of the fields by which rows are duplicates of each other
 * @param keep which row of a key
 * @param within how long after a row others are its duplicates, and by which time; null: for ever
 */
public record Deduplication(List<String> key, Keep keep, @Nullable TimeToLive within) {
  /** Which row of a key is kept. */
  public enum Keep {
    /** The one that comes first; others are left out. */
    FIRST,
    /** The one that came last: a new one takes the place of the one before. */
    LAST
  }

  public Deduplication {
    key = List.copyOf(key);
  }

  /**
   * The operator over rows of a schema. Of {@link Keep#FIRST}, rows leave as they came, those that
   * are too late to be judged by the port 1, duplicates by the port 2.
   *
   * @param output of {@link Keep#LAST}: the fields that rows leave with
   */
  public Operator operator(Schema input, Schema output) {
    return keep == Keep.FIRST
        ? new FirstRowOperator(this, input)
        : new LatestRowOperator(
            key,
            input,
            output,
            within == null || within.time() == TimeCharacteristic.EVENT,
            within);
  }

  @Override
  public String toString() {
    return keep.name().toLowerCase(Locale.ROOT)
        + " row by "
        + String.join(", ", key)
        + (within == null ? "" : " within " + within);
  }
}
