package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.DataType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Times of day, which are texts: {@code HH:mm:ss}, and behind a point the digits of the second up
 * to the last that is not zero. So each time has one text, and texts are in the order of their
 * times.
 */
final class TimeOfDayFunctions {
  private static final int MICROS = 6;
  private static final int NANOS = 9;

  private static final DateTimeFormatter READ =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.HOUR_OF_DAY, 1, 2, SignStyle.NOT_NEGATIVE)
          .appendLiteral(':')
          .appendValue(ChronoField.MINUTE_OF_HOUR, 1, 2, SignStyle.NOT_NEGATIVE)
          .optionalStart()
          .appendLiteral(':')
          .appendValue(ChronoField.SECOND_OF_MINUTE, 1, 2, SignStyle.NOT_NEGATIVE)
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, NANOS, true)
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  /** By how many digits of the second there may be; others are cut off. */
  private static final List<DateTimeFormatter> WRITTEN =
      IntStream.rangeClosed(0, MICROS).mapToObj(TimeOfDayFunctions::writer).toList();

  private TimeOfDayFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        function(
            "time_of_day(time [, digits]) → string",
            "The time of day of a timestamp, or of a text such as 9:05:30.25, as a text that is in"
                + " the order of times: 09:05:30.25; with so many digits of the second (6), the"
                + " others cut off.",
            false),
        function(
            "try_time_of_day(time [, digits]) → string",
            "The same; null where the text is none.",
            true));
  }

  private static ScalarFunction function(String signature, String description, boolean tries) {
    return StandardFunction.typed(
        signature,
        description,
        1,
        2,
        List.of(STRING, LONG),
        (function, arguments, context) -> bind(function, arguments, context, tries));
  }

  private static ScalarFunction.Binding bind(
      ScalarFunction function,
      List<? extends Operand> arguments,
      ExpressionContext context,
      boolean tries) {
    boolean isText =
        arguments.get(0).type().equals(STRING) || Coercion.isUntypedNull(arguments.get(0));
    DataType type = isText ? STRING : TimeFunctions.temporal(function, arguments.get(0));
    DataType read = type.equals(DataType.DATE) ? DataType.TIMESTAMP : type;
    ZoneId zone = context.zone();
    return new ScalarFunction.Binding(
        STRING,
        arguments.size() == 1 ? List.of(read) : List.of(read, LONG),
        StandardFunction.body(
            function.name(),
            STRING,
            values -> {
              int digits = values.length == 1 ? MICROS : digits((Long) values[1]);
              LocalTime time = time(values[0], zone, tries);
              return time == null ? null : WRITTEN.get(digits).format(time);
            }));
  }

  private static int digits(long digits) {
    if (digits < 0 || digits > MICROS) {
      throw new IllegalArgumentException(
          "a second has 0.." + MICROS + " digits, and this is " + digits);
    }
    return (int) digits;
  }

  /** Null where a text is no time, and is only tried. */
  private static @Nullable LocalTime time(Object value, ZoneId zone, boolean tries) {
    if (value instanceof LocalDateTime time) {
      return time.toLocalTime();
    }
    if (value instanceof Instant instant) {
      return LocalTime.ofInstant(instant, zone);
    }
    try {
      return LocalTime.parse(((String) value).strip(), READ);
    } catch (DateTimeException e) {
      if (tries) {
        return null;
      }
      throw new IllegalArgumentException(
          "'" + value + "' is no time of day such as 12:30:00 or 12:30:00.5", e);
    }
  }

  private static DateTimeFormatter writer(int digits) {
    DateTimeFormatterBuilder seconds = new DateTimeFormatterBuilder().appendPattern("HH:mm:ss");
    return digits == 0
        ? seconds.toFormatter()
        : seconds.appendFraction(ChronoField.NANO_OF_SECOND, 0, digits, true).toFormatter();
  }
}
