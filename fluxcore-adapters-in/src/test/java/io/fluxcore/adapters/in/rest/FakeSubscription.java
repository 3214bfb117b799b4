package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** A reading of what a test hands in. */
final class FakeSubscription implements ResultSubscription {
  private final Deque<ResultRow> rows;
  private final int bufferRows;
  private final Consumer<FakeSubscription> onClose;
  private long missed;
  private boolean ended;

  FakeSubscription(List<ResultRow> rows, int bufferRows, Consumer<FakeSubscription> onClose) {
    this.rows = new ArrayDeque<>(rows);
    this.bufferRows = bufferRows;
    this.onClose = onClose;
  }

  synchronized void offer(ResultRow row) {
    if (rows.size() == bufferRows) {
      rows.remove();
      missed++;
    }
    rows.add(row);
    notifyAll();
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public String operatorId() {
    return "out";
  }

  @Override
  public Schema schema() {
    return FakeFluxCore.SCHEMA;
  }

  @Override
  public synchronized List<ResultRow> poll(int atMost, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (rows.isEmpty() && !ended) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      wait(Math.max(1, left / 1_000_000));
    }
    List<ResultRow> taken = new ArrayList<>();
    while (taken.size() < atMost && !rows.isEmpty()) {
      taken.add(rows.remove());
    }
    return taken;
  }

  @Override
  public synchronized long missed() {
    return missed;
  }

  @Override
  public synchronized boolean isEnded() {
    return ended && rows.isEmpty();
  }

  @Override
  public void close() {
    synchronized (this) {
      rows.clear();
      ended = true;
      notifyAll();
    }
    onClose.accept(this);
  }
}
