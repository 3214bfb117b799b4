package io.fluxcore.application.connector;

import io.fluxcore.domain.event.EventBatch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the splits of one subtask. All calls come from one thread, except {@link #wakeUp()}. A
 * reader without a split is idle.
 */
public interface SourceReader extends AutoCloseable {
  /**
   * Adds a split.
   *
   * @param position where to go on: the end position that a {@link Poll.Rows} of this split had, or
   *     null for the configured start
   */
  void assign(Source.Split split, @Nullable SplitPosition position);

  /**
   * The next rows of one split, or what there is instead. Returns at once when something is there;
   * otherwise waits no longer than {@code maxWait}.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if reading fails; a record that cannot be
   *     decoded is not a failure but a {@link BadRecord}
   */
  Poll poll(Duration maxWait);

  /**
   * Decodes a record that was read before and could not be processed, as it was or mended. Reading
   * is where it was afterwards.
   *
   * @param split that it came from, whether it is read here or not
   * @param record one record, in the form of {@link BadRecord#bytes} and of {@link
   *     io.fluxcore.domain.event.RawRecords#bytes}
   * @return its rows, or the record in {@link Decoded#bad}; null from a reader that does not decode
   *     bytes
   */
  default @Nullable Decoded decode(String split, byte[] record) {
    return null;
  }

  /**
   * What {@link #decode} made of a record.
   *
   * @param batch of the schema that was asked for
   * @param bad the record, if it cannot be decoded
   */
  record Decoded(EventBatch batch, List<BadRecord> bad) {
    public Decoded {
      bad = List.copyOf(bad);
    }
  }

  /** Makes a waiting {@link #poll} return soon. Thread-safe. */
  default void wakeUp() {}

  /**
   * Gives no rows of these splits until told otherwise, and rows of all others again: they would
   * run ahead of other splits in event time. Each call stands for itself; with an empty set all
   * splits are read. The end of a held split may still be told.
   *
   * @return false if the reader cannot hold single splits, which then all go on; it is not polled
   *     while all of its splits would have to be held
   */
  default boolean holdSplits(Set<String> splits) {
    return splits.isEmpty();
  }

  /**
   * How many records of a split, which is read here, lie outside and have not been given, about; -1
   * where that is not known. Touches nothing outside.
   */
  default long lag(String split) {
    return -1;
  }

  /**
   * How many records of a split, which is read here, are known to have been lost on their way, by
   * this reader or before it in its place, because there was no room for them; -1 where that cannot
   * be known, or cannot be. Touches nothing outside.
   */
  default long lost(String split) {
    return -1;
  }

  /**
   * A checkpoint begins: it will hold the positions that polls have given so far. Not every
   * checkpoint that begins is completed, and the last one of a job that ends by itself is not told.
   */
  default void checkpointStarted(long checkpointId) {}

  /**
   * A checkpoint, and every one that began before it, need not be asked for any more: acknowledge
   * what came before the positions of {@link #checkpointStarted}, move offsets. Some checkpoints
   * may be left out; a later one stands for them.
   */
  default void checkpointCompleted(long checkpointId) {}

  @Override
  void close();
}
