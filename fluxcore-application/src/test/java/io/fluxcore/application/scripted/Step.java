package io.fluxcore.application.scripted;

import io.fluxcore.domain.event.RowKind;
import java.util.List;
import java.util.Map;

/** What a script has the host do next. */
public sealed interface Step {
  /**
   * A row arrives.
   *
   * @param source the name of the source that it comes from; empty: of all
   * @param timestamp of a source that is not told how to find it
   * @param values by field; an absent one is null
   */
  record Row(String source, RowKind kind, long timestamp, Map<String, Object> values)
      implements Step {
    public Row(String source, long timestamp, Map<String, Object> values) {
      this(source, RowKind.INSERT, timestamp, values);
    }

    public Row(long timestamp, Map<String, Object> values) {
      this("", timestamp, values);
    }
  }

  /**
   * Rows of one source arrive at once.
   *
   * @param rows in order
   */
  record Batch(String source, List<Row> rows) implements Step {
    public Batch {
      rows = List.copyOf(rows);
    }
  }

  /**
   * A watermark.
   *
   * @param source the name of the source that has come so far; empty: all
   */
  record Watermark(String source, long watermark) implements Step {
    public Watermark(long watermark) {
      this("", watermark);
    }
  }

  record ProcessingTime(long nowMillis) implements Step {}

  /** State is saved, everything is closed, made anew and restored. */
  record SnapshotRestore() implements Step {}

  /** Sources begin anew: they do not know any more how far they were. */
  record NewSources() implements Step {}

  record EndOfInput() implements Step {}
}
