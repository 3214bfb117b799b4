package io.fluxcore.boot.conformance;

/**
 * How a case ended.
 *
 * @param reason why it is not supported, or what differs; empty when it passed
 */
record Outcome(Status status, String reason) {
  static final Outcome PASSED = new Outcome(Status.PASSED, "");

  enum Status {
    PASSED,
    FAILED,
    UNSUPPORTED
  }

  static Outcome failed(String reason) {
    return new Outcome(Status.FAILED, reason);
  }

  static Outcome unsupported(String reason) {
    return new Outcome(Status.UNSUPPORTED, reason);
  }
}
