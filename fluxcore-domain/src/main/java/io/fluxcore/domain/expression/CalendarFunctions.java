package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.DATE;
import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.STRING;
import static io.fluxcore.domain.event.DataType.TIMESTAMP;
import static io.fluxcore.domain.event.DataType.TIMESTAMP_TZ;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.expression.syntax.CalendarUnit;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reckoning with dates and timestamps, named zones, and times as text. */
final class CalendarFunctions {
  private static final long MICROS_PER_SECOND = CalendarUnit.SECOND.micros();
  private static final String DATE_AND_TIME = "yyyy-MM-dd HH:mm:ss";

  private CalendarFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        parsing(
            "to_date(text [, 'pattern']) → date",
            "The date of a text such as 2024-12-31, or of a pattern.",
            DATE,
            false),
        parsing(
            "try_to_date(text [, 'pattern']) → date",
            "The same; null where the text is none.",
            DATE,
            true),
        parsing(
            "try_to_timestamp(text [, 'pattern']) → timestamp",
            "As to_timestamp, of a pattern without a zone; null where the text is none.",
            TIMESTAMP,
            true),
        StandardFunction.typed(
            "unix_timestamp(text [, 'pattern']) → long",
            "Seconds from 1970-01-01T00:00:00Z to a date and time in the zone of expressions, or of"
                + " the pattern.",
            1,
            2,
            List.of(STRING),
            CalendarFunctions::unixTimestamp),
        StandardFunction.typed(
            "time_difference('unit', from, to) → long",
            "The whole units from one date or timestamp to another.",
            3,
            3,
            List.of(STRING, TIMESTAMP, TIMESTAMP),
            CalendarFunctions::difference),
        StandardFunction.typed(
            "time_add('unit', count, time) → time",
            "So many units later. The last day of a month takes the place of one that is not"
                + " there.",
            3,
            3,
            List.of(STRING, LONG, TIMESTAMP),
            CalendarFunctions::add),
        StandardFunction.typed(
            "date_ceil('unit', time) → time",
            "The time if it is the start of a unit, else the start of the next one.",
            2,
            2,
            List.of(STRING, TIMESTAMP),
            CalendarFunctions::ceil),
        StandardFunction.ofValues(
            "wall_clock(instant, zone) → timestamp",
            "What the clocks of a zone such as 'Europe/Berlin' or '+02:00' show at an instant.",
            TIMESTAMP,
            List.of(TIMESTAMP_TZ, STRING),
            2,
            values -> LocalDateTime.ofInstant((Instant) values[0], zone((String) values[1]))),
        StandardFunction.ofValues(
            "instant(timestamp, zone) → timestamp_tz",
            "When the clocks of a zone show this: of a time that comes twice the first, and one"
                + " that is skipped is moved on by the gap.",
            TIMESTAMP_TZ,
            List.of(TIMESTAMP, STRING),
            2,
            values -> ((LocalDateTime) values[0]).atZone(zone((String) values[1])).toInstant()),
        StandardFunction.ofValues(
            "convert_tz(text, from, to) → string",
            "A date and time such as 2024-12-31 23:59:59 of one zone in another; null where the"
                + " text is none.",
            STRING,
            List.of(STRING, STRING, STRING),
            3,
            values -> converted((String) values[0], (String) values[1], (String) values[2])));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + name + "' is no time zone", e);
    }
  }

  @FunctionalInterface
  private interface TextParser {
    long parse(String text);
  }

  private static ScalarFunction parsing(
      String signature, String description, DataType type, boolean isLenient) {
    return StandardFunction.typed(
        signature,
        description,
        1,
        2,
        List.of(STRING),
        (function, arguments, context) -> {
          TextParser parser = parser(function, arguments, context, type);
          return new ScalarFunction.Binding(
              type,
              arguments.size() == 1 ? List.of(STRING) : List.of(STRING, STRING),
              StandardFunction.body(
                  function.name(),
                  type,
                  values -> parsed(parser, type, (String) values[0], isLenient)));
        });
  }

  private static @Nullable Object parsed(
      TextParser parser, DataType type, String text, boolean isLenient) {
    try {
      return Values.ofLong(type, parser.parse(text));
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      if (isLenient) {
        return null;
      }
      throw e;
    }
  }

  private static TextParser parser(
      ScalarFunction function,
      List<? extends Operand> arguments,
      ExpressionContext context,
      DataType type) {
    if (arguments.size() == 1) {
      return text -> TemporalConversions.parse(type, text, context.zone());
    }
    String pattern = Arguments.constantText(function, arguments, 1, "the pattern");
    DateTimeFormatter formatter = TimeTextFunctions.formatter(function, pattern);
    return type.equals(DATE)
        ? text -> LocalDate.from(formatter.parse(text.strip())).toEpochDay()
        : text -> TimeTextFunctions.wallClock(formatter.parse(text.strip()));
  }

  private static ScalarFunction.Binding unixTimestamp(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    boolean hasPattern = arguments.size() > 1;
    String pattern =
        hasPattern ? Arguments.constantText(function, arguments, 1, "the pattern") : DATE_AND_TIME;
    DateTimeFormatter formatter = TimeTextFunctions.formatter(function, pattern);
    boolean hasZone = TimeTextFunctions.hasZone(pattern);
    return new ScalarFunction.Binding(
        LONG,
        hasPattern ? List.of(STRING, STRING) : List.of(STRING),
        StandardFunction.body(
            "unix_timestamp",
            LONG,
            values -> {
              String text = ((String) values[0]).strip();
              if (hasZone) {
                return formatter.parse(text, Instant::from).getEpochSecond();
              }
              long micros = TimeTextFunctions.wallClock(formatter.parse(text));
              return Math.floorDiv(
                  TemporalConversions.fromWallClock(TIMESTAMP_TZ, micros, context.zone()),
                  MICROS_PER_SECOND);
            }));
  }

  private static CalendarUnit unit(ScalarFunction function, List<? extends Operand> arguments) {
    String name = Arguments.constantText(function, arguments, 0, "the unit");
    CalendarUnit unit = CalendarUnit.find(name);
    if (unit == null) {
      throw Arguments.mismatch(function, "has no unit '" + name + "'");
    }
    return unit;
  }

  /** Instants are compared as such where a unit has a length, else on the wall clock. */
  private static ScalarFunction.Binding difference(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    CalendarUnit unit = unit(function, arguments);
    DataType from = TimeFunctions.temporal(function, arguments.get(1));
    DataType to = TimeFunctions.temporal(function, arguments.get(2));
    boolean areInstants = from.kind() == Kind.TIMESTAMP_TZ || to.kind() == Kind.TIMESTAMP_TZ;
    DataType type = areInstants ? TIMESTAMP_TZ : TIMESTAMP;
    ZoneId zone = context.zone();
    return new ScalarFunction.Binding(
        LONG,
        List.of(STRING, type, type),
        (rows, operands) -> {
          LongColumn starts = (LongColumn) operands.get(1).evaluate(rows);
          LongColumn ends = (LongColumn) operands.get(2).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, function.name()), starts, ends)
              .longs(LONG, row -> difference(unit, type, starts.value(row), ends.value(row), zone));
        });
  }

  private static long difference(
      CalendarUnit unit, DataType type, long from, long to, ZoneId zone) {
    if (unit.months() == 0) {
      return Math.subtractExact(to, from) / unit.micros();
    }
    LocalDateTime start = local(TemporalConversions.wallClock(type, from, zone));
    LocalDateTime end = local(TemporalConversions.wallClock(type, to, zone));
    return ChronoUnit.MONTHS.between(start, end) / unit.months();
  }

  private static LocalDateTime local(long micros) {
    return (LocalDateTime) Values.ofLong(TIMESTAMP, micros);
  }

  private static ScalarFunction.Binding add(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    CalendarUnit unit = unit(function, arguments);
    DataType given = TimeFunctions.temporal(function, arguments.get(2));
    DataType type = given.equals(DATE) && isOfDay(unit) ? TIMESTAMP : given;
    ZoneId zone = context.zone();
    return new ScalarFunction.Binding(
        type,
        List.of(STRING, LONG, type),
        (rows, operands) -> {
          LongColumn counts = (LongColumn) operands.get(1).evaluate(rows);
          LongColumn times = (LongColumn) operands.get(2).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, function.name()), counts, times)
              .longs(type, row -> later(unit, type, counts.value(row), times.value(row), zone));
        });
  }

  /** Whether a date has no such unit. */
  private static boolean isOfDay(CalendarUnit unit) {
    return unit.months() == 0 && unit.micros() < CalendarUnit.DAY.micros();
  }

  private static long later(CalendarUnit unit, DataType type, long count, long time, ZoneId zone) {
    if (unit.months() == 0) {
      long micros = Math.multiplyExact(count, unit.micros());
      return Math.addExact(time, type.equals(DATE) ? micros / CalendarUnit.DAY.micros() : micros);
    }
    LocalDateTime local = local(TemporalConversions.wallClock(type, time, zone));
    LocalDateTime later = local.plusMonths(Math.multiplyExact(count, unit.months()));
    return TemporalConversions.fromWallClock(type, Values.toLong(TIMESTAMP, later), zone);
  }

  private static ScalarFunction.Binding ceil(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    CalendarUnit unit = unit(function, arguments);
    DataType given = TimeFunctions.temporal(function, arguments.get(1));
    DataType type = given.equals(DATE) && isOfDay(unit) ? TIMESTAMP : given;
    ZoneId zone = context.zone();
    return new ScalarFunction.Binding(
        type,
        List.of(STRING, type),
        (rows, operands) -> {
          LongColumn times = (LongColumn) operands.get(1).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, function.name()), times)
              .longs(
                  type,
                  row -> {
                    long time = times.value(row);
                    long start = TimeFunctions.truncate(type, unit, isOfDay(unit), time, zone);
                    return start == time ? time : later(unit, type, 1, start, zone);
                  });
        });
  }

  private static @Nullable String converted(String text, String from, String to) {
    try {
      LocalDateTime local =
          LocalDateTime.parse(
              text.strip(), DateTimeFormatter.ofPattern(DATE_AND_TIME, Locale.ROOT));
      return local
          .atZone(zone(from))
          .withZoneSameInstant(zone(to))
          .format(DateTimeFormatter.ofPattern(DATE_AND_TIME, Locale.ROOT));
    } catch (DateTimeException e) {
      return null;
    }
  }
}
