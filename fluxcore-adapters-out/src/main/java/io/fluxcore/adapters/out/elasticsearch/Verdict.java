package io.fluxcore.adapters.out.elasticsearch;

/**
 * What a server says of one operation of a bulk request.
 *
 * @param kind what follows from it
 * @param reason in the server's words; empty where it is done
 */
record Verdict(Kind kind, String reason) {
  static final Verdict DONE = new Verdict(Kind.DONE, "");

  /** What follows from an answer. */
  enum Kind {
    /** The document is as the operation wants it. */
    DONE,
    /** The server has no room or time for it now. */
    LATER,
    /** The server will never take this row. */
    REFUSED,
    /** No row can be written there. */
    IMPOSSIBLE
  }
}
