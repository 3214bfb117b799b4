package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitState;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.JobProgress.SplitProgress;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.time.SourceWatermarks;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The splits of a source task: up to where the rows of each have been given, what is told of it,
 * and what checkpoints keep. Of the task's thread, but for {@link #progress}.
 */
final class SourceSplits {
  private final String sourceId;
  private final boolean eventTime;
  private final SourceWatermarks watermarks;
  private final Map<String, @Nullable SplitPosition> active = new LinkedHashMap<>();

  /** Splits that have ended, with what their watermark generators held; null: that is not known. */
  private final Map<String, byte @Nullable []> ended = new LinkedHashMap<>();

  private final List<SplitMeter> meters = new CopyOnWriteArrayList<>();

  SourceSplits(PlannedSource source, SourceWatermarks watermarks) {
    this.sourceId = source.operatorId();
    this.eventTime = source.time() != TimeCharacteristic.PROCESSING;
    this.watermarks = watermarks;
  }

  /** How far they are. Any thread. */
  List<SplitProgress> progress() {
    return meters.stream().map(SplitMeter::progress).toList();
  }

  /** Has a split read from where it is. */
  void take(SplitState split, SourceReader reader, long nowMillis) {
    JobProgress.SplitState state =
        split.ended() ? JobProgress.SplitState.FINISHED : JobProgress.SplitState.ACTIVE;
    meters.add(new SplitMeter(sourceId, split.id(), eventTime, state, nowMillis));
    if (split.ended()) {
      ended.put(split.id(), split.watermark());
      return;
    }
    reader.assign(new Source.Split(split.id()), split.position());
    active.put(split.id(), split.position());
    byte[] generator = split.watermark();
    if (generator == null) {
      watermarks.add(split.id(), nowMillis);
    } else {
      watermarks.restore(split.id(), generator, nowMillis);
    }
  }

  /** Those that have not ended. */
  Set<String> active() {
    return active.keySet();
  }

  /** Up to where the rows of a split have been given; null: from its beginning. */
  @Nullable SplitPosition position(String split) {
    return active.get(split);
  }

  void passed(String split, SplitPosition end) {
    active.put(split, end);
  }

  /** Counts records that were read. */
  void read(String split, int records, long nowMillis) {
    meter(split).read(records, nowMillis);
  }

  void end(String split) {
    active.remove(split);
    ended.put(split, watermarks.snapshot(split));
    meter(split).finished();
    watermarks.end(split);
  }

  private SplitMeter meter(String split) {
    for (SplitMeter meter : meters) {
      if (meter.split().equals(split)) {
        return meter;
      }
    }
    throw new IllegalArgumentException("unknown split '" + split + "'");
  }

  /** Has {@link #progress} tell what is so now. */
  void publish(@Nullable SourceReader reader, @Nullable AlignedReading aligned, long nowMillis) {
    for (SplitMeter meter : meters) {
      if (!meter.isFinished()) {
        meter.mark(
            stateOf(meter.split(), aligned),
            watermarks.watermark(meter.split()),
            reader == null ? -1 : reader.lag(meter.split()),
            reader == null ? -1 : reader.lost(meter.split()),
            nowMillis);
      }
    }
  }

  private JobProgress.SplitState stateOf(String split, @Nullable AlignedReading aligned) {
    if (watermarks.isIdle(split)) {
      return JobProgress.SplitState.IDLE;
    }
    return aligned != null && aligned.holds(split)
        ? JobProgress.SplitState.ALIGNING
        : JobProgress.SplitState.ACTIVE;
  }

  void addTo(OperatorSnapshot.Builder snapshot) {
    active.forEach(
        (id, position) ->
            snapshot.entry(
                SplitState.ENTRY,
                new SplitState(id, position, false, watermarks.snapshot(id)).toBytes()));
    ended.forEach(
        (id, watermark) ->
            snapshot.entry(SplitState.ENTRY, new SplitState(id, null, true, watermark).toBytes()));
  }
}
