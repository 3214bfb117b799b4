package io.fluxcore.adapters.out.http;

import org.jspecify.annotations.Nullable;

/** Nobody answered in the time that there was for it, or only that it is not possible now. */
public final class NoAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  NoAnswerException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }

  /** For a person. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
