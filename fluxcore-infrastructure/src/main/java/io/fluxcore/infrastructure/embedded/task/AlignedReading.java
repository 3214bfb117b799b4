package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.domain.time.SourceAlignment;
import io.fluxcore.domain.time.SourceWatermarks;
import io.fluxcore.domain.time.WatermarkAlignment;

/**
 * Keeps the reading of one source task in step with its alignment group: holds back single splits
 * if the reader can, or else the whole reader, and that only while all its active splits are too
 * far ahead. The slowest split of a group is therefore never held, and the group never stands still
 * by itself. Used by the task's thread.
 */
final class AlignedReading {
  private final SourceAlignment alignment;
  private final AlignmentGroup group;
  private final AlignmentGroup.Member member;
  private final long updateNanos;
  private boolean holdsSplits = true;
  private long slowest = Long.MIN_VALUE;
  private long passedMillis = Long.MIN_VALUE;
  private long toldNanos;
  private boolean told;

  /**
   * The reading of a task.
   *
   * @param wake has the task look whether it may go on, from any thread
   */
  AlignedReading(
      WatermarkAlignment settings,
      AlignmentGroup group,
      SourceWatermarks watermarks,
      Runnable wake) {
    this.alignment = new SourceAlignment(settings, watermarks);
    this.group = group;
    this.member = group.join(wake);
    this.updateNanos = settings.updateInterval().toNanos();
  }

  /**
   * Tells the group how far the task is, if it is time or would change what is decided, and decides
   * what is read from now on.
   *
   * @param quiet whether the source has nothing for the moment
   */
  void decide(SourceReader reader, long nowNanos, boolean quiet) {
    boolean held = !alignment.held().isEmpty();
    if (quiet
        || held
        || !told
        || nowNanos - toldNanos >= updateNanos
        || alignment.wouldHold(slowest)) {
      told = true;
      toldNanos = nowNanos;
      member.tell(alignment.slowest());
      slowest = group.slowest();
    }
    if (alignment.decide(slowest)) {
      holdsSplits = reader.holdSplits(alignment.held());
    }
    if (held || !alignment.held().isEmpty()) {
      member.await(alignment.awaited());
    }
  }

  /** It is so late now: to be told before watermarks are advanced. */
  void passed(long nowMillis) {
    if (passedMillis != Long.MIN_VALUE) {
      alignment.passed(nowMillis - passedMillis);
    }
    passedMillis = nowMillis;
  }

  /** Whether the reader must not be polled. */
  boolean isClosed() {
    return alignment.holdsAll() && !holdsSplits;
  }

  /** Whether all active splits are held. */
  boolean holdsAll() {
    return alignment.holdsAll();
  }

  /** Whether a split is too far ahead and not read. */
  boolean holds(String split) {
    return alignment.held().contains(split) && (holdsSplits || alignment.holdsAll());
  }

  /** Whether the group has come far enough for one of the held splits. */
  boolean mayGoOn() {
    return member.mayGoOn();
  }

  /** The task reads nothing any more and holds nobody back. */
  void end() {
    member.await(Long.MAX_VALUE);
    member.tell(Long.MAX_VALUE);
  }
}
