package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.adapters.in.jdbc.RowFetch.Chunk;
import io.fluxcore.adapters.in.sql.Outage;
import io.fluxcore.adapters.in.sql.SqlErrors;
import io.fluxcore.adapters.in.sql.SqlWorker;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatchBuilder;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the rows behind the last one, again and again. The database is asked on a thread of its
 * own; the next rows are asked for while the host has those before.
 */
final class JdbcReader implements SourceReader {
  private static final System.Logger LOG = System.getLogger(JdbcReader.class.getName());

  private final JdbcSource source;
  private final JdbcSettings settings;
  private final ReaderContext context;
  private final RowFetch fetch;
  private final Outage outage;
  private final WakeUp wakeUp = new WakeUp();
  private final List<SplitProgress> open = new ArrayList<>();
  private int turn;
  private Set<String> held = Set.of();
  private @Nullable SqlWorker worker;
  private boolean hasBegunAll;

  /** Where a split is begun, and its end. */
  private record Bounds(@Nullable String largest) {}

  /** The largest value that there is, before any may be read. */
  private record Largest(@Nullable String value) {}

  JdbcReader(JdbcSource source, ReaderContext context) {
    this.source = source;
    this.settings = source.settings();
    this.context = context;
    this.fetch = new RowFetch(settings, context);
    this.outage = new Outage(context.operatorId(), settings.database());
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    RowPosition asked;
    try {
      asked = position == null ? source.start() : RowPosition.parse(position.text());
    } catch (IllegalArgumentException e) {
      throw JdbcErrors.position(split.id(), String.valueOf(position), e);
    }
    open.add(new SplitProgress(split.id(), JdbcSource.number(split), asked, settings.settle()));
    if (settings.settle().isZero() && !settings.bounded()) {
      LOG.log(
          Level.WARNING,
          "source {0}: settle is 0s: rows of {1} that become visible after others with larger"
              + " values of {2} are passed over",
          context.operatorId(),
          settings.what(),
          settings.column());
    }
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
    Duration wait = maxWait;
    long now = System.nanoTime();
    for (SplitProgress split : open) {
      if (split.asking == null && split.chunk == null) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, split.dueNanos - now));
        wait = left.compareTo(wait) < 0 ? left : wait;
      }
    }
    return wait;
  }

  private @Nullable Poll next() {
    for (SplitProgress split : open) {
      takeAnswer(split);
    }
    Poll found = atHand();
    open.forEach(this::ask);
    return found;
  }

  private @Nullable Poll atHand() {
    for (int i = 0; i < open.size(); i++) {
      turn = turn + 1 >= open.size() ? 0 : turn + 1;
      SplitProgress split = open.get(turn);
      Chunk chunk = split.chunk;
      if (!held.contains(split.split) && (chunk != null || split.begins)) {
        split.begins = false;
        if (chunk == null) {
          return begun(split);
        }
        split.chunk = null;
        return new Poll.Rows(split.split, chunk.batch(), split.position(), chunk.bad(), 0);
      }
      if (chunk == null && split.isAtEnd && split.asking == null) {
        open.remove(turn);
        return new Poll.EndOfSplit(split.split);
      }
    }
    return null;
  }

  private Poll begun(SplitProgress split) {
    return new Poll.Rows(
        split.split,
        new EventBatchBuilder(context.schema(), 1)
            .build()
            .withEnvelope(Envelope.ofSource(context.operatorId())),
        split.position());
  }

  /** Takes what the database has answered since. */
  private void takeAnswer(SplitProgress split) {
    CompletableFuture<?> asked = split.asking;
    if (asked == null || !asked.isDone()) {
      return;
    }
    split.asking = null;
    Object answer;
    try {
      answer = asked.join();
    } catch (CompletionException e) {
      failed(split, e.getCause() == null ? e : e.getCause());
      return;
    } catch (CancellationException e) {
      return;
    }
    outage.ends();
    if (answer instanceof Bounds bounds) {
      begin(split, bounds.largest());
    } else if (answer instanceof Largest largest) {
      long now = System.nanoTime();
      if (largest.value() != null) {
        split.settle.saw(largest.value(), now);
      }
      split.dueNanos = now + wait(split, now);
    } else if (answer instanceof Chunk chunk) {
      take(split, chunk);
    }
  }

  private void begin(SplitProgress split, @Nullable String largest) {
    split.isLocated = true;
    split.begins = true;
    if (split.asked.latest()) {
      split.after = largest == null ? List.of() : List.of(largest);
    }
    if (settings.bounded() && split.end == null) {
      split.end = largest;
      split.isAtEnd = largest == null || split.asked.latest();
    }
  }

  private void take(SplitProgress split, Chunk chunk) {
    boolean hasMoved = !chunk.after().equals(split.after);
    split.after = chunk.after();
    long now = System.nanoTime();
    if (chunk.largest() != null) {
      split.settle.saw(chunk.largest(), now);
    }
    if (hasMoved || chunk.batch().size() > 0 || !chunk.bad().isEmpty()) {
      split.chunk = chunk;
    }
    if (settings.bounded()) {
      split.isAtEnd = !chunk.isFull();
    }
    split.dueNanos = chunk.isFull() ? now : now + wait(split, now);
  }

  private long wait(SplitProgress split, long now) {
    long interval = settings.pollInterval().toNanos();
    Long rises = split.settle.risesAt();
    return rises == null ? interval : Math.max(0, Math.min(interval, rises - now));
  }

  private void failed(SplitProgress split, Throwable error) {
    if (error instanceof SQLException e) {
      if (settings.column() == null && hasBegunAll) {
        throw JdbcErrors.cutOff(settings.toString(), String.valueOf(e.getMessage()));
      }
      if (SqlErrors.isPassing(e)) {
        outage.begins(String.valueOf(e.getMessage()));
        split.dueNanos = System.nanoTime();
        return;
      }
      throw SqlErrors.of(e, "read " + settings.what(), settings.database());
    }
    if (error instanceof IllegalArgumentException e) {
      throw JdbcErrors.position(split.split, String.valueOf(split.after), e);
    }
    if (error instanceof RuntimeException e) {
      throw e;
    }
    throw new IllegalStateException(error);
  }

  /** Asks for what comes next, if it is time. */
  private void ask(SplitProgress split) {
    long now = System.nanoTime();
    if (split.asking != null
        || split.chunk != null
        || split.isAtEnd
        || now - split.dueNanos < 0
        || outage.isToBeWaitedFor()) {
      return;
    }
    SqlWorker asked = worker();
    if (settings.column() == null) {
      hasBegunAll = split.isLocated;
      split.isLocated = true;
      split.asking = asked.submit(fetch::nextOfAll, wakeUp::call);
    } else if (!split.isLocated) {
      split.asking =
          asked.submit(connection -> new Bounds(fetch.largest(connection)), wakeUp::call);
    } else {
      askForRows(split, asked, now);
    }
  }

  private void askForRows(SplitProgress split, SqlWorker asked, long now) {
    boolean settles = !settings.bounded() && !settings.settle().isZero();
    String bound = settles ? split.settle.at(now) : split.end;
    List<String> after = split.after;
    int number = split.number;
    if (settles && bound == null) {
      split.asking =
          asked.submit(connection -> new Largest(fetch.largest(connection)), wakeUp::call);
      return;
    }
    split.asking =
        asked.submit(
            connection -> fetch.next(connection, after, bound, number, settles), wakeUp::call);
  }

  private SqlWorker worker() {
    SqlWorker known = worker;
    if (known == null) {
      known = new SqlWorker(settings.database(), "jdbc-" + context.operatorId());
      worker = known;
    }
    return known;
  }

  @Override
  public boolean holdSplits(Set<String> splits) {
    held = Set.copyOf(splits);
    return true;
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  @Override
  public void close() {
    SqlWorker known = worker;
    worker = null;
    open.clear();
    if (known != null) {
      known.close();
    }
  }
}
