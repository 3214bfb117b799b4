package io.fluxcore.application.connector;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the splits of a source can be read from, beside where it is configured to start: what a
 * replay asks. Thread-safe; touches nothing outside unless it says so.
 */
public interface SplitSeeking {
  /** What reading can be begun by. */
  enum SeekBy {
    /** A position that somebody names, such as an offset. */
    POSITION,
    /**
     * A time: there is a position before which nothing of that time or later lies. A source that
     * cannot is read from its start, and what is earlier is left out.
     */
    TIMESTAMP
  }

  /** What this source can be sought by, as it is configured; its start is always possible. */
  Set<SeekBy> by();

  /**
   * The start of all that there still is of a split, whatever the source is configured to start
   * with; null where that is the configured start.
   */
  @Nullable SplitPosition earliest(Source.Split split);

  /**
   * The position that a text names.
   *
   * @param text as {@link Poll.Rows#end} has it, or in other words that the connector documents
   * @throws IllegalArgumentException if it names none; the message says what does
   */
  SplitPosition position(Source.Split split, String text);

  /**
   * A position before which no event lies whose time, as the source stamps it, is this or later;
   * null for the start. Asked only where {@link #by} has {@link SeekBy#TIMESTAMP}. May touch the
   * outside.
   */
  default @Nullable SplitPosition at(Source.Split split, Instant time) {
    return earliest(split);
  }
}
