package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.runtime.JobProgress.SplitProgress;
import io.fluxcore.application.runtime.JobProgress.SplitState;

/** How far a source task is in one of its splits. Written by the task's thread, read by any. */
final class SplitMeter {
  private final String sourceId;
  private final String split;
  private final boolean eventTime;
  private volatile Marks marks;
  private volatile long lagRecords = -1;
  private volatile long lostRecords = -1;
  private volatile Reads reads = new Reads(0, Long.MIN_VALUE);

  /** What is told at ticks. */
  private record Marks(SplitState state, long watermark, long unchangedSinceMillis) {}

  /** What is told once a batch. */
  private record Reads(long rows, long lastRowMillis) {}

  SplitMeter(String sourceId, String split, boolean eventTime, SplitState state, long nowMillis) {
    this.sourceId = sourceId;
    this.split = split;
    this.eventTime = eventTime;
    this.marks = new Marks(state, Long.MIN_VALUE, nowMillis);
  }

  String split() {
    return split;
  }

  void read(int rows, long nowMillis) {
    if (rows > 0) {
      reads = new Reads(reads.rows() + rows, nowMillis);
    }
  }

  void mark(SplitState state, long watermark, long lag, long lost, long nowMillis) {
    lagRecords = lag;
    lostRecords = lost;
    Marks old = marks;
    if (old.watermark() != watermark) {
      marks = new Marks(state, watermark, nowMillis);
    } else if (old.state() != state) {
      marks = new Marks(state, watermark, old.unchangedSinceMillis());
    }
  }

  void finished() {
    lagRecords = -1;
    Marks old = marks;
    marks = new Marks(SplitState.FINISHED, old.watermark(), old.unchangedSinceMillis());
  }

  boolean isFinished() {
    return marks.state() == SplitState.FINISHED;
  }

  SplitProgress progress() {
    Marks now = marks;
    Reads read = reads;
    return new SplitProgress(
        sourceId,
        split,
        eventTime,
        now.state(),
        now.watermark(),
        read.rows(),
        read.lastRowMillis(),
        now.unchangedSinceMillis(),
        lagRecords,
        lostRecords);
  }
}
