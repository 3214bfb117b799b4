package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.List;

/**
 * Aggregates per group and session, with the meaning of Flink's event-time session windows: a row
 * covers {@code [t, t + gap)}; what intersects or touches is one session, so that rows exactly one
 * gap apart are together. A row is late when the session that it would be in is closed, that is,
 * when {@code end − 1 + allowed lateness ≤ watermark} holds for it alone and it touches no session
 * that is not closed. Immutable.
 *
 * <p>A late row that is within the allowed lateness changes its session: where the changed session
 * has ended it fires again, otherwise it fires at its new end. Sessions that had fired and become
 * one: {@link Accumulation#ACCUMULATING} emits the merged result and leaves the earlier ones to the
 * consumer, {@link Accumulation#DISCARDING} emits the rows since the last firings, {@link
 * Accumulation#RETRACTING} deletes the earlier results at once, or updates the one with the same
 * bounds.
 *
 * @param groupBy names of the fields that form the group, none for one group of all rows
 * @param gapMillis the time without a row after which a session has ended, positive
 * @param aggregates what is computed
 * @param allowedLatenessMillis how long after its end a session still takes late rows; nothing in
 *     processing time
 * @param accumulation what a session emits when it fires again
 * @param time EVENT or INGESTION: rows' timestamps and watermarks; PROCESSING: the host's clock
 */
public record SessionAggregation(
    List<String> groupBy,
    long gapMillis,
    List<AggregateCall> aggregates,
    long allowedLatenessMillis,
    Accumulation accumulation,
    TimeCharacteristic time)
    implements WindowedAggregation {
  /** Fields of a partial result whose names start so are not the user's. */
  private static final String CELL = "$cell";

  /** The field of a partial result that holds the time of its last row. */
  private static final String LAST = "$last";

  public SessionAggregation {
    groupBy = List.copyOf(groupBy);
    aggregates = List.copyOf(aggregates);
    if (gapMillis <= 0 || !EventTimes.isUsable(gapMillis)) {
      throw new IllegalArgumentException(
          "the gap of " + gapMillis + " ms is not within 1.." + WindowSpec.MAX_TIME);
    }
    if (allowedLatenessMillis < 0 || !EventTimes.isUsable(allowedLatenessMillis)) {
      throw new IllegalArgumentException(
          "allowed lateness "
              + allowedLatenessMillis
              + " ms is not within 0.."
              + WindowSpec.MAX_TIME);
    }
    // no row is late by the clock, and one that comes at the end of a session begins another
    allowedLatenessMillis = time == TimeCharacteristic.PROCESSING ? 0 : allowedLatenessMillis;
  }

  /**
   * Group fields, cells, and the time of the last row; the timestamp of a partial result is the
   * time of its first row.
   */
  @Override
  public Schema partialSchema(Schema input) {
    List<Field> fields = new ArrayList<>(keyFields(input));
    int cells = AggregateProgram.compile(aggregates, input).cellCount();
    for (int c = 0; c < cells; c++) {
      fields.add(new Field(CELL + c, DataType.LONG));
    }
    fields.add(new Field(LAST, DataType.LONG));
    return Schema.of(fields);
  }

  @Override
  public boolean canPreAggregate(Schema input) {
    return time != TimeCharacteristic.PROCESSING
        && AggregateProgram.compile(aggregates, input).isCellsOnly();
  }

  @Override
  public Operator operator(Schema input) {
    return new SessionAggregateOperator(this, input, false);
  }

  @Override
  public Operator preAggregate(Schema input) {
    return new SessionPreAggregateOperator(this, input);
  }

  @Override
  public Operator finalAggregate(Schema input) {
    return new SessionAggregateOperator(this, input, true);
  }

  /** The last time at which a session is over when the watermark is this. */
  long lastOver(long watermark) {
    return earlier(watermark, gapMillis - 1);
  }

  /** The last time at which a session is closed when the watermark is this. */
  long lastClosed(long watermark) {
    return earlier(lastOver(watermark), allowedLatenessMillis);
  }

  /** Without overflow: before all times there is nothing. */
  private static long earlier(long time, long by) {
    return time < Long.MIN_VALUE + by ? Long.MIN_VALUE : time - by;
  }

  @Override
  public String toString() {
    return "session gap "
        + gapMillis
        + " ms"
        + (groupBy.isEmpty() ? "" : " by " + String.join(", ", groupBy))
        + ": "
        + String.join(", ", aggregates.stream().map(AggregateCall::toString).toList());
  }
}
