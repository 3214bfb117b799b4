package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitState;
import io.fluxcore.application.connector.TimeBounds;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.runtime.JobProgress.LastError;
import io.fluxcore.application.runtime.JobProgress.SplitProgress;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.BatchTap;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.shedding.LoadShedder;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.time.SourceWatermarks;
import io.fluxcore.domain.time.TimestampAssigner;
import io.fluxcore.domain.time.WatermarkAlignment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task that reads a source and runs the operators behind it.
 *
 * <p>When watermarks are sent: while rows keep coming, once a {@code watermarkInterval}, since each
 * one makes partly filled batches leave; as soon as the source has nothing for the moment, at once
 * but not more often than the linger, so that at low load nobody waits for the interval; at the
 * end, when a split ends the last one, and before the source goes idle, at once; while the source
 * is silent and event time goes on with the clock, once a {@code watermarkInterval}.
 *
 * <p>A source of an alignment group is not read while it is too far ahead of the others; everything
 * else is served meanwhile.
 *
 * <p>A source that sheds load goes on reading while nothing takes its rows, into a {@link
 * SheddingBuffer}; when there is capacity it empties that before it reads on. Positions, event time
 * and watermarks are those of what has left the buffer.
 */
public final class SourceTask extends Task {
  private static final long NONE = 0;
  private static final long SUSPENDED_WAIT_NANOS = 100_000_000;
  private static final long TOO_SOON_NANOS = 200_000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final PlannedSource source;
  private final Ledger ledger;
  private final PolicyFailures failures;
  private final TimestampAssigner timestamps;
  private final SourceWatermarks watermarks;
  private final @Nullable AlignedReading aligned;
  private final int subtask;
  private final int parallelism;
  private final Duration quietWait;
  private final Duration lingerWait;
  private final SourceSplits splits;
  private final Queue<SplitState> assigned = new ConcurrentLinkedQueue<>();
  private final BatchTap emitted;
  private final SourceReplay replay;
  private final @Nullable SheddingBuffer shedding;

  /** By checkpoint: the last one whose beginning the reader was told before what the former has. */
  private final NavigableMap<Long, Long> markOfCheckpoint = new TreeMap<>();

  private @Nullable TimedReading timed;
  private boolean arrived;
  private @Nullable SourceReader reader;
  private volatile @Nullable SourceReader wakeable;
  private volatile long triggered = NONE;
  private volatile long aborted = NONE;
  private volatile long suspendAt = NONE;
  private volatile boolean draining;
  private long taken = NONE;
  private boolean quiet;
  private long lastWatermarkNanos;
  private long lastMark = NONE;
  private long pausedNanos;

  /**
   * A task of a source.
   *
   * @param ledger of the source itself: records in, bad, filtered, rows out
   * @param emitted sees the rows that the source gives
   */
  public SourceTask(
      String name,
      int stageNumber,
      TaskOperators operators,
      TaskWiring wiring,
      TaskSettings settings,
      TaskEvents events,
      PlannedSource source,
      Ledger ledger,
      PolicyFailures failures,
      BatchTap emitted) {
    super(name, stageNumber, operators, wiring, settings, events);
    this.source = source;
    this.ledger = ledger;
    this.failures = failures;
    this.emitted = emitted;
    Schema schema = source.schema();
    this.timestamps =
        new TimestampAssigner(
            source.time(),
            schema,
            source.timestampField(),
            source.timestamp() == null ? null : source.timestamp().get()::evaluate,
            source.watermarks());
    this.watermarks =
        new SourceWatermarks(
            source.time(), source.watermarks(), settings.eventTime().silence(source));
    this.splits = new SourceSplits(source, watermarks);
    this.replay =
        new SourceReplay(ledger, failures, timestamps, emitted, wiring.control().origin());
    WatermarkAlignment alignment = source.watermarks().alignment();
    this.aligned =
        alignment == null
            ? null
            : new AlignedReading(
                alignment, settings.eventTime().group(alignment), watermarks, this::wake);
    this.shedding =
        source.shedding() == null
            ? null
            : new SheddingBuffer(new LoadShedder(source.shedding(), schema), ledger);
    this.subtask = operators.contexts().get(0).subtask();
    this.parallelism = operators.contexts().get(0).parallelism();
    this.quietWait = Duration.ofNanos(QUIET_TICK_NANOS);
    this.lingerWait = Duration.ofNanos(Math.min(settings.lingerNanos(), QUIET_TICK_NANOS));
  }

