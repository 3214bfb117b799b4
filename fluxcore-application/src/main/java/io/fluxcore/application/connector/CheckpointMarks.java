package io.fluxcore.application.connector;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader was when checkpoints began, until they are completed: what it then tells the
 * outside. For one thread.
 *
 * @param <M> a mark, such as an offset
 */
public final class CheckpointMarks<M> {
  private final NavigableMap<Long, M> marks = new TreeMap<>();

  /** See {@link SourceReader#checkpointStarted}. */
  public void started(long checkpointId, M mark) {
    marks.put(checkpointId, mark);
  }

  /**
   * See {@link SourceReader#checkpointCompleted}: forgets this checkpoint and all before it.
   *
   * @return the newest mark of them; null if there is none
   */
  public @Nullable M completed(long checkpointId) {
    NavigableMap<Long, M> covered = marks.headMap(checkpointId, true);
    Map.Entry<Long, M> newest = covered.lastEntry();
    covered.clear();
    return newest == null ? null : newest.getValue();
  }
}
