package io.fluxcore.boot.conformance;

/** A case asks for something that FluxCore, or the runner, does not have; the message says what. */
final class UnsupportedCaseException extends RuntimeException {
  UnsupportedCaseException(String reason) {
    super(reason);
  }
}
