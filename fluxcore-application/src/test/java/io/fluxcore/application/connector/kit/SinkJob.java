package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.TwoPhaseSink.Unknown;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A job that writes rows 0, 1, 2 … to a sink and makes checkpoints, as a host has it: a call that
 * fails for now is made again; after another failure from outside a new attempt goes on from the
 * last checkpoint, with the rows since then. Of one thread.
 */
final class SinkJob implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long PAUSE_MILLIS = 50;

  private final Sink sink;
  private final boolean commits;
  private final Rows rows;
  private final RecordFailures failures;
  private final SinkOwner owner = new SinkOwner(JobId.of(17, 4), "sink", new FencingToken(1));
  private @Nullable SinkWriter writer;
  private List<CommitHandle> registered = List.of();
  private boolean isRegistered;
  private long taken;
  private long registeredRows;
  private long checkpoints;
  private int attempts;

  /** Makes rows. */
  @FunctionalInterface
  interface Rows {
    EventBatch of(long from, long to);
  }

  /**
   * A job that has not begun.
   *
   * @param commits whether a sink of two phases is committed with checkpoints; otherwise rows count
   *     when they are flushed
   */
  SinkJob(Sink sink, boolean commits, Rows rows, RecordFailures failures) {
    this.sink = sink;
    this.commits = commits;
    this.rows = rows;
    this.failures = failures;
  }

  /** How many times it has got a writer. */
  int attempts() {
    return attempts;
  }

  private SinkWriter writer() {
    SinkWriter current = writer;
    if (current == null) {
      current = commits ? settled((TwoPhaseSink) sink) : sink.createWriter("sink", 0, 1);
      writer = current;
      attempts++;
    }
    return current;
  }

  private SinkWriter settled(TwoPhaseSink twoPhase) {
    twoPhase.settle(owner, registered, Unknown.TAKE_BACK, failures);
    registered = List.of();
    return twoPhase.createWriter(
        new WriterContext(owner, 0, 1, Visibility.AT_CHECKPOINTS, checkpoints));
  }

  /** Writes the rows up to one, without what the writer has by now, or fails as the sink does. */
  void write(long to) {
    SinkWriter current = writer();
    try {
      current.write(rows.of(taken, to), failures);
      taken = to;
    } catch (TransientSinkException e) {
      taken += e.taken();
      throw e;
    }
  }

  /** Has the rows so far belong to a checkpoint that is registered, or fails as the sink does. */
  void register() {
    SinkWriter current = writer();
    if (!isRegistered) {
      current.flush();
      registered = current.prepareCommit(++checkpoints);
      registeredRows = taken;
      isRegistered = true;
    }
  }

  /** Makes the rows so far count, or fails as the sink does. */
  void checkpoint() {
    register();
    if (commits) {
      ((TwoPhaseSink) sink).commit(owner, registered, failures);
    }
    isRegistered = false;
  }

  /** Has all rows up to one counted, in patience. */
  void deliver(long to) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (isRegistered) {
          checkpoint();
        }
        write(to);
        checkpoint();
        return;
      } catch (TransientSinkException e) {
        assertThat(System.nanoTime()).as(e.toString()).isLessThan(deadline);
      } catch (FluxCoreException e) {
        if (e.category() != ErrorCategory.EXTERNAL || System.nanoTime() > deadline) {
          throw e;
        }
        beginAnew();
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private void beginAnew() {
    close();
    writer = null;
    isRegistered = false;
    taken = registeredRows;
  }

  /** Ends the writer; a second call ends it again. */
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
