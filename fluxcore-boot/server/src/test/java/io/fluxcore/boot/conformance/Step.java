package io.fluxcore.boot.conformance;

import io.fluxcore.domain.event.RowKind;
import java.util.Map;

/** What a script has the host do next. */
sealed interface Step {
  /**
   * A row arrives.
   *
   * @param source the name of the source that it comes from; empty: of all
   * @param timestamp of a source that is not told how to find it
   * @param values by field; an absent one is null
   */
  record Row(String source, RowKind kind, long timestamp, Map<String, Object> values)
      implements Step {
    Row(String source, long timestamp, Map<String, Object> values) {
      this(source, RowKind.INSERT, timestamp, values);
    }

    Row(long timestamp, Map<String, Object> values) {
      this("", timestamp, values);
    }
  }

  /**
   * A watermark.
   *
   * @param source the name of the source that has come so far; empty: all
   */
  record Watermark(String source, long watermark) implements Step {
    Watermark(long watermark) {
      this("", watermark);
    }
  }

  record ProcessingTime(long nowMillis) implements Step {}

  /** State is saved, everything is closed, made anew and restored. */
  record SnapshotRestore() implements Step {}

  record EndOfInput() implements Step {}
}
