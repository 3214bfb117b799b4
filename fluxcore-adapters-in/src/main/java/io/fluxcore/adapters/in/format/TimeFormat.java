package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How dates and timestamps are written, for one field: texts to the long of {@link DataType}.
 * Immutable and thread-safe.
 */
interface TimeFormat {
  /** The value that stands for a text that is none. */
  long NONE = Long.MIN_VALUE;

  /** Days or microseconds, or {@link #NONE}. */
  long parse(byte[] text, int from, int to);

  /** How it is called in messages. */
  String pattern();

  /**
   * The format of an option.
   *
   * @param pattern {@code iso}, {@code epoch-seconds}, {@code epoch-millis}, {@code epoch-micros},
   *     or a pattern of {@link DateTimeFormatter}
   * @param zone of times that name none where an instant is wanted
   * @throws IllegalArgumentException if the pattern is malformed
   */
  static TimeFormat of(DataType type, String pattern, ZoneId zone) {
    return switch (pattern.toLowerCase(Locale.ROOT)) {
      case "iso" -> new IsoTimeFormat(type, zone);
      case "epoch-seconds" -> new EpochFormat(type, 1_000_000L, pattern);
      case "epoch-millis" -> new EpochFormat(type, 1_000L, pattern);
      case "epoch-micros" -> new EpochFormat(type, 1L, pattern);
      default -> {
        DateTimeFormatter formatter = JdkTimeFormat.formatter(pattern);
        FixedTimeFormat fixed = FixedTimeFormat.compile(type, pattern, zone);
        yield fixed != null ? fixed : new JdkTimeFormat(type, pattern, formatter, zone);
      }
    };
  }

  /** Microseconds of a wall clock's time as the type has them. */
  static long local(DataType type, long localMicros, ZoneId zone) {
    if (type.kind() == DataType.Kind.TIMESTAMP_TZ && !zone.equals(ZoneOffset.UTC)) {
      long second = Math.floorDiv(localMicros, 1_000_000L);
      java.time.LocalDateTime local =
          java.time.LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
      return localMicros - zone.getRules().getOffset(local).getTotalSeconds() * 1_000_000L;
    }
    return type.kind() == DataType.Kind.DATE
        ? Math.floorDiv(localMicros, 86_400_000_000L)
        : localMicros;
  }
}