  public Ledger ledger() {
    return ledger;
  }

  public String sourceId() {
    return source.operatorId();
  }

  /** How far the splits of this task are. Any thread. */
  public List<SplitProgress> splits() {
    return splits.progress();
  }

  /** The last record that the source could not give, or null. Any thread. */
  public @Nullable LastError lastError() {
    return failures.last();
  }

  /** Gives the task a split, before its start or later. Any thread. */
  public void assign(SplitState split) {
    assigned.add(split);
    wake();
  }

  /** Has the task start a checkpoint. Any thread. */
  public void trigger(long checkpointId) {
    triggered = checkpointId;
    wake();
  }

  /** Has the task read nothing more once it took its part of this checkpoint. Any thread. */
  public void suspendAt(long checkpointId) {
    suspendAt = checkpointId;
  }

  /** Has the task end as if its input did. Any thread. */
  public void drain() {
    draining = true;
    wake();
  }

  @Override
  void wake() {
    super.wake();
    SourceReader waiting = wakeable;
    if (waiting != null) {
      waiting.wakeUp();
    }
  }

  @Override
  boolean needsAttention() {
    return super.needsAttention() || triggered > taken || draining || !assigned.isEmpty();
  }

  private SourceReader reader() {
    if (reader == null) {
      throw new IllegalStateException("not open");
    }
    return reader;
  }

  @Override
  void open() {
    Supplier<CompiledPredicate> filter = source.filter();
    reader =
        source
            .source()
            .createReader(
                new ReaderContext(
                    source.operatorId(),
                    subtask,
                    parallelism,
                    source.schema(),
                    source.keepRaw(),
                    filter == null ? null : filter.get(),
                    settings.batchRows(),
                    stage.keepsNoBatches() && shedding == null));
    wakeable = reader;
    OperatorSnapshot snapshot = settings.restored().get(source.operatorId());
    if (snapshot != null) {
      LedgerState.restore(ledger, subtask, snapshot);
      List<byte[]> bounds = snapshot.entries(TimeBounds.ENTRY);
      if (!bounds.isEmpty()) { // each subtask has written the same
        timed = new TimedReading(TimeBounds.parse(bounds.get(0)), source.watermarks());
      }
    }
  }

  @Override
  void closeInput() {
    wakeable = null;
    if (reader != null) {
      reader.close();
    }
  }

  @Override
  void checkpointCompleted(long checkpointId) {
    if (shedding == null) {
      reader().checkpointCompleted(checkpointId);
      return;
    }
    Map.Entry<Long, Long> mark = markOfCheckpoint.floorEntry(checkpointId);
    if (mark != null && mark.getValue() != NONE) {
      reader().checkpointCompleted(mark.getValue());
    }
    markOfCheckpoint.headMap(checkpointId, true).clear();
  }

  @Override
  void work() {
    while (true) {
      checkCancelled();
      serve();
      if (hasCalls()) {
        serveCalls();
        complete();
      }
      if (draining || (!hasOpenSplits() && source.source().isBounded() && !endsInTime())) {
        break;
      }
      if (shedding != null) {
        out.flushRows();
      }
      if (!out.hasCapacity()) {
        if (shedding == null) {
          awaitCapacity();
        } else {
          readOn();
        }
        continue;
      }
      if (stage.isSaturated()) {
        awaitCalls(this::needsAttention);
        excuse();
        readClock();
        tickIfDue();
        out.flushOverdue(nowNanos(), settings.lingerNanos());
        continue;
      }
      if (hasArrived()) {
        signal.await(this::needsAttention, quietWait.toNanos());
        readClock();
        tickIfDue();
        continue;
      }
      align();
      if (shedding == null || shedding.isEmpty()) {
        Poll poll = poll();
        excuse();
        take(poll);
      } else {
        giveHeld(shedding);
      }
      if (shedding != null && !out.hasCapacity()) {
        continue; // a watermark might have to wait, and nothing would be read
      }
      advance();
      tickIfDue();
      out.flushOverdue(nowNanos(), settings.lingerNanos());
    }
    if (aligned != null) {
      aligned.end();
    }
    if (shedding != null) {
      giveAllHeld(shedding);
    }
    finish();
  }

