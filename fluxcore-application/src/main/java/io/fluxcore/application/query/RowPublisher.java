package io.fluxcore.application.query;

import io.fluxcore.domain.event.EventRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives the rows of a query to one subscriber, as many as it has asked for, from a thread that
 * lives as long as the subscription. Who asks for few slows the query down.
 */
final class RowPublisher implements Flow.Publisher<EventRecord> {
  private static final int ROWS_AT_ONCE = 512;
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  private final QueryRows rows;
  private final AtomicBoolean taken = new AtomicBoolean();

  RowPublisher(QueryRows rows) {
    this.rows = rows;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super EventRecord> subscriber) {
    if (!taken.compareAndSet(false, true)) {
      subscriber.onSubscribe(new Nothing());
      subscriber.onError(new IllegalStateException("the rows of a query have one subscriber"));
      return;
    }
    Delivery delivery = new Delivery(subscriber);
    subscriber.onSubscribe(delivery);
    Thread thread = new Thread(delivery, "query-rows");
    thread.setDaemon(true);
    thread.start();
  }

  /** Of one who comes too late. */
  private static final class Nothing implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }

  /** The subscription and its thread. */
  private final class Delivery implements Flow.Subscription, Runnable {
    private final Flow.Subscriber<? super EventRecord> subscriber;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long wanted;
    private boolean cancelled;
    private boolean badRequest;

    Delivery(Flow.Subscriber<? super EventRecord> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      lock.lock();
      try {
        if (count < 1) {
          badRequest = true;
        } else {
          wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        cancelled = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      rows.close();
    }

    @Override
    public void run() {
      try {
        deliver();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        subscriber.onError(e);
      } catch (RuntimeException e) {
        if (!isCancelled()) {
          subscriber.onError(e);
        }
      } finally {
        rows.close();
      }
    }

    private void deliver() throws InterruptedException {
      while (true) {
        int count = awaitDemand();
        if (count < 0) {
          return;
        }
        List<EventRecord> next = rows.poll(count, A_WHILE);
        for (EventRecord row : next) {
          if (isCancelled()) {
            return;
          }
          subscriber.onNext(row);
        }
        lock.lock();
        try {
          wanted = wanted == Long.MAX_VALUE ? wanted : wanted - next.size();
        } finally {
          lock.unlock();
        }
        if (next.isEmpty() && rows.isEnded()) {
          if (!isCancelled()) {
            subscriber.onComplete();
          }
          return;
        }
      }
    }

    /** How many rows may be given; -1 when the subscription is over. */
    private int awaitDemand() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (wanted == 0 && !cancelled && !badRequest) {
          boolean unused = changed.await(A_WHILE.toMillis(), TimeUnit.MILLISECONDS);
          if (rows.isEnded()) {
            return ended();
          }
        }
        if (badRequest && !cancelled) {
          cancelled = true;
          subscriber.onError(new IllegalArgumentException("a request is for at least one row"));
        }
        return cancelled ? -1 : (int) Math.min(wanted, ROWS_AT_ONCE);
      } finally {
        lock.unlock();
      }
    }

    /** The end is told without being asked for. */
    private int ended() {
      if (!cancelled) {
        cancelled = true;
        subscriber.onComplete();
      }
      return -1;
    }

    private boolean isCancelled() {
      lock.lock();
      try {
        return cancelled;
      } finally {
        lock.unlock();
      }
    }
  }
}
