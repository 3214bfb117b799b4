package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.List;

/**
 * Aggregates per group and window: the declaration that {@link #operator} compiles. Immutable.
 *
 * @param groupBy names of the fields that form the group, none for one group of all rows
 * @param window which windows
 * @param aggregates what is computed
 * @param allowedLatenessMillis how long after its end a window still takes late rows
 * @param accumulation what a window emits when it fires again
 * @param time EVENT or INGESTION: rows' timestamps and watermarks; PROCESSING: the host's clock
 */
public record WindowAggregation(
    List<String> groupBy,
    WindowSpec window,
    List<AggregateCall> aggregates,
    long allowedLatenessMillis,
    Accumulation accumulation,
    TimeCharacteristic time)
    implements WindowedAggregation {
  /** Names of the result fields that hold the window's bounds, both TIMESTAMP_TZ. */
  public static final String WINDOW_START = "window_start";

  public static final String WINDOW_END = "window_end";

  /** The port of rows that came too late, of the input's schema. */
  public static final int LATE_PORT = 1;

  /** The port on which {@link #preAggregate} passes rows that it does not aggregate. */
  public static final int ROWS_PORT = 1;

  /** The input of {@link #finalAggregate} that takes partial results; 1 takes rows. */
  public static final int PARTIALS_INPUT = 0;

  public static final int ROWS_INPUT = 1;

  /** Fields of a partial result whose names start so are not the user's. */
  private static final String CELL = "$cell";

  public WindowAggregation {
    groupBy = List.copyOf(groupBy);
    aggregates = List.copyOf(aggregates);
    if (allowedLatenessMillis < 0 || allowedLatenessMillis > WindowSpec.MAX_TIME) {
      throw new IllegalArgumentException(
          "allowed lateness "
              + allowedLatenessMillis
              + " ms is not within 0.."
              + WindowSpec.MAX_TIME);
    }
  }

  /** Group fields and cells; the timestamp of a partial result is the start of its slice. */
  @Override
  public Schema partialSchema(Schema input) {
    List<Field> fields = new ArrayList<>(keyFields(input));
    int cells = AggregateProgram.compile(aggregates, input).cellCount();
    for (int c = 0; c < cells; c++) {
      fields.add(new Field(CELL + c, DataType.LONG));
    }
    return Schema.of(fields);
  }

  @Override
  public boolean canPreAggregate(Schema input) {
    return time != TimeCharacteristic.PROCESSING
        && AggregateProgram.compile(aggregates, input).isCellsOnly();
  }

  @Override
  public Operator operator(Schema input) {
    return new WindowAggregateOperator(this, input, false);
  }

  @Override
  public Operator preAggregate(Schema input) {
    return new PreAggregateOperator(this, input);
  }

  @Override
  public Operator finalAggregate(Schema input) {
    return new WindowAggregateOperator(this, input, true);
  }

  /** Whether one table per slice serves all windows; otherwise each window has its own. */
  boolean isSliced() {
    return window.isTumbling() || accumulation != Accumulation.DISCARDING;
  }

  /** Whether nothing can reach a slice any more. */
  boolean isClosed(long sliceStart, long watermark) {
    return window.end(window.lastStart(sliceStart)) - 1 + allowedLatenessMillis <= watermark;
  }

  /** The tables of a window that exist. */
  List<SlotTable> tablesOf(long windowStart, SlotTables tables) {
    List<SlotTable> found = new ArrayList<>();
    if (!isSliced()) {
      if (tables.has(windowStart)) {
        found.add(tables.table(windowStart));
      }
      return found;
    }
    long windowEnd = window.end(windowStart);
    for (long slice = windowStart; slice < windowEnd; slice = window.sliceEnd(slice)) {
      if (tables.has(slice)) {
        found.add(tables.table(slice));
      }
    }
    return found;
  }

  @Override
  public String toString() {
    return window
        + (groupBy.isEmpty() ? "" : " by " + String.join(", ", groupBy))
        + ": "
        + String.join(", ", aggregates.stream().map(AggregateCall::toString).toList());
  }
}
