package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.SplitPosition;

/** Messages that are acknowledged when they are in a spool. */
final class SpooledInflow<A> implements MessageInflow<A> {
  private final SpoolBacklog backlog;
  private final Intake<A> intake;

  SpooledInflow(SpoolBacklog backlog, Intake<A> intake) {
    this.backlog = backlog;
    this.intake = intake;
  }

  @Override
  public void offer(Message message, A acknowledgement) {
    intake.offer(message, acknowledgement);
  }

  @Override
  public void forget() {
    intake.forget();
  }

  @Override
  public Backlog backlog() {
    return backlog;
  }

  @Override
  public SplitPosition position() {
    return BacklogPosition.ofOffset(backlog.offset());
  }

  @Override
  public int takeDuplicates() {
    return intake.takeDuplicates();
  }

  @Override
  public void check() {
    intake.check();
  }

  @Override
  public void close() {
    intake.close();
    backlog.close();
  }
}
