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
import java.util.stream.Collectors;

/**
 * Aggregates per group and window: the declaration that {@link #operator} compiles. Immutable.
 *
 * @param groupBy names of the fields that form the group, none for one group of all rows
 * @param window which windows
 * @param aggregates what is computed
 * @param allowedLatenessMillis how long after its end a window still takes late rows
 * @param accumulation what a window emits when it fires again
 * @param time EVENT or INGESTION: rows' timestamps and watermarks; PROCESSING: the host's clock
 * @param trigger when windows fire
 * @param context what the aggregates are bound with
 */
public record WindowAggregation(
    List<String> groupBy,
    WindowSpec window,
    List<AggregateCall> aggregates,
    long allowedLatenessMillis,
    Accumulation accumulation,
    TimeCharacteristic time,
    Trigger trigger,
    AggregateContext context) {
  /**
   * Names of the result fields that hold the window's bounds: both TIMESTAMP_TZ, or TIMESTAMP where
   * the clocks of a zone cut windows.
   */
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

  /** The field of a partial session that holds the time of its last row. */
  private static final String LAST = "$last";

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
    if (isSessions(window) && time == TimeCharacteristic.PROCESSING) {
      // no row is late by the clock, and one that comes at the end of a session begins another
      allowedLatenessMillis = 0;
    }
  }

  /** With the usual trigger, and {@link AggregateContext#STANDARD}. */
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
        Trigger.onWatermark(),
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

  /** Group fields, window bounds where windows are of time, aggregates. */
  public Schema outputSchema(Schema input) {
    List<Field> fields = keyFields(input);
    if (window.isTimed()) {
      fields.add(new Field(WINDOW_START, window.boundType()));
      fields.add(new Field(WINDOW_END, window.boundType()));
    }
    fields.addAll(program(input).resultFields());
    return Schema.of(fields);
  }

  /**
   * Group fields and partial states; the timestamp of a partial result is its slice's start. Of a
   * session also the time of its last row; the timestamp is that of its first.
   */
  public Schema partialSchema(Schema input) {
    List<Field> fields = keyFields(input);
    int number = 0;
    for (DataType type : program(input).partialTypes()) {
      fields.add(new Field((type.equals(DataType.LONG) ? CELL : OBJECT) + number++, type));
    }
    if (isOfSessions()) {
      fields.add(new Field(LAST, DataType.LONG));
    }
    return Schema.of(fields);
  }

  private boolean isOfSessions() {
    return isSessions(window);
  }

  private static boolean isSessions(WindowSpec window) {
    return window instanceof SessionWindows
        || (window instanceof ZonedWindows zoned && isSessions(zoned.windows()));
  }

  /** The same of other windows. */
  WindowAggregation over(WindowSpec other) {
    return new WindowAggregation(
        groupBy, other, aggregates, allowedLatenessMillis, accumulation, time, trigger, context);
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
    return time != TimeCharacteristic.PROCESSING
        && window.isTimed()
        && trigger.isUsual()
        && program(input).isPartial();
  }

  /** Rows in, window results out. */
  public Operator operator(Schema input) {
    if (window instanceof ZonedWindows zoned) {
      return ZonedOperator.of(
          over(zoned.windows()).operator(input), zoned.zone(), outputSchema(input));
    }
    if (window instanceof SessionWindows sessions) {
      return new SessionAggregateOperator(this, sessions, input, false);
    }
    if (window instanceof CountWindows counts) {
      return new CountWindowOperator(this, counts, input);
    }
    return window.isTimed() && trigger.isUsual()
        ? new WindowAggregateOperator(this, input, false)
        : new TriggeredWindowOperator(this, input);
  }

  /** Rows in, partial results out on port 0, and rows as they came on {@link #ROWS_PORT}. */
  public Operator preAggregate(Schema input) {
    if (window instanceof ZonedWindows zoned) {
      return ZonedOperator.ofPartials(
          over(zoned.windows()).preAggregate(input), zoned.zone(), partialSchema(input));
    }
    return window instanceof SessionWindows sessions
        ? new SessionPreAggregateOperator(this, sessions, input)
        : new PreAggregateOperator(this, input);
  }

  /** Partial results and rows in, window results out. */
  public Operator finalAggregate(Schema input) {
    if (window instanceof ZonedWindows zoned) {
      return ZonedOperator.ofFinal(
          over(zoned.windows()).finalAggregate(input), zoned.zone(), outputSchema(input));
    }
    return window instanceof SessionWindows sessions
        ? new SessionAggregateOperator(this, sessions, input, true)
        : new WindowAggregateOperator(this, input, true);
  }

  /** The windows, where they are of time. */
  TimeWindows timeWindows() {
    return (TimeWindows) window;
  }

  /** Whether one table per slice serves all windows; otherwise each window has its own. */
  boolean isSliced() {
    return timeWindows().isTumbling() || accumulation != Accumulation.DISCARDING;
  }

  /** Whether the results of a window are of several tables. */
  boolean mergesSlices() {
    boolean single =
        timeWindows().isTumbling()
            || (window instanceof PeriodicWindows periodic && periodic.slicesPerWindow() == 1);
    return isSliced() && !single;
  }

  /** Whether nothing can reach a window any more. */
  boolean isWindowClosed(long windowEnd, long watermark) {
    return windowEnd - 1 + allowedLatenessMillis <= watermark;
  }

  /** Whether nothing can reach a slice any more. */
  boolean isClosed(long slice, long watermark) {
    return isWindowClosed(timeWindows().lastEnd(slice), watermark);
  }

  /**
   * The namespace of the table that a slice is aggregated in, where windows are sliced: its own
   * start; or that of the first slice of cumulative windows as soon as the windows between are
   * closed, since the open ones hold both.
   */
  long tableOf(long slice, long watermark) {
    return window instanceof CumulativeWindows windows
            && isWindowClosed(windows.firstEnd(slice), watermark)
        ? windows.start(windows.firstEnd(slice))
        : slice;
  }

  /** The tables of a window that exist. */
  List<SlotTable> tablesOf(long windowEnd, SlotTables tables) {
    List<SlotTable> found = new ArrayList<>();
    if (!isSliced()) {
      if (tables.has(windowEnd)) {
        found.add(tables.table(windowEnd));
      }
      return found;
    }
    TimeWindows windows = timeWindows();
    long slice = windows.start(windowEnd);
    while (slice < windowEnd) {
      if (tables.has(slice)) {
        found.add(tables.table(slice));
      }
      slice = windows.sliceEnd(slice);
    }
    return found;
  }

  /** What the state of such windows means: which rows are in it, and what was made of them. */
  String stateMeaning() {
    return windowsAndGroups()
        + aggregates.stream().map(AggregateCall::computation).collect(Collectors.joining(", "));
  }

  private String windowsAndGroups() {
    return window + (groupBy.isEmpty() ? "" : " by " + String.join(", ", groupBy)) + ": ";
  }

  @Override
  public String toString() {
    return windowsAndGroups()
        + aggregates.stream().map(AggregateCall::toString).collect(Collectors.joining(", "))
        + (trigger.isUsual() ? "" : "; " + trigger);
  }
}
