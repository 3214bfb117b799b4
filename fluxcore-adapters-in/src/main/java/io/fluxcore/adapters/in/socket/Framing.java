package io.fluxcore.adapters.in.socket;

/** How records follow each other on a connection. */
enum Framing {
  LINES("lines"),
  LENGTH("length");

  private final String word;

  Framing(String word) {
    this.word = word;
  }

  /** As options write it. */
  String word() {
    return word;
  }

  static Framing of(String word) {
    return word.equals(LENGTH.word) ? LENGTH : LINES;
  }

  /** For the bytes of one connection. */
  Framer framer(int maxRecordBytes, Framer.Receiver receiver) {
    return this == LINES
        ? new LineFramer(maxRecordBytes, receiver)
        : new LengthFramer(maxRecordBytes, receiver);
  }
}
