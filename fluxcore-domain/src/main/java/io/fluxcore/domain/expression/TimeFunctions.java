package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.DATE;
import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.STRING;
import static io.fluxcore.domain.event.DataType.TIMESTAMP;
import static io.fluxcore.domain.event.DataType.TIMESTAMP_TZ;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.expression.syntax.CalendarUnit;
import java.time.ZoneId;
import java.util.List;

/** Functions of dates and timestamps; instants are read in the zone of the context. */
final class TimeFunctions {
  private static final long MICROS_PER_MILLI = CalendarUnit.MILLISECOND.micros();

  private TimeFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        StandardFunction.typed(
            "extract('unit', time) → long",
            "A part of a date or timestamp; also extract(hour from ts). Units: year, quarter,"
                + " month, week (ISO), day, dow (Sunday is 1), isodow (Monday is 1), doy, hour,"
                + " minute, second, millisecond and microsecond (seconds included), epoch"
                + " (seconds).",
            2,
            2,
            List.of(STRING, TIMESTAMP),
            TimeFunctions::extract),
        StandardFunction.typed(
            "date_trunc('unit', time) → time",
            "The start of the microsecond, millisecond, second, minute, hour, day, week (from"
                + " Monday), month, quarter or year.",
            2,
            2,
            List.of(STRING, TIMESTAMP),
            TimeFunctions::truncate),
        StandardFunction.fixed(
            "epoch_millis(time) → long",
            "Milliseconds since 1970-01-01T00:00:00Z.",
            LONG,
            List.of(TIMESTAMP_TZ),
            1,
            TimeFunctions::epochMillis),
        StandardFunction.fixed(
            "from_epoch_millis(number) → timestamp_tz",
            "The instant of milliseconds since 1970-01-01T00:00:00Z.",
            TIMESTAMP_TZ,
            List.of(LONG),
            1,
            TimeFunctions::fromEpochMillis),
        StandardFunction.fixed(
            "event_time() → timestamp_tz",
            "The event's time; null if it has none.",
            TIMESTAMP_TZ,
            List.of(),
            0,
            TimeFunctions::eventTime));
  }

  /** The type of an argument that must be a date or timestamp; null is a TIMESTAMP. */
  static DataType temporal(ScalarFunction function, Operand argument) {
    if (Coercion.isUntypedNull(argument) || argument.type().kind() == Kind.NESTED) {
      return TIMESTAMP;
    }
    if (!Coercion.isTemporal(argument.type())) {
      throw Arguments.mismatch(
          function, "needs a date or timestamp, and this is " + Coercion.describe(argument));
    }
    return argument.type();
  }

  private static ScalarFunction.Binding extract(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    String name = Arguments.constantText(function, arguments, 0, "the unit");
    CalendarPart part = CalendarPart.find(name);
    if (part == null) {
      throw Arguments.mismatch(function, "has no unit '" + name + "'");
    }
    DataType type = temporal(function, arguments.get(1));
    ZoneId zone = context.zone();
    return new ScalarFunction.Binding(
        LONG,
        List.of(STRING, type),
        (rows, operands) -> {
          LongColumn times = (LongColumn) operands.get(1).evaluate(rows);
          boolean instant = part == CalendarPart.EPOCH && type.kind() == Kind.TIMESTAMP_TZ;
          return new RowLoops(rows, StandardFunction.failure(rows, "extract"), times)
              .longs(
                  LONG,
                  row -> {
                    long value = times.value(row);
                    return part.of(
                        instant ? value : TemporalConversions.wallClock(type, value, zone));
                  });
        });
  }

  private static ScalarFunction.Binding truncate(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    String name = Arguments.constantText(function, arguments, 0, "the unit");
    CalendarUnit unit = CalendarUnit.find(name);
    if (unit == null) {
      throw Arguments.mismatch(function, "has no unit '" + name + "'");
    }
    DataType given = temporal(function, arguments.get(1));
    boolean ofDay = unit.months() == 0 && unit.micros() < CalendarUnit.DAY.micros();
    DataType type = given.equals(DATE) && ofDay ? TIMESTAMP : given;
    ZoneId zone = context.zone();
    return new ScalarFunction.Binding(
        type,
        List.of(STRING, type),
        (rows, operands) -> {
          LongColumn times = (LongColumn) operands.get(1).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, "date_trunc"), times)
              .longs(type, row -> truncate(type, unit, ofDay, times.value(row), zone));
        });
  }

  /** Units shorter than a day are cut off the instant itself: the clocks may show it twice. */
  static long truncate(DataType type, CalendarUnit unit, boolean ofDay, long value, ZoneId zone) {
    long clock = TemporalConversions.wallClock(type, value, zone);
    if (ofDay) {
      return value - Math.floorMod(clock, unit.micros());
    }
    return TemporalConversions.fromWallClock(type, CalendarPart.startOf(unit, clock), zone);
  }

  private static Column epochMillis(Rows rows, List<Operand> arguments) {
    LongColumn times = (LongColumn) arguments.get(0).evaluate(rows);
    return new RowLoops(rows, StandardFunction.failure(rows, "epoch_millis"), times)
        .longs(LONG, row -> Math.floorDiv(times.value(row), MICROS_PER_MILLI));
  }

  private static Column fromEpochMillis(Rows rows, List<Operand> arguments) {
    LongColumn millis = (LongColumn) arguments.get(0).evaluate(rows);
    return new RowLoops(rows, StandardFunction.failure(rows, "from_epoch_millis"), millis)
        .longs(TIMESTAMP_TZ, row -> Math.multiplyExact(millis.value(row), MICROS_PER_MILLI));
  }

  private static Column eventTime(Rows rows, List<Operand> arguments) {
    long[] times = rows.batch().timestamps();
    long[] out = new long[rows.rowCount()];
    NullsBuilder nulls = new NullsBuilder(null, rows.rowCount());
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.row(i);
      if (times[row] == EventBatch.NO_TIMESTAMP) {
        nulls.set(row);
      }
      out[row] = times[row];
    }
    LongColumn millis = new LongColumn(LONG, out.length, out, nulls.bits());
    return new RowLoops(rows, StandardFunction.failure(rows, "event_time"), millis)
        .longs(TIMESTAMP_TZ, row -> Math.multiplyExact(millis.value(row), MICROS_PER_MILLI));
  }
}