  /** Whether only what lies before a time is wanted. */
  private boolean endsInTime() {
    return timed != null && timed.bounds().hasEnd();
  }

  /**
   * Whether nothing more is wanted. Then the watermark stands at the end of what is, windows beyond
   * it are open, and the task goes on serving checkpoints.
   */
  private boolean hasArrived() {
    TimedReading reading = timed;
    if (!arrived && reading != null && reading.isOver(splits.active(), watermarks::isIdle)) {
      arrived = true;
      sendIdle(false);
      if (reading.lastWatermark() > stage.currentWatermark()) {
        out.cause(nowNanos(), nowNanos());
        stage.watermark(reading.lastWatermark());
        complete();
      }
      out.flushRows();
      reportArrival();
    }
    return arrived;
  }

  /** The rows whose time is wanted; others are counted as filtered. */
  private EventBatch inTime(String split, EventBatch batch) {
    TimedReading reading = timed;
    if (reading == null || batch.isEmpty()) {
      return batch;
    }
    boolean isNews = !reading.arrived().contains(split);
    EventBatch wanted = reading.within(split, batch);
    ledger.filtered(batch.size() - wanted.size());
    if (isNews && reading.arrived().contains(split)) {
      // A reader that cannot hold it gives more, which is left out.
      boolean unused = reader().holdSplits(reading.arrived());
    }
    return wanted;
  }

  /** Whether there is a split that may give more; one whose end is held gives none. */
  private boolean hasOpenSplits() {
    return splits.active().size() > (shedding == null ? 0 : shedding.ends());
  }

  /** Reads although nothing takes rows; what is too much is shed. */
  private void readOn() {
    long start = System.nanoTime();
    align();
    Poll poll = hasOpenSplits() && !isHeld() ? reader().poll(Duration.ZERO) : Poll.Nothing.INSTANCE;
    readClock();
    take(poll);
    times.backPressured(System.nanoTime() - start);
    if (quiet) {
      out.awaitCapacity(this::needsAttentionBesideCheckpoints, TICK_NANOS);
      readClock();
    }
    excuse();
  }

  /** A barrier that found no room would keep a source that sheds from reading. */
  private boolean mayCheckpoint() {
    return shedding == null || out.hasCapacity();
  }

  private boolean needsAttentionBesideCheckpoints() {
    return super.needsAttention() || draining || !assigned.isEmpty();
  }

  /** Gives on what was held first, after the signs before it. */
  private void giveHeld(SheddingBuffer held) {
    readClock();
    takeSigns(held);
    if (held.take() instanceof SheddingBuffer.Rows rows) {
      HeldRows next = rows.held();
      control().origin().at(next.split, splits.position(next.split), next.end());
      give(next.split, next.batch(), next.end(), next.size());
    }
    takeSigns(held);
  }

  private void takeSigns(SheddingBuffer held) {
    for (HeldRows passed = held.takePassed(); passed != null; passed = held.takePassed()) {
      splits.passed(passed.split, passed.end());
    }
    for (SheddingBuffer.Entry sign = held.takeSign(); sign != null; sign = held.takeSign()) {
      if (sign instanceof SheddingBuffer.End end) {
        splits.end(end.split());
      } else if (sign instanceof SheddingBuffer.Mark mark) {
        lastMark = mark.checkpointId();
      }
    }
  }

  /** Nothing more is read, and nothing that was read is lost. */
  private void giveAllHeld(SheddingBuffer held) {
    while (!held.isEmpty()) {
      checkCancelled();
      serve();
      out.flushRows();
      if (out.hasCapacity()) {
        giveHeld(held);
        tickIfDue();
      } else {
        out.awaitCapacity(super::needsAttention);
        excuse();
      }
    }
    takeSigns(held);
  }

