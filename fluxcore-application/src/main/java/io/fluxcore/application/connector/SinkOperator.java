package io.fluxcore.application.connector;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last operator of a stage: hands rows to a {@link SinkWriter}. At a barrier the host calls
 * {@link #prepareCommit} before the snapshot, which then holds the handles; it commits them when
 * the checkpoint is complete, and again after a restore from it ({@link TwoPhaseSink}).
 *
 * <p>A writer may buffer; while the processing time goes on, rows stay in its buffer no longer than
 * {@value #FLUSH_INTERVAL_MILLIS} ms.
 */
public final class SinkOperator implements Operator {
  private static final String COMMIT_ENTRY = "commit";
  private static final long FLUSH_INTERVAL_MILLIS = 200;

  private final Sink sink;
  private final WriterContext.Visibility visibility;
  private final List<Prepared> prepared = new ArrayList<>();
  private @Nullable SinkOwner owner;
  private long afterCheckpoint;
  private volatile @Nullable SinkWriter writer;
  private RecordFailures failures = RecordFailures.FAIL;
  private boolean dirty;
  private long nextFlushMillis = Long.MIN_VALUE;

  /** A handle that is not known to be committed; the next checkpoint holds it too. */
  private record Prepared(long checkpointId, Sink.CommitHandle handle) {}

  /** An operator for a sink whose rows, if it has commits, become visible at checkpoints. */
  public SinkOperator(Sink sink) {
    this(sink, WriterContext.Visibility.AT_CHECKPOINTS);
  }

  /**
   * An operator for a sink.
   *
   * @param visibility by what rows become visible in a sink that has commits
   */
  public SinkOperator(Sink sink, WriterContext.Visibility visibility) {
    this.sink = sink;
    this.visibility = visibility;
  }

  public Sink sink() {
    return sink;
  }

  /**
   * Says whose rows a sink with commits writes. Called by the host before {@link #open}.
   *
   * @param checkpoint the id of the last checkpoint that the owner has begun; 0 if there is none
   */
  public void ownedBy(SinkOwner newOwner, long checkpoint) {
    owner = newOwner;
    afterCheckpoint = checkpoint;
  }

  @Override
  public boolean keepsBatches() {
    return sink.keepsBatches();
  }

  @Override
  public void open(OperatorContext context) {
    failures = context.failures();
    writer = createWriter(context);
  }

  private SinkWriter createWriter(OperatorContext context) {
    if (!(sink instanceof TwoPhaseSink twoPhase)) {
      return sink.createWriter(context.operatorId(), context.subtask(), context.parallelism());
    }
    SinkOwner known = owner;
    if (known == null) {
      throw new IllegalStateException("nobody owns sink " + context.operatorId());
    }
    return twoPhase.createWriter(
        new WriterContext(
            known, context.subtask(), context.parallelism(), visibility, afterCheckpoint));
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    writer().restored(snapshot);
  }

  private SinkWriter writer() {
    SinkWriter current = writer;
    if (current == null) {
      throw new IllegalStateException("not open");
    }
    return current;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    dirty = true;
    failures.retries().begin();
    EventBatch rest = batch;
    for (int attempt = 1; ; attempt++) {
      try {
        writer().write(rest, failures);
        return;
      } catch (TransientSinkException e) {
        rest = without(rest, e.taken());
        if (rest.isEmpty()) {
          return;
        }
        if (!failures.retries().again(attempt)) {
          giveUp(rest, e, attempt);
          return;
        }
      }
    }
  }

  /** The batch without its first rows. */
  private static EventBatch without(EventBatch batch, int taken) {
    if (taken == 0) {
      return batch;
    }
    int[] rows = new int[batch.size() - taken];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = batch.row(taken + i);
    }
    return batch.withSelection(rows, rows.length);
  }

  /** What the outside did not take in time is handled as rows that failed. */
  private void giveUp(EventBatch rest, TransientSinkException why, int attempts) {
    if (!failures.retries().isOn()) {
      throw why;
    }
    RecordException error =
        new RecordException(why.code(), why.diagnostics().get(0).message(), why);
    for (int i = 0; i < rest.size(); i++) {
      failures.failed(rest, rest.row(i), error, attempts);
    }
  }

  /** A call that has no rows of its own: those it speaks of were taken earlier. */
  private <T> T retried(Supplier<T> call) {
    failures.retries().begin();
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (TransientSinkException e) {
        if (!failures.retries().again(attempt)) {
          throw e;
        }
      }
    }
  }

  @Override
  public void processingTime(long nowMillis, Output out) {
    if (nowMillis >= nextFlushMillis) {
      nextFlushMillis = nowMillis + FLUSH_INTERVAL_MILLIS;
      flushWriter();
    }
  }

  private void flushWriter() {
    if (dirty) {
      retried(
          () -> {
            writer().flush();
            return true;
          });
      dirty = false;
    }
  }

  @Override
  public void endOfInput(Output out) {
    retried(
        () -> {
          writer().endOfInput();
          return true;
        });
    dirty = false;
  }

  /** Makes everything written so far part of a checkpoint. Called by the host at a barrier. */
  public void prepareCommit(long checkpointId) {
    for (Sink.CommitHandle handle : retried(() -> writer().prepareCommit(checkpointId))) {
      prepared.add(new Prepared(checkpointId, handle));
    }
    dirty = false;
  }

  /** A checkpoint is complete and its handles are committed. Called by the host. */
  public void checkpointCompleted(long checkpointId) {
    prepared.removeIf(p -> p.checkpointId() <= checkpointId);
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    writer().snapshot(snapshot);
    for (Prepared one : prepared) {
      snapshot.entry(COMMIT_ENTRY, one.handle().text().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What {@link SinkWriter#lost} says; -1 before {@link #open}. For any thread. */
  public long lostRecords() {
    SinkWriter current = writer;
    return current == null ? -1 : current.lost();
  }

  /** The handles that a snapshot of a sink holds. */
  public static List<Sink.CommitHandle> handles(OperatorSnapshot snapshot) {
    return snapshot.entries(COMMIT_ENTRY).stream()
        .map(bytes -> new Sink.CommitHandle(new String(bytes, StandardCharsets.UTF_8)))
        .toList();
  }

  @Override
  public void close() {
    SinkWriter current = writer;
    if (current != null) {
      current.close();
    }
  }
}
