package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A sink whose rows, in words, show after a commit. A handle holds the rows themselves, and is
 * known by the writer's transaction.
 */
final class TransactionalSink implements TwoPhaseSink {
  private final Map<JobId, FencingToken> owners = new HashMap<>();
  private final Set<String> transactions = new HashSet<>();
  private final List<String> committed = new ArrayList<>();
  final AtomicInteger commits = new AtomicInteger();
  final AtomicInteger failingCommits = new AtomicInteger();
  final AtomicLong written = new AtomicLong();
  final CountDownLatch blocked = new CountDownLatch(1);

  /** Writers wait here. */
  @Nullable CountDownLatch gate;

  synchronized List<String> rows() {
    return committed.stream().sorted().toList();
  }

  @Override
  public SinkWriter createWriter(WriterContext context) {
    return new Writer(context);
  }

  /** Nothing waits outside: the rows are in the handles. */
  @Override
  public synchronized void settle(
      SinkOwner owner, List<CommitHandle> registered, Unknown unknown, RecordFailures failures) {
    refuseStale(owner);
    owners.put(owner.job(), owner.token());
    if (!registered.isEmpty()) {
      commit(owner, registered, failures);
    }
  }

  private void refuseStale(SinkOwner owner) {
    FencingToken latest = owners.get(owner.job());
    if (latest != null && latest.compareTo(owner.token()) > 0) {
      throw CheckpointRegistry.staleOwner(owner.job(), owner.token());
    }
  }

  @Override
  public synchronized void commit(
      SinkOwner owner, List<CommitHandle> handles, RecordFailures failures) {
    refuseStale(owner);
    if (failingCommits.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new IllegalStateException("commit fails on purpose");
    }
    commits.incrementAndGet();
    for (CommitHandle handle : handles) {
      String[] lines = handle.text().split("\n");
      if (transactions.add(lines[0])) {
        committed.addAll(Arrays.asList(lines).subList(1, lines.length));
      }
    }
  }

  private final class Writer implements SinkWriter {
    private final WriterContext context;
    private final StringBuilder open = new StringBuilder();

    Writer(WriterContext context) {
      this.context = context;
    }

    @Override
    public void write(EventBatch batch, RecordFailures failures) {
      awaitGate();
      Column[] columns = batch.columns();
      for (int i = 0; i < batch.size(); i++) {
        open.append('\n');
        for (Column column : columns) {
          open.append(column.get(batch.row(i))).append(' ');
        }
      }
      written.addAndGet(batch.size());
    }

    private void awaitGate() {
      CountDownLatch latch = gate;
      if (latch == null) {
        return;
      }
      blocked.countDown();
      try {
        if (!latch.await(1, TimeUnit.DAYS)) {
          throw new IllegalStateException("nobody opened the gate");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }

    @Override
    public void flush() {}

    @Override
    public List<CommitHandle> prepareCommit(long checkpointId) {
      if (open.isEmpty()) {
        return List.of();
      }
      SinkOwner owner = context.owner();
      String id = owner.job() + "-" + owner.token() + "/" + context.subtask();
      String text = id + "/" + checkpointId + open;
      open.setLength(0);
      return List.of(new CommitHandle(text));
    }

    @Override
    public void close() {}
  }
}
