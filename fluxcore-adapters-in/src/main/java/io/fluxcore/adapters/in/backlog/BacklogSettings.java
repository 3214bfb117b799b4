package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.SplitPosition;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When messages of a broker are acknowledged, and what is remembered of them.
 *
 * @param spool null: with checkpoints
 * @param spoolBytes what its files may have together
 * @param spoolSegmentBytes what one of them may have
 * @param deduplicationWindow how many ids are remembered
 */
public record BacklogSettings(
    @Nullable Path spool, long spoolBytes, long spoolSegmentBytes, int deduplicationWindow) {
  private static final long MAX_BYTES = 4 << 20;

  /** Whether messages are acknowledged when they are in a spool. */
  public boolean isSpooled() {
    return spool != null;
  }

  /**
   * Where messages go.
   *
   * @param <A> by what a message is acknowledged
   * @param name for messages to people: {@code queue 'orders'}
   * @param unacknowledged how many messages the broker gives without acknowledgement
   * @param acknowledger tells the broker
   */
  public <A> MessageInflow<A> open(
      String name,
      @Nullable SplitPosition position,
      int unacknowledged,
      Runnable arrived,
      MessageInflow.Acknowledger<A> acknowledger) {
    if (spool == null) {
      List<String> read = position == null ? List.of() : BacklogPosition.read(position, name);
      return new HeldInflow<>(
          new Unacknowledged<>(read, 2 * unacknowledged, acknowledger),
          unacknowledged,
          name,
          arrived);
    }
    SpoolBacklog backlog =
        SpoolBacklog.open(
            name,
            spool,
            spoolBytes,
            spoolSegmentBytes,
            deduplicationWindow,
            position == null
                ? -1
                : BacklogPosition.offset(
                    position, name + " with acknowledge: spool", "acknowledge"));
    try {
      RecentIds ids = new RecentIds(deduplicationWindow);
      backlog.lastIds(deduplicationWindow).forEach(ids::add);
      Consumer<List<A>> safe = those -> acknowledger.acknowledge(those, known -> {});
      Intake<A> intake =
          new Intake<>(
              name, backlog, Math.min(MAX_BYTES, spoolSegmentBytes / 2), ids, arrived, safe);
      intake.start();
      return new SpooledInflow<>(backlog, intake);
    } catch (RuntimeException e) {
      backlog.close();
      throw e;
    }
  }
}
