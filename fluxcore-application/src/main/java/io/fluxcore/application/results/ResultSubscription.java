package io.fluxcore.application.results;

import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.List;

/**
 * A reading of what one node of a running job emits or a sink receives. One reader at a time;
 * {@link #close} may come from any thread and wakes the reader.
 */
public interface ResultSubscription extends AutoCloseable {
  /** The node that is read. */
  String operatorId();

  /** Of the rows. */
  Schema schema();

  /**
   * The next rows.
   *
   * @param atMost rows
   * @param patience how long to wait for the first
   * @return rows in the order of their arrival; empty when the patience ran out or the end is
   *     reached
   */
  List<ResultRow> poll(int atMost, Duration patience) throws InterruptedException;

  /** Rows that this reading lost because its reader was too slow. */
  long missed();

  /** Whether no row will come any more: the job is over, or this was closed. */
  boolean isEnded();

  @Override
  void close();
}
