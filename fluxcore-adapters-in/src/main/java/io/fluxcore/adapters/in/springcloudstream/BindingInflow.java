package io.fluxcore.adapters.in.springcloudstream;

import io.fluxcore.adapters.in.backlog.Backlog;
import io.fluxcore.adapters.in.backlog.Inflow;
import io.fluxcore.adapters.in.backlog.MessageInflow;
import io.fluxcore.application.connector.MessageBindings.Bound;
import io.fluxcore.application.connector.MessageBindings.Received;
import io.fluxcore.application.connector.SplitPosition;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Receives what a binding is given. Each thread of the binder waits until its messages are in the
 * spool, and longer while that is full, which holds the binder back.
 *
 * <p>A thread that still waits when this is closed, because the spool is full, goes on waiting
 * until it is interrupted: if it returned or failed, binders would take its messages for done,
 * after some attempts, and they would be lost.
 */
final class BindingInflow implements Inflow {
  /** A binding that is held back gives no more than its binder's threads have at hand. */
  private static final int UNACKNOWLEDGED = 1;

  private final MessageInflow<CountDownLatch> messages;
  private final ReceivedMessages received;
  private @Nullable Bound bound;

  private BindingInflow(BindingSource source, @Nullable SplitPosition position, Runnable arrived) {
    this.received = new ReceivedMessages(source.idHeader());
    this.messages =
        source
            .backlog()
            .open(
                "binding '" + source.binding() + "'",
                position,
                UNACKNOWLEDGED,
                arrived,
                (safe, confirmed) -> safe.forEach(CountDownLatch::countDown));
  }

  static BindingInflow open(
      BindingSource source, @Nullable SplitPosition position, Runnable arrived) {
    BindingInflow inflow = new BindingInflow(source, position, arrived);
    try {
      inflow.bound = source.bindings().bind(source.binding(), inflow::receive);
    } catch (RuntimeException e) {
      inflow.close();
      throw e;
    }
    return inflow;
  }

  private void receive(List<Received> some) throws InterruptedException {
    CountDownLatch unsafe = new CountDownLatch(some.size());
    synchronized (messages) {
      for (Received message : some) {
        messages.offer(received.message(message), unsafe);
      }
    }
    unsafe.await();
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
    messages.check();
  }

  @Override
  public void close() {
    Bound open = bound;
    bound = null;
    if (open != null) {
      open.close(); // first, so that messages at hand are in the spool still
    }
    messages.close();
  }
}
