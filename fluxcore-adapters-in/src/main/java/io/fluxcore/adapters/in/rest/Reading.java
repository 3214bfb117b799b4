package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes what a job gives on to one client, until the client has enough, its time is out, the job
 * is over or the client has gone. Waits for slow clients on the calling thread; FluxCore does not
 * wait for it, but lets it miss rows.
 */
final class Reading {
  private static final int ROWS_AT_ONCE = 500;

  private final ResultSubscription results;
  private final long limit;
  private final @Nullable Duration timeout;
  private final Duration heartbeat;
  private final End atEnd;

  /**
   * A reading of a job.
   *
   * @param limit rows
   * @param timeout from now on, or null: none
   */
  Reading(ResultSubscription results, long limit, @Nullable Duration timeout, Duration heartbeat) {
    this(results, limit, timeout, heartbeat, End.JOB_ENDED);
  }

  /**
   * A reading.
   *
   * @param limit rows
   * @param timeout from now on, or null: none
   * @param atEnd what is said when no row will come any more
   */
  Reading(
      ResultSubscription results,
      long limit,
      @Nullable Duration timeout,
      Duration heartbeat,
      End atEnd) {
    this.atEnd = atEnd;
    this.results = results;
    this.limit = limit;
    this.timeout = timeout;
    this.heartbeat = heartbeat;
  }

  /**
   * Reads to the end.
   *
   * @throws IOException if the client has gone
   */
  void run(Client client) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long count = 0;
    client.begin(results);
    while (true) {
      Duration left = left(start);
      if (count >= limit || left.isZero()) {
        client.end(count, results.missed(), count >= limit ? End.LIMIT : End.TIMEOUT);
        return;
      }
      List<ResultRow> rows;
      try {
        rows =
            results.poll(
                (int) Math.min(ROWS_AT_ONCE, limit - count),
                left.compareTo(heartbeat) < 0 ? left : heartbeat);
      } catch (FluxCoreException e) {
        client.failed(e);
        return;
      }
      if (rows.isEmpty() && results.isEnded()) {
        client.end(count, results.missed(), atEnd);
        return;
      }
      if (rows.isEmpty()) {
        client.beat();
      } else {
        client.rows(rows);
        count += rows.size();
      }
    }
  }

  private Duration left(long start) {
    if (timeout == null) {
      return heartbeat;
    }
    Duration left = timeout.minusNanos(System.nanoTime() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Why a reading ended. */
  enum End {
    LIMIT,
    TIMEOUT,
    JOB_ENDED,
    /** The query has given all its rows. */
    QUERY_ENDED,
    /** The client said that it has enough. */
    UNSUBSCRIBED
  }

  /** Who reads; each call may block. */
  interface Client {
    void begin(ResultSubscription results) throws IOException;

    void rows(List<ResultRow> rows) throws IOException;

    /** Nothing is new. */
    void beat() throws IOException;

    void end(long rows, long missed, End reason) throws IOException;

    /** What is read has failed: no row will come any more. */
    void failed(FluxCoreException failure) throws IOException;
  }
}
