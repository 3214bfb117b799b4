package io.fluxcore.adapters.in.cli;

import java.util.Locale;

/** How results are written. */
enum OutputFormat {
  /** Rows as the sink says, the summary as a table among the messages. */
  TABLE,
  /** One document: rows and summary. */
  JSON,
  /** A line of JSON per row, and a last one with the summary. */
  NDJSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
