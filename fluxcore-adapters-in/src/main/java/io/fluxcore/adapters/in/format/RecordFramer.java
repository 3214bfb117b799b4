package io.fluxcore.adapters.in.format;

/** Finds where records end. Stateless. */
public interface RecordFramer {
  /** There is no end in these bytes. */
  int NONE = -1;

  /**
   * Where the record ends that begins at {@code from}: the index behind its line end, or {@link
   * #NONE}.
   *
   * @param to index behind the bytes that are there
   */
  int end(byte[] bytes, int from, int to);

  /**
   * Whether the record is to be skipped silently: an empty line.
   *
   * @param to index of its line end
   */
  default boolean isBlank(byte[] bytes, int from, int to) {
    return from == to;
  }

  /** Whether a record may hold line ends. */
  default boolean spansLines() {
    return false;
  }

  /** Lines within a part of the bytes. */
  static int countLines(byte[] bytes, int from, int to) {
    return LineEnds.count(bytes, from, to);
  }

  /** Records are lines. */
  RecordFramer LINES = LineEnds::next;
}