  private void serve() {
    serveCompleted();
    for (SplitState split = assigned.poll(); split != null; split = assigned.poll()) {
      splits.take(split, reader(), nowMillis());
    }
    long checkpointId = triggered;
    if (checkpointId > taken && mayCheckpoint()) {
      taken = checkpointId;
      reader().checkpointStarted(checkpointId);
      if (shedding != null) {
        shedding.addMark(checkpointId);
        takeSigns(shedding);
        markOfCheckpoint.put(checkpointId, lastMark);
      }
      checkpoint(checkpointId);
      if (checkpointId == suspendAt) {
        suspend(checkpointId);
      }
    }
    serveInjections();
  }

  @Override
  void serveAtEnd() {
    serve();
  }

  @Override
  ReplayOutcome inject(Injection injection, @Nullable EventBatch given) {
    EventBatch batch = given;
    if (batch == null) {
      byte[] bytes = injection.letter().content().bytes();
      SourceReader.Decoded decoded =
          bytes == null ? null : reader().decode(injection.letter().origin().split(), bytes);
      if (decoded == null) {
        return ReplayOutcome.refused(
            injection.letter(),
            "FLX-DEADLETTER-0003",
            "source '" + source.operatorId() + "' does not decode single records");
      }
      if (!decoded.bad().isEmpty() || decoded.batch().isEmpty()) {
        return replay.undecodable(injection, decoded.bad());
      }
      batch = decoded.batch();
    }
    return injection.node() == Injection.SOURCE
        ? replay.emit(injection, batch, nowMillis(), this::giveReplayed)
        : super.inject(injection, replay.timed(batch, injection.letter().content(), nowMillis()));
  }

  private void giveReplayed(EventBatch batch) {
    stage.process(0, 0, batch);
    complete();
  }

  @Override
  void onAbort(long checkpointId) {
    aborted = checkpointId;
  }

  /**
   * Reads nothing any more; the job cancels the task when the checkpoint is complete. Goes on if
   * the checkpoint is given up.
   */
  private void suspend(long checkpointId) {
    while (aborted < checkpointId) {
      checkCancelled();
      serveCompleted();
      signal.await(() -> super.needsAttention() || aborted >= checkpointId, SUSPENDED_WAIT_NANOS);
    }
  }

  private void awaitCapacity() {
    out.awaitCapacity(this::needsAttention);
    excuse();
  }

  /** Time in which the task waited to send, or a split was held, makes no split idle. */
  private void excuse() {
    long millis = (times.backPressuredNanos() - pausedNanos) / NANOS_PER_MILLI;
    if (millis > 0) {
      pausedNanos += millis * NANOS_PER_MILLI;
      watermarks.paused(millis);
    }
    if (aligned != null) {
      aligned.passed(nowMillis());
    }
  }

  /** Decides which splits are read, so that none runs ahead of its alignment group. */
  private void align() {
    if (aligned != null) {
      aligned.decide(reader(), nowNanos(), quiet);
    }
  }

  private boolean isHeld() {
    return aligned != null && aligned.isClosed();
  }

  private boolean needsAttentionOrGoesOn() {
    return needsAttention() || (aligned != null && aligned.mayGoOn());
  }

  /** Asks the reader, at first without waiting; when it had nothing, with. */
  private Poll poll() {
    if (!hasOpenSplits()) {
      quiet = true;
    }
    if (!quiet && !isHeld()) {
      Poll poll = reader().poll(Duration.ZERO);
      readClock();
      return poll;
    }
    boolean waiting = out.flushDue(nowNanos(), settings.lingerNanos()) || isWatermarkPending();
    Duration wait = waiting ? lingerWait : quietWait;
    long start = System.nanoTime();
    Poll poll;
    if (isHeld()) {
      signal.await(this::needsAttentionOrGoesOn, wait.toNanos());
      poll = Poll.Nothing.INSTANCE;
    } else if (!hasOpenSplits()) {
      signal.await(this::needsAttention, wait.toNanos());
      poll = Poll.Nothing.INSTANCE;
    } else {
      poll = reader().poll(wait);
    }
    readClock();
    if (poll instanceof Poll.Nothing && !isHeld() && nowNanos() - start < TOO_SOON_NANOS) {
      signal.await(this::needsAttention, TOO_SOON_NANOS); // a reader that does not wait
      readClock();
    }
    times.idle(nowNanos() - start);
    if (aligned != null && aligned.holdsAll()) {
      times.held(nowNanos() - start);
    }
    return poll;
  }

