package io.fluxcore.domain.operator;

import java.time.Duration;

/** A call of {@link AsyncCalls} that did not end in its time. */
public final class CallTimeout extends Exception {
  private static final long serialVersionUID = 1L;

  public CallTimeout(Duration timeout) {
    super("no answer within " + timeout.toMillis() + " ms");
  }
}
