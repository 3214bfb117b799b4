package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.STRING;
import static io.fluxcore.domain.event.DataType.TIMESTAMP;
import static io.fluxcore.domain.event.DataType.TIMESTAMP_TZ;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.Values;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;

/** Timestamps as text of a pattern of {@link DateTimeFormatter}, with English names. */
final class TimeTextFunctions {
  private TimeTextFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        StandardFunction.typed(
            "to_timestamp(text [, 'pattern']) → timestamp or timestamp_tz",
            "The timestamp of a text such as 2024-12-31 23:59:59, or of a pattern such as"
                + " 'dd/MMM/yyyy:HH:mm:ss Z'; an instant if the pattern has a zone.",
            1,
            2,
            List.of(STRING),
            TimeTextFunctions::toTimestamp),
        StandardFunction.typed(
            "date_format(time, 'pattern') → string",
            "The text of a date or timestamp, which may be a text itself, in a pattern such as"
                + " 'yyyy-MM-dd'.",
            2,
            2,
            List.of(TIMESTAMP, STRING),
            TimeTextFunctions::format));
  }

  static DateTimeFormatter formatter(ScalarFunction function, String pattern) {
    try {
      return new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern(pattern)
          .toFormatter(Locale.ENGLISH);
    } catch (IllegalArgumentException e) {
      throw Arguments.mismatch(
          function, "cannot use the pattern '" + pattern + "': " + e.getMessage());
    }
  }

  /** Whether a pattern has a letter that stands for a zone or an offset. */
  static boolean hasZone(String pattern) {
    boolean quoted = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      quoted ^= c == '\'';
      if (!quoted && "VvzOXxZ".indexOf(c) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static ScalarFunction.Binding toTimestamp(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    ZoneId zone = context.zone();
    if (arguments.size() == 1) {
      return parsing(TIMESTAMP, 1, text -> TemporalConversions.parse(TIMESTAMP, text, zone));
    }
    String pattern = Arguments.constantText(function, arguments, 1, "the pattern");
    DateTimeFormatter formatter = formatter(function, pattern);
    return hasZone(pattern)
        ? parsing(
            TIMESTAMP_TZ, 2, text -> Values.micros(formatter.parse(text.strip(), Instant::from)))
        : parsing(TIMESTAMP, 2, text -> wallClock(formatter.parse(text.strip())));
  }

  @FunctionalInterface
  private interface TextParser {
    long parse(String text);
  }

  private static ScalarFunction.Binding parsing(DataType type, int count, TextParser parser) {
    return new ScalarFunction.Binding(
        type,
        count == 1 ? List.of(STRING) : List.of(STRING, STRING),
        (rows, operands) -> {
          StringColumn texts = (StringColumn) operands.get(0).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, "to_timestamp"), texts)
              .longs(type, row -> parser.parse(texts.value(row)));
        });
  }

  /** A pattern without a time of day means midnight. */
  static long wallClock(TemporalAccessor parsed) {
    LocalTime time = parsed.query(TemporalQueries.localTime());
    LocalDate date = LocalDate.from(parsed);
    return Values.toLong(TIMESTAMP, date.atTime(time == null ? LocalTime.MIDNIGHT : time));
  }

  private static ScalarFunction.Binding format(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    if (arguments.get(0).type().equals(STRING) && !Coercion.isUntypedNull(arguments.get(0))) {
      return formatText(function, arguments, context);
    }
    DataType given = TimeFunctions.temporal(function, arguments.get(0));
    DataType type = given.equals(DataType.DATE) ? TIMESTAMP : given;
    String pattern = Arguments.constantText(function, arguments, 1, "the pattern");
    DateTimeFormatter formatter = formatter(function, pattern);
    if (hasZone(pattern) && !type.equals(TIMESTAMP_TZ)) {
      throw Arguments.mismatch(
          function, "cannot write the zone of a " + given + ", which has none");
    }
    DateTimeFormatter zoned =
        type.equals(TIMESTAMP_TZ) ? formatter.withZone(context.zone()) : formatter;
    return new ScalarFunction.Binding(
        STRING,
        List.of(type, STRING),
        (rows, operands) -> {
          LongColumn times = (LongColumn) operands.get(0).evaluate(rows);
          return new RowLoops(rows, StandardFunction.failure(rows, "date_format"), times)
              .strings(row -> zoned.format(temporal(type, times.value(row))));
        });
  }

  /** Of a timestamp that is text. */
  private static ScalarFunction.Binding formatText(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    DateTimeFormatter formatter =
        formatter(function, Arguments.constantText(function, arguments, 1, "the pattern"));
    return new ScalarFunction.Binding(
        STRING,
        List.of(STRING, STRING),
        StandardFunction.body(
            function.name(),
            STRING,
            values ->
                formatter.format(
                    temporal(
                        TIMESTAMP,
                        TemporalConversions.parse(
                            TIMESTAMP, (String) values[0], context.zone())))));
  }

  private static TemporalAccessor temporal(DataType type, long value) {
    return (TemporalAccessor) Values.ofLong(type, value);
  }
}
