package io.fluxcore.adapters.in.format;

/** Finds the fields of records. Not thread-safe. */
interface FieldSplitter {
  /**
   * Finds the fields of a record.
   *
   * @throws BadValue if the record is not of the format
   */
  void split(byte[] bytes, int from, int to, FieldSpans spans);
}
