package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.query.SqlResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;

/**
 * The queries that were started over REST: not too many at the same time, none that nobody reads
 * for long, and for a while those that are over. Thread-safe.
 */
final class Queries implements AutoCloseable {
  /** Those that are over are remembered up to this many. */
  private static final int KEPT = 100;

  private final int most;
  private final Duration idle;
  private final Duration heartbeat;
  private final InstantSource time;
  private final ScheduledExecutorService janitor;
  private final Map<String, OpenQuery> queries = new LinkedHashMap<>();
  private int starting;

  Queries(RestSettings settings, InstantSource time) {
    this.most = settings.maxQueries();
    this.idle = settings.queryIdle();
    this.heartbeat = settings.heartbeat();
    this.time = time;
    this.janitor =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "fluxcore-rest-queries");
              thread.setDaemon(true);
              return thread;
            });
    long period = Math.max(10, idle.toMillis() / 4);
    ScheduledFuture<?> unused =
        janitor.scheduleAtFixedRate(this::cancelIdle, period, period, TimeUnit.MILLISECONDS);
  }

  Duration heartbeat() {
    return heartbeat;
  }

  /**
   * Starts a query.
   *
   * @throws Refused if too many run already
   */
  OpenQuery start(String sql, SqlRequest request, Supplier<SqlResult.Query> begin) {
    synchronized (this) {
      long open = queries.values().stream().filter(query -> !query.state().isOver()).count();
      if (open + starting >= most) {
        throw Refused.busy("there are too many queries already");
      }
      starting++;
    }
    OpenQuery query = null;
    try {
      query =
          new OpenQuery(
              "q_" + UUID.randomUUID().toString().replace("-", ""),
              sql,
              begin.get(),
              request,
              time.instant());
      return query;
    } finally {
      synchronized (this) {
        starting--;
        if (query != null) {
          queries.put(query.id(), query);
          forgetOldest();
        }
      }
    }
  }

  private synchronized void forgetOldest() {
    long over = queries.values().stream().filter(query -> query.state().isOver()).count();
    Iterator<OpenQuery> all = queries.values().iterator();
    while (over > KEPT && all.hasNext()) {
      if (all.next().state().isOver()) {
        all.remove();
        over--;
      }
    }
  }

  /**
   * A query.
   *
   * @throws Refused if there is none of this id, or none any more
   */
  synchronized OpenQuery get(String id) {
    OpenQuery query = queries.get(id);
    if (query == null) {
      throw new Refused(
          HttpStatus.NOT_FOUND,
          "FLX-REST-0043",
          "there is no query '" + id + "'",
          "list them: GET /api/v1/queries; those that are over are forgotten in time");
    }
    return query;
  }

  /** All, the newest first. */
  synchronized List<OpenQuery> all() {
    List<OpenQuery> all = new ArrayList<>(queries.values());
    Collections.reverse(all);
    return all;
  }

  /** Cancels a query, and forgets it. */
  void remove(String id) {
    OpenQuery query = get(id);
    boolean unused = query.cancel(time.instant());
    synchronized (this) {
      queries.remove(id);
    }
  }

  Instant now() {
    return time.instant();
  }

  private void cancelIdle() {
    Instant now = time.instant();
    for (OpenQuery query : all()) {
      if (query.state() == OpenQuery.State.WAITING && query.restsSince().plus(idle).isBefore(now)) {
        boolean unused = query.cancel(now);
      }
    }
  }

  @Override
  public void close() {
    janitor.shutdownNow();
    for (OpenQuery query : all()) {
      boolean unused = query.cancel(time.instant());
    }
  }
}
