package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Positions of sources that others push into, as texts. */
final class BacklogPosition {
  private static final String EVENT = "event ";
  private static final String READ = "read";

  private BacklogPosition() {}

  /** The next record of a spool. */
  static SplitPosition ofOffset(long offset) {
    return new SplitPosition(EVENT + offset);
  }

  /**
   * The next record of a spool.
   *
   * @param name for messages to people
   * @param option that a wrong one is told by
   * @throws FluxCoreException if it is another position
   */
  static long offset(SplitPosition position, String name, String option) {
    try {
      if (position.text().startsWith(EVENT)) {
        return Long.parseLong(position.text().substring(EVENT.length()));
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw noPosition(position, name, option);
  }

  /** Behind messages that may come again. */
  static SplitPosition ofRead(Collection<String> ids) {
    StringBuilder text = new StringBuilder(READ);
    for (String id : ids) {
      text.append(' ').append(URLEncoder.encode(id, StandardCharsets.UTF_8));
    }
    return new SplitPosition(text.toString());
  }

  /**
   * The messages that may come again.
   *
   * @throws FluxCoreException if it is another position
   */
  static List<String> read(SplitPosition position, String name) {
    String[] words = position.text().split(" ", -1);
    if (!words[0].equals(READ)) {
      throw noPosition(position, name + " with acknowledge: checkpoint", "acknowledge");
    }
    return Arrays.stream(words)
        .skip(1)
        .map(id -> URLDecoder.decode(id, StandardCharsets.UTF_8))
        .toList();
  }

  private static FluxCoreException noPosition(SplitPosition position, String name, String option) {
    String text = position.text();
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            "FLX-BACKLOG-0005",
            Place.of(option),
            "'"
                + (text.length() > 60 ? text.substring(0, 60) + "…" : text)
                + "' is no position of "
                + name,
            "start from a checkpoint that was made with this setting"));
  }
}