  private void take(Poll poll) {
    quiet = poll instanceof Poll.Nothing;
    if (poll instanceof Poll.Rows rows) {
      take(rows);
    } else if (poll instanceof Poll.EndOfSplit end) {
      if (shedding == null) {
        splits.end(end.split());
      } else {
        shedding.addEnd(end.split());
        takeSigns(shedding);
      }
    }
  }

  @Override
  void publish() {
    super.publish();
    splits.publish(reader, aligned, nowMillis());
  }

  private void take(Poll.Rows rows) {
    EventBatch read = rows.batch();
    control().origin().at(rows.split(), splits.position(rows.split()), rows.end());
    int records = read.size() + rows.bad().size() + rows.filtered();
    ledger.in(records, read.estimatedBytes());
    splits.read(rows.split(), records, nowMillis());
    ledger.filtered(rows.filtered());
    failures.failed(rows.bad());
    if (shedding == null || (shedding.isEmpty() && out.hasCapacity())) {
      give(rows.split(), read, rows.end(), records);
    } else {
      shedding.add(
          rows,
          new Ledger.Counts(
              records,
              read.estimatedBytes(),
              1,
              0,
              rows.filtered(),
              rows.bad().size(),
              Ledger.Dropped.NONE,
              0,
              0,
              0));
      takeSigns(shedding);
    }
  }

  /**
   * Gives rows on, and passes their position.
   *
   * @param records that the rows come from
   */
  private void give(String split, EventBatch read, SplitPosition end, int records) {
    EventBatch batch = timestamps.assign(read, nowMillis(), failures.of(read));
    if (records > 0) { // else only the position has moved on
      watermarks.observe(split, timestamps.largest(), nowMillis());
    }
    batch = inTime(split, batch);
    if (!batch.isEmpty()) {
      watermarks.advance(nowMillis());
      sendIdle(watermarks.isIdle());
      ledger.out(batch.size(), batch.estimatedBytes());
      emitted.see(batch);
      out.cause(nowNanos(), nowNanos());
      stage.process(0, 0, batch);
      complete();
    }
    splits.passed(split, end);
  }

  /** That of the source, as far as it is wanted. */
  private long wantedWatermark() {
    return timed == null ? watermarks.watermark() : timed.capped(watermarks.watermark());
  }

  private boolean isWatermarkPending() {
    return wantedWatermark() > stage.currentWatermark();
  }

  private void advance() {
    watermarks.advance(nowMillis());
    boolean idle = watermarks.isIdle();
    if (isWatermarkPending()) {
      boolean byTheClock = watermarks.isSilent(); // moves on at each look
      long pause =
          quiet && !byTheClock ? settings.lingerNanos() : settings.watermarkIntervalNanos();
      if ((idle && !byTheClock) || nowNanos() - lastWatermarkNanos >= pause) {
        lastWatermarkNanos = nowNanos();
        out.cause(nowNanos(), nowNanos());
        stage.watermark(wantedWatermark());
        complete();
      }
    }
    sendIdle(idle);
  }

  @Override
  void addParts(List<OperatorSnapshot> parts) {
    OperatorSnapshot.Builder builder = OperatorSnapshot.builder(source.operatorId());
    splits.addTo(builder);
    if (timed != null) {
      builder.entry(TimeBounds.ENTRY, timed.bounds().toBytes());
    }
    for (SplitState waiting : assigned) {
      builder.entry(SplitState.ENTRY, waiting.toBytes());
    }
    parts.add(builder.build());
    Ledger.Counts counts = ledger.counts();
    parts.add(
        LedgerState.snapshot(
            source.operatorId(), shedding == null ? counts : counts.minus(shedding.untaken())));
  }
}
