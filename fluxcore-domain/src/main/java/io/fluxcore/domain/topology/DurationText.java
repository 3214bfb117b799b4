package io.fluxcore.domain.topology;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Durations as job files write them: {@code 500ms}, {@code 90s}, {@code 5m}, {@code 1h}. */
final class DurationText {
  private DurationText() {}

  static String of(@Nullable Duration duration) {
    if (duration == null) {
      return "?";
    }
    if (duration.isZero()) {
      return "0s";
    }
    if (!duration.equals(Duration.ofMillis(duration.toMillis()))) {
      return duration.toString();
    }
    if (duration.toMillis() % 1_000 != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
