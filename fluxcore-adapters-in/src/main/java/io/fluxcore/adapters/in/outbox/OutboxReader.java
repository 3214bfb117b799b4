package io.fluxcore.adapters.in.outbox;

import io.fluxcore.adapters.in.outbox.OutboxFetch.Chunk;
import io.fluxcore.adapters.in.sql.Outage;
import io.fluxcore.adapters.in.sql.SqlErrors;
import io.fluxcore.adapters.in.sql.SqlWorker;
import io.fluxcore.application.connector.CheckpointMarks;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the changes behind the last one, again and again, and deletes those that a checkpoint
 * holds. The database is asked on a thread of its own.
 */
final class OutboxReader implements SourceReader {
  private static final System.Logger LOG = System.getLogger(OutboxReader.class.getName());

  private final OutboxSettings settings;
  private final ReaderContext context;
  private final OutboxFetch fetch;
  private final Outage outage;
  private final WakeUp wakeUp = new WakeUp();
  private final CheckpointMarks<Long> checkpoints = new CheckpointMarks<>();
  private @Nullable String split;
  private boolean held;
  private @Nullable SqlWorker worker;
  private @Nullable CompletableFuture<Chunk> asking;
  private @Nullable Chunk chunk;

  /** The last change that the host has, and the last one that was fetched. */
  private long given;

  private long fetched;
  private long dueNanos = System.nanoTime();

  OutboxReader(OutboxSettings settings, ReaderContext context) {
    this.settings = settings;
    this.context = context;
    this.fetch = new OutboxFetch(settings, context);
    this.outage = new Outage(context.operatorId(), settings.database());
  }

  @Override
  public void assign(Split assigned, @Nullable SplitPosition position) {
    split = assigned.id();
    given = position == null ? 0 : OutboxSource.id(position.text());
    fetched = given;
  }

  @Override
  public Poll poll(Duration maxWait) {
    Poll found = next();
    if (found == null && !maxWait.isZero()) {
      wakeUp.await(outage.shorter(untilDue(maxWait)));
      found = next();
    }
    return found == null ? Poll.Nothing.INSTANCE : found;
  }

  private Duration untilDue(Duration maxWait) {
    if (split == null || asking != null || chunk != null) {
      return maxWait;
    }
    Duration left = Duration.ofNanos(Math.max(1_000_000, dueNanos - System.nanoTime()));
    return left.compareTo(maxWait) < 0 ? left : maxWait;
  }

  private @Nullable Poll next() {
    String id = split;
    if (id == null) {
      return null;
    }
    takeAnswer();
    Poll found = null;
    Chunk ready = chunk;
    if (ready != null && !held) {
      chunk = null;
      given = ready.last();
      found = new Poll.Rows(id, ready.batch(), OutboxSource.position(given), ready.bad(), 0);
    }
    ask();
    return found;
  }

  private void takeAnswer() {
    CompletableFuture<Chunk> asked = asking;
    if (asked == null || !asked.isDone()) {
      return;
    }
    asking = null;
    try {
      Chunk answer = asked.join();
      outage.ends();
      if (answer.last() != fetched) {
        fetched = answer.last();
        chunk = answer;
      }
      dueNanos = System.nanoTime() + (answer.isFull() ? 0 : settings.pollInterval().toNanos());
    } catch (CompletionException e) {
      failed(e.getCause() == null ? e : e.getCause());
    }
  }

  private void failed(Throwable error) {
    if (error instanceof SQLException e) {
      if (!SqlErrors.isPassing(e)) {
        throw SqlErrors.of(e, "read " + settings.outbox(), settings.database());
      }
      outage.begins(String.valueOf(e.getMessage()));
      dueNanos = System.nanoTime();
    } else if (error instanceof RuntimeException e) {
      throw e;
    } else {
      throw new IllegalStateException(error);
    }
  }

  private void ask() {
    if (asking != null
        || chunk != null
        || System.nanoTime() - dueNanos < 0
        || outage.isToBeWaitedFor()) {
      return;
    }
    SqlWorker known = worker;
    if (known == null) {
      known = new SqlWorker(settings.database(), "outbox-" + context.operatorId());
      worker = known;
    }
    long after = fetched;
    asking = known.submit(connection -> fetch.next(connection, after), wakeUp::call);
  }

  @Override
  public boolean holdSplits(Set<String> splits) {
    held = split != null && splits.contains(split);
    return true;
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  @Override
  public void checkpointStarted(long checkpointId) {
    checkpoints.started(checkpointId, given);
  }

  /** What cannot be deleted now is with a later checkpoint. */
  @Override
  public void checkpointCompleted(long checkpointId) {
    Long below = checkpoints.completed(checkpointId);
    SqlWorker known = worker;
    if (below != null && below > 0 && settings.deletes() && known != null) {
      var unused =
          known
              .submit(connection -> fetch.delete(connection, below), () -> {})
              .whenComplete(
                  (deleted, error) -> {
                    if (error != null) {
                      LOG.log(Level.DEBUG, "changes that were read are deleted later", error);
                    }
                  });
    }
  }

  @Override
  public void close() {
    SqlWorker known = worker;
    worker = null;
    split = null;
    if (known != null) {
      known.close();
    }
  }
}
