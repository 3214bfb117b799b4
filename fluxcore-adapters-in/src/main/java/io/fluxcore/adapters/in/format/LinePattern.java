package io.fluxcore.adapters.in.format;

import java.util.List;

/** How the fields of a line are found. Immutable and thread-safe. */
interface LinePattern {
  /** The fields, in the order in which {@link #split} numbers them. */
  List<String> names();

  /**
   * Finds the fields of a line.
   *
   * @throws BadValue if the line does not match as a whole
   */
  void split(byte[] line, int from, int to, FieldSpans spans);

  static BadValue noMatch(String pattern, byte[] line, int from, int to) {
    return new BadValue(
        BadValue.NO_MATCH,
        "the line does not match " + pattern + ": " + BadValue.shorten(line, from, to));
  }
}
