package io.fluxcore.boot.conformance;

import java.util.Map;

/** What a script has the host do next. */
sealed interface Step {
  /**
   * A row arrives.
   *
   * @param values by field; an absent one is null
   */
  record Row(long timestamp, Map<String, Object> values) implements Step {}

  record Watermark(long watermark) implements Step {}

  record ProcessingTime(long nowMillis) implements Step {}

  /** State is saved, everything is closed, made anew and restored. */
  record SnapshotRestore() implements Step {}

  record EndOfInput() implements Step {}
}
