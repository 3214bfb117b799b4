package io.fluxcore.application.query;

import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * The rows of a query that runs, as they come: those of a changelog with their kinds. The query
 * waits for its reader: of rows that nobody has read it makes a few thousand and no more. It runs
 * until its input ends or this is closed; whoever has it closes it. One reader at a time; {@link
 * #close} may come from any thread and wakes the reader.
 */
public interface QueryRows extends AutoCloseable, Iterable<EventRecord> {
  /** Of the rows. */
  Schema schema();

  /**
   * The next rows.
   *
   * @param atMost rows
   * @param patience how long to wait for the first
   * @return rows in the order of their arrival; empty when the patience ran out or the end is
   *     reached
   * @throws io.fluxcore.domain.error.FluxCoreException why the query has failed, after the rows
   *     that it had given
   */
  List<EventRecord> poll(int atMost, Duration patience) throws InterruptedException;

  /** Whether no row will come any more: the input is at its end, or this was closed. */
  boolean isEnded();

  /**
   * The rows, for reading on this thread: it waits for each. When the thread is interrupted while
   * it waits, the query is closed and there are no more rows; the thread stays interrupted.
   */
  @Override
  Iterator<EventRecord> iterator();

  /**
   * The rows, given to one subscriber as it asks for them, on a thread of its own. Cancelling the
   * subscription closes the query.
   */
  Flow.Publisher<EventRecord> publisher();

  /**
   * Reads to the end, and gives the rows that stand then: of a changelog those that were not taken
   * back, all as insertions. For queries whose input ends.
   *
   * @param atMost rows that may stand at any time
   * @throws io.fluxcore.domain.error.FluxCoreException of category RESOURCE if more do; why the
   *     query has failed, if it has
   */
  default List<EventRecord> table(int atMost) throws InterruptedException {
    StandingRows standing = new StandingRows();
    while (true) {
      List<EventRecord> rows = poll(EventBatch.TARGET_ROWS, Duration.ofSeconds(1));
      rows.forEach(standing::change);
      if (standing.size() > atMost) {
        throw new FluxCoreException(
            ErrorCategory.RESOURCE,
            Diagnostic.error(
                "FLX-QUERY-0047",
                Place.WHOLE,
                "the query has more than " + atMost + " rows",
                "ask for fewer: by WHERE, by LIMIT, or grouped"));
      }
      if (rows.isEmpty() && isEnded()) {
        return standing.list();
      }
    }
  }

  /** A reading of the metrics of the run; after its end, the last one. */
  JobMetrics metrics();

  /** Cancels the query, if it is not over. Returns when nothing of it runs any more, or soon. */
  @Override
  void close();
}
