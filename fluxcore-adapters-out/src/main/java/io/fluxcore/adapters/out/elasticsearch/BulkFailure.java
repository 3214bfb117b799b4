package io.fluxcore.adapters.out.elasticsearch;

import org.jspecify.annotations.Nullable;

/** A bulk request had no effect, or it is not known which. */
final class BulkFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What may be done about it. */
  enum Kind {
    /** It may be sent again. */
    LATER,
    /** A smaller one may be taken. */
    TOO_LARGE,
    /** Whoever asks may not. */
    FORBIDDEN,
    /** It would be answered in the same way again. */
    FATAL
  }

  BulkFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** Its message; it always has one. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
