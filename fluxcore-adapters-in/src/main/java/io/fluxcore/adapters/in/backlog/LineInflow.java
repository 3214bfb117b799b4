package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.FluxCoreException;

/** What comes by a line, and waits to be read. */
public final class LineInflow implements Inflow {
  private final PushInflow messages;
  private final Line line;

  private LineInflow(PushInflow messages, Line line) {
    this.messages = messages;
    this.line = line;
  }

  /** Begins; that it cannot is told by {@link #check}. */
  public static LineInflow open(PushInflow messages, Line line) {
    try {
      line.start();
    } catch (FluxCoreException e) {
      messages.fail(e);
    }
    return new LineInflow(messages, line);
  }

  @Override
  public Backlog backlog() {
    return messages.backlog();
  }

  @Override
  public SplitPosition position() {
    return messages.position();
  }

  @Override
  public int takeDuplicates() {
    return messages.takeDuplicates();
  }

  @Override
  public void check() {
    line.check();
    messages.check();
  }

  @Override
  public void close() {
    line.close();
    messages.close();
  }
}
