package io.fluxcore.adapters.in.cdc;

import io.fluxcore.application.connector.CheckpointMarks;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changes of a database, and begins anew, from where it was, when the database goes away.
 * The database is told what need not be kept when a checkpoint is completed.
 */
final class CdcReader implements SourceReader {
  private static final System.Logger LOG = System.getLogger(CdcReader.class.getName());
  private static final long FIRST_WAIT_MILLIS = 200;
  private static final long LONGEST_WAIT_MILLIS = 10_000;

  private final CdcSource source;
  private final ReaderContext context;
  private final ChangeRows rows;
  private final WakeUp wakeUp = new WakeUp();
  private final CheckpointMarks<Confirmable> checkpoints = new CheckpointMarks<>();
  private @Nullable ChangeRun engine;
  private @Nullable String split;
  private boolean ended;

  /** The snapshot is all that is wanted, and has been read. */
  private boolean isAll;

  private boolean held;

  /** What has been given, and what of it was given before this run began. */
  private ChangePosition position = ChangePosition.START;

  private @Nullable ChangePosition skipTo;

  /** The last change that was taken, whose offset is the next place's. */
  private @Nullable Change last;

  /** The change whose offset the position has. */
  private @Nullable Confirmable behind;

  private boolean down;
  private long waitMillis = FIRST_WAIT_MILLIS;
  private long retryAtNanos;

  /** A change of a run, which the database can be told. */
  private record Confirmable(ChangeRun run, Change change) {}

  CdcReader(CdcSource source, ReaderContext context) {
    this.source = source;
    this.context = context;
    this.rows =
        new ChangeRows(
            context.schema(),
            context.operatorId(),
            source.schema() != null,
            source.options().tables().size() == 1,
            context.batchRows());
  }

  @Override
  public void assign(Split newSplit, @Nullable SplitPosition from) {
    split = newSplit.id();
    position = from == null ? ChangePosition.START : ChangePosition.parse(from);
    begin();
  }

  private void begin() {
    ChangePosition pending = skipTo;
    if (pending != null) {
      position = pending; // the last run did not come as far as the one before
    }
    source.checkPosition(position);
    if (position.snapshot()) {
      position = ChangePosition.START;
    }
    boolean resumed = !position.place().isEmpty();
    skipTo = resumed ? position : null;
    position = new ChangePosition(position.offset(), position.snapshot(), position.place(), 0);
    last = null;
    behind = null;
    CdcOptions options = source.options();
    if (source.isBounded() && !options.kind().tellsEndOfSnapshot(options)) {
      isAll = true;
      return;
    }
    engine = options.kind().start(options, context.schema(), position, wakeUp::call);
  }

  @Override
  public Poll poll(Duration maxWait) {
    Poll found = next();
    if (found == null && !maxWait.isZero()) {
      wakeUp.await(down ? shorter(maxWait) : maxWait);
      found = next();
    }
    return found == null ? Poll.Nothing.INSTANCE : found;
  }

  private Duration shorter(Duration maxWait) {
    Duration left = Duration.ofNanos(Math.max(1_000_000, retryAtNanos - System.nanoTime()));
    return left.compareTo(maxWait) < 0 ? left : maxWait;
  }

  private @Nullable Poll next() {
    String id = split;
    if (id == null || ended || held) {
      return null;
    }
    ChangeRun run = engine;
    if (isAll && rows.isEmpty()) {
      ended = true;
      engine = null;
      if (run != null) {
        run.close();
      }
      return new Poll.EndOfSplit(id);
    }
    if (run == null) {
      if (System.nanoTime() - retryAtNanos < 0) {
        return null;
      }
      begin();
      return null;
    }
    boolean moved = false;
    while (!isAll && rows.size() < context.batchRows()) {
      if (rows.size() > 0 && rows.size() + 2 > context.batchRows()) {
        break; // a change may be two rows
      }
      Change change = run.next();
      if (change == null) {
        break;
      }
      moved |= take(run, change);
    }
    if (moved || !rows.isEmpty()) {
      return new Poll.Rows(id, rows.build(), position.toSplit(), rows.takeBad(), 0);
    }
    ChangeRun.End end = run.end();
    return end == null ? null : ended(run, end);
  }

  /** Whether the position has moved. */
  private boolean take(ChangeRun run, Change change) {
    if (down) {
      LOG.log(System.Logger.Level.INFO, "{0} answers again", source.options());
      down = false;
    }
    waitMillis = FIRST_WAIT_MILLIS;
    Change.Place place = change.place();
    if (place == null) {
      return false;
    }
    DatabaseKind kind = source.options().kind();
    Change before = last;
    last = change;
    boolean endOfSnapshot = place.text().equals(Change.Place.SNAPSHOT) && !place.snapshot();
    if (change.kind().equals(Change.MARK) && !endOfSnapshot) {
      position = new ChangePosition(change.offset(), false, place.text(), 0);
      behind = new Confirmable(run, change);
    } else if (position.place().isEmpty() || kind.compare(place.text(), position.place()) != 0) {
      Map<String, Object> offset = before == null ? position.offset() : before.offset();
      position = new ChangePosition(offset, place.snapshot(), place.text(), 1);
      behind = before == null ? behind : new Confirmable(run, before);
    } else {
      position =
          new ChangePosition(
              position.offset(), place.snapshot(), place.text(), position.given() + 1);
    }
    if (endOfSnapshot) {
      // The log begins behind it.
      position = new ChangePosition(change.offset(), false, place.text(), position.given());
      behind = new Confirmable(run, change);
      isAll = source.isBounded();
    }
    ChangePosition given = skipTo;
    if (given != null) {
      int order = kind.compare(place.text(), given.place());
      if (order < 0 || (order == 0 && position.given() <= given.given())) {
        return false;
      }
      skipTo = null;
    }
    rows.add(change);
    return true;
  }

  private @Nullable Poll ended(ChangeRun run, ChangeRun.End end) {
    run.close();
    engine = null;
    source.failIfForGood(end);
    if (!down) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} does not answer, and is tried again: {1}",
          source.options(),
          end.message());
      down = true;
    }
    retryAtNanos = System.nanoTime() + waitMillis * 1_000_000L;
    waitMillis = Math.min(waitMillis * 2, LONGEST_WAIT_MILLIS);
    return null;
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
    Confirmable known = behind;
    if (known != null) {
      checkpoints.started(checkpointId, known);
    }
  }

  @Override
  public void checkpointCompleted(long checkpointId) {
    Confirmable newest = checkpoints.completed(checkpointId);
    if (newest != null && newest.run() == engine) {
      newest.run().confirm(newest.change());
    }
  }

  @Override
  public void close() {
    ChangeRun run = engine;
    engine = null;
    split = null;
    if (run != null) {
      run.close();
    }
  }
}
