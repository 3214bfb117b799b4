package io.fluxcore.domain.expression.syntax;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Dates and timestamps as SQL writes them and ISO 8601 does: {@code 2024-12-31}, {@code 2024-12-31
 * 23:59:59.123456} with a space or a {@code T}, and a zone offset for instants. Digits below a
 * microsecond are cut. Errors are {@link java.time.DateTimeException}s.
 */
public final class TemporalText {
  private static final DateTimeFormatter READ =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("[ ]['T']HH:mm[:ss]")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalStart()
          .appendPattern("[ ]")
          .appendPattern("[XXX][X]")
          .optionalEnd()
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private static final DateTimeFormatter WRITE =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern(" HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);

  private TemporalText() {}

  public static LocalDate date(String text) {
    return DateTimeFormatter.ISO_LOCAL_DATE.parse(text.strip(), LocalDate::from);
  }

  /** An {@link Instant} where the text has an offset, otherwise a {@link LocalDateTime}. */
  static Object timestamp(String text) {
    TemporalAccessor parsed = READ.parse(text.strip());
    return parsed.isSupported(ChronoField.OFFSET_SECONDS)
        ? OffsetDateTime.of(local(parsed), ZoneOffset.from(parsed)).toInstant()
        : local(parsed);
  }

  /** The wall clock of a text without offset. */
  public static LocalDateTime local(String text) {
    TemporalAccessor parsed = READ.parse(text.strip());
    if (parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
      throw new java.time.DateTimeException("the text has a zone offset");
    }
    return local(parsed);
  }

  /** The instant of a text; one without offset is in this zone. */
  public static Instant instant(String text, ZoneId zone) {
    return timestamp(text) instanceof Instant instant
        ? instant
        : local(text).atZone(zone).toInstant();
  }

  private static LocalDateTime local(TemporalAccessor parsed) {
    LocalTime time =
        parsed.isSupported(ChronoField.HOUR_OF_DAY) ? LocalTime.from(parsed) : LocalTime.MIDNIGHT;
    return LocalDate.from(parsed).atTime(time).truncatedTo(ChronoUnit.MICROS);
  }

  /** {@code 2024-12-31 23:59:59}, with a fraction only where there is one. */
  public static String write(LocalDateTime value) {
    return WRITE.format(value);
  }

  /** {@code 2024-12-31T23:59:59Z}. */
  public static String write(Instant value) {
    return value.toString();
  }
}
