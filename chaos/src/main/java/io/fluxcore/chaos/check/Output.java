package io.fluxcore.chaos.check;

import java.util.List;
import java.util.Locale;

/** What a sink of the job writes. */
enum Output {
  TUMBLING("window_start", "window_end", "key", "events", "total", "largest"),
  SLIDING("window_start", "window_end", "key", "events", "total", "largest"),
  SESSIONS("window_start", "window_end", "key", "events", "total", "largest"),
  PROGRESS("key", "events", "total", "same"),
  SILENT("key", "since", "events");

  private final List<String> fields;

  Output(String... fields) {
    this.fields = List.of(fields);
  }

  /** Names of its columns that are compared: all. */
  List<String> fields() {
    return fields;
  }

  /** How its files begin, or its table is called. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
