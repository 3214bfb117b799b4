package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Values;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/** Any pattern, by the JDK: a microsecond or so a value. */
record JdkTimeFormat(DataType type, String pattern, DateTimeFormatter formatter, ZoneId zone)
    implements TimeFormat {
  /**
   * A formatter that takes no day that does not exist. The strict style wants an era with the year
   * of an era, which nobody writes, so {@code y} is taken for {@code u}.
   *
   * @throws IllegalArgumentException if the pattern is malformed
   */
  static DateTimeFormatter formatter(String pattern) {
    StringBuilder proleptic = new StringBuilder(pattern);
    boolean quoted = false;
    for (int i = 0; i < pattern.length() && pattern.indexOf('G') < 0; i++) {
      quoted ^= pattern.charAt(i) == '\'';
      if (!quoted && pattern.charAt(i) == 'y') {
        proleptic.setCharAt(i, 'u');
      }
    }
    return DateTimeFormatter.ofPattern(proleptic.toString(), Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  @Override
  public long parse(byte[] text, int from, int to) {
    try {
      TemporalAccessor parsed =
          formatter.parse(new String(text, from, to - from, StandardCharsets.UTF_8));
      if (type.kind() == DataType.Kind.TIMESTAMP_TZ
          && parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
        return Values.micros(Instant.from(parsed));
      }
      LocalDate date = LocalDate.from(parsed);
      if (type.kind() == DataType.Kind.DATE) {
        return date.toEpochDay();
      }
      LocalTime time = parsed.query(TemporalQueries.localTime());
      LocalDateTime local = time == null ? date.atStartOfDay() : date.atTime(time);
      return TimeFormat.local(type, Values.toLong(DataType.TIMESTAMP, local), zone);
    } catch (DateTimeException | ArithmeticException e) {
      return NONE;
    }
  }
}
