package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.SplitPosition;

/** Messages that are acknowledged with checkpoints. */
final class HeldInflow<A> implements MessageInflow<A> {
  private static final System.Logger LOG = System.getLogger(HeldInflow.class.getName());

  private final Unacknowledged<A> messages;
  private final int most;
  private final String name;
  private final Runnable arrived;
  private boolean told;

  HeldInflow(Unacknowledged<A> messages, int most, String name, Runnable arrived) {
    this.messages = messages;
    this.most = most;
    this.name = name;
    this.arrived = arrived;
  }

  @Override
  public void offer(Message message, A acknowledgement) {
    messages.offer(message, acknowledgement);
    arrived.run();
  }

  @Override
  public void forget() {
    messages.forget();
  }

  @Override
  public Backlog backlog() {
    return messages;
  }

  @Override
  public SplitPosition position() {
    return messages.position();
  }

  @Override
  public int takeDuplicates() {
    return messages.takeDuplicates();
  }

  /** Asked when there is nothing to read. */
  @Override
  public void check() {
    if (!told && messages.readOnes() >= most) {
      told = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: all {1} messages that may be unacknowledged are read, and more come after the next"
              + " checkpoint only; make more checkpoints, allow more messages, or use"
              + " acknowledge: spool",
          name,
          most);
    }
  }

  @Override
  public void close() {}
}
