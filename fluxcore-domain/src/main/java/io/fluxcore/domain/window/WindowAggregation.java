package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
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
 * @param context what the aggregates are bound with
 */
public record WindowAggregation(
    List<String> groupBy,
    WindowSpec window,
    List<AggregateCall> aggregates,
    long allowedLatenessMillis,
    Accumulation accumulation,
    TimeCharacteristic time,
    AggregateContext context) {
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

  private static final String OBJECT = "$object";

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

  /** With {@link AggregateContext#STANDARD}. */
  public WindowAggregation(
      List<String> groupBy,
      WindowSpec window,
      List<AggregateCall> aggregates,
      long allowedLatenessMillis,
      Accumulation accumulation,
      TimeCharacteristic time) {
    this(
        groupBy,
        window,
        aggregates,
        allowedLatenessMillis,
        accumulation,
        time,
        AggregateContext.STANDARD);
  }

  /** The aggregates bound to a schema, for one operator. */
  public AggregateProgram program(Schema input) {
    return AggregateProgram.compile(aggregates, input, context);
  }

  /** Positions of the group's fields. */
  public int[] keyOrdinals(Schema input) {
    return groupBy.stream().mapToInt(input::ordinal).toArray();
  }

  List<DataType> keyTypes(Schema input) {
    return groupBy.stream().map(name -> input.type(input.ordinal(name))).toList();
  }

  /** Group fields, window bounds, aggregates. */
  public Schema outputSchema(Schema input) {
    List<Field> fields = keyFields(input);
    fields.add(new Field(WINDOW_START, DataType.TIMESTAMP_TZ));
    fields.add(new Field(WINDOW_END, DataType.TIMESTAMP_TZ));
    fields.addAll(program(input).resultFields());
    return Schema.of(fields);
  }

  /** Group fields and partial states; the timestamp of a partial result is its slice's start. */
  public Schema partialSchema(Schema input) {
    List<Field> fields = keyFields(input);
    int number = 0;
    for (DataType type : program(input).partialTypes()) {
      fields.add(new Field((type.equals(DataType.LONG) ? CELL : OBJECT) + number++, type));
    }
    return Schema.of(fields);
  }

  private List<Field> keyFields(Schema input) {
    List<Field> fields = new ArrayList<>();
    for (String name : groupBy) {
      fields.add(input.field(input.ordinal(name)));
    }
    return fields;
  }

  /**
   * Whether rows may be aggregated before the exchange: only where results do not show it. The
   * input must be insertions only.
   */
  public boolean canPreAggregate(Schema input) {
    return time != TimeCharacteristic.PROCESSING && program(input).isPartial();
  }

  /** Rows in, window results out. */
  public Operator operator(Schema input) {
    return new WindowAggregateOperator(this, input, false);
  }

  /** Rows in, partial results out on port 0, and rows as they came on {@link #ROWS_PORT}. */
  public Operator preAggregate(Schema input) {
    return new PreAggregateOperator(this, input);
  }

  /** Partial results and rows in, window results out. */
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
