package io.fluxcore.adapters.in.backlog;

import io.fluxcore.adapters.in.spool.Spool;
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
  private static final System.Logger LOG = System.getLogger(BacklogSettings.class.getName());

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
    SpoolBacklog backlog = openSpool(name, spool, position);
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

  private SpoolBacklog openSpool(String name, Path directory, @Nullable SplitPosition position) {
    long wanted = position == null ? -1 : BacklogPosition.offset(position, name);
    Spool opened = Spool.open(directory, spoolBytes, spoolSegmentBytes, deduplicationWindow);
    if (opened.cutOffBytes() > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "spool {0}: a crash left {1} bytes at the end unfinished; they were cut off",
          directory,
          opened.cutOffBytes());
    }
    try {
      return new SpoolBacklog(
          name, opened, wanted < 0 ? Math.max(opened.released(), opened.first()) : wanted);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }
}
