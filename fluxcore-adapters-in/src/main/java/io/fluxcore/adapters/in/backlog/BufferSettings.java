package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.SplitPosition;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where events wait for their job that others push into a source.
 *
 * @param spool null: in memory only
 * @param spoolBytes what its files may have together
 * @param spoolSegmentBytes what one of them may have
 * @param bufferBytes of memory that events may take
 * @param bufferEvents how many may be in memory
 */
public record BufferSettings(
    @Nullable Path spool,
    long spoolBytes,
    long spoolSegmentBytes,
    long bufferBytes,
    long bufferEvents) {
  private static final long MOST_BYTES_AT_ONCE = 4 << 20;

  /** Whether events outlive the process. */
  public boolean isDurable() {
    return spool != null;
  }

  /** Whether an event has room: twice, since more than one is on its way. */
  public boolean hasRoomFor(long eventBytes) {
    return eventBytes <= (spool == null ? bufferBytes : spoolBytes) / 2;
  }

  /**
   * Memory for events. It lives as long as the source, so that a restarted job reads what the
   * failed one did not.
   *
   * @param name for messages to people: {@code stream 'orders'}
   */
  public MemoryBacklog memory(String name) {
    return new MemoryBacklog(name, bufferBytes, bufferEvents);
  }

  /**
   * Lets events in.
   *
   * @param name for messages to people
   * @param memory where they wait without a spool
   * @param position where reading goes on; null: after what checkpoints have held
   * @param arrived called when there is something to read, or an end
   */
  public PushInflow open(
      String name, MemoryBacklog memory, @Nullable SplitPosition position, Runnable arrived) {
    if (spool == null) {
      return PushInflow.start(name, memory, Math.min(MOST_BYTES_AT_ONCE, bufferBytes / 2), arrived);
    }
    SpoolBacklog backlog =
        SpoolBacklog.open(
            name,
            spool,
            spoolBytes,
            spoolSegmentBytes,
            0,
            position == null ? -1 : BacklogPosition.offset(position, name, "spool"));
    return PushInflow.start(
        name, backlog, Math.min(MOST_BYTES_AT_ONCE, spoolSegmentBytes / 2), arrived);
  }
}
