package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.SnapshotWriter;
import io.fluxcore.domain.state.FrozenOperator;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The writing of one snapshot by several threads, which may be given up at any time: threads that
 * write are interrupted then, and when the last one has let go, what was written is removed.
 * Thread-safe.
 */
final class SnapshotWriting {
  private final SnapshotWriter writer;
  private final Executor threads;

  /** Those that write now. Guarded by this. */
  private final Set<Thread> writing = new HashSet<>();

  private boolean over;

  /** What may fail for an outside reason. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** Is told how a step ended, on the thread that ran it. */
  interface Outcome {
    void done();

    void failed(Throwable reason);
  }

  SnapshotWriting(SnapshotWriter writer, Executor threads) {
    this.writer = writer;
    this.threads = threads;
  }

  SnapshotWriter writer() {
    return writer;
  }

  /** Has a part written, and closed in any case. */
  void write(List<FrozenOperator> part, Outcome outcome) {
    threads.execute(
        () -> {
          if (begin()) {
            run(() -> writer.write(part), outcome);
          } else {
            part.forEach(FrozenOperator::close);
          }
        });
  }

  /** Has something done after all parts were written. */
  void after(Step step, Outcome outcome) {
    threads.execute(
        () -> {
          if (begin()) {
            run(step, outcome);
          } else {
            outcome.failed(new IOException("given up"));
          }
        });
  }

  private void run(Step step, Outcome outcome) {
    Throwable failure = null;
    try {
      step.run();
    } catch (Throwable e) {
      failure = e;
    } finally {
      end();
    }
    if (failure == null) {
      outcome.done();
    } else {
      outcome.failed(failure);
    }
  }

  private synchronized boolean begin() {
    return !over && writing.add(Thread.currentThread());
  }

  private synchronized void end() {
    writing.remove(Thread.currentThread());
    Thread.interrupted(); // was meant for the step
    if (over && writing.isEmpty()) {
      writer.close();
    }
  }

  /** Interrupts whoever writes, without giving up. */
  synchronized void interrupt() {
    writing.forEach(Thread::interrupt);
  }

  /** Ends the writing: where it was not complete, it is given up. */
  synchronized void close() {
    if (!over) {
      over = true;
      if (writing.isEmpty()) {
        threads.execute(writer::close);
      } else {
        writing.forEach(Thread::interrupt);
      }
    }
  }
}
