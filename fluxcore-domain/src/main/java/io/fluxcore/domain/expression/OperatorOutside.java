package io.fluxcore.domain.expression;

import java.time.Instant;

/**
 * What the expressions of one operator ask: the clock and chance that all share, and the watermark
 * of the operator, which it tells. Not thread-safe.
 */
public final class OperatorOutside implements Outside {
  private final Outside shared;
  private long watermark = Long.MIN_VALUE;

  public OperatorOutside(Outside shared) {
    this.shared = shared;
  }

  /** The operator has got a watermark. */
  public void advance(long to) {
    watermark = to;
  }

  @Override
  public void require() {
    shared.require();
  }

  @Override
  public Instant now() {
    return shared.now();
  }

  @Override
  public long random() {
    return shared.random();
  }

  @Override
  public long watermark() {
    return watermark;
  }
}
