package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.query.QueryRows;
import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A query that was started over REST, and what has become of it. Thread-safe. */
final class OpenQuery {
  private static final String NODE = "query";

  private final String id;
  private final String sql;
  private final QueryRows rows;
  private final List<Diagnostic> warnings;
  private final long limit;
  private final @Nullable Duration timeout;
  private final Instant startedAt;
  private State state = State.WAITING;
  private Instant restsSince;
  private long count;
  private Reading.@Nullable End end;
  private @Nullable Diagnostic failure;

  /** Where a query is in its life. */
  enum State {
    WAITING,
    READING,
    ENDED,
    FAILED,
    CANCELLED;

    boolean isOver() {
      return compareTo(READING) > 0;
    }
  }

  OpenQuery(String id, String sql, SqlResult.Query query, SqlRequest request, Instant now) {
    this.id = id;
    this.sql = sql;
    this.rows = query.rows();
    this.warnings = query.warnings();
    this.limit = request.rows();
    this.timeout = request.timeout();
    this.startedAt = now;
    this.restsSince = now;
  }

  String id() {
    return id;
  }

  /** Since when nobody reads it. */
  synchronized Instant restsSince() {
    return restsSince;
  }

  synchronized State state() {
    return state;
  }

  synchronized QueryResource resource() {
    return new QueryResource(
        id,
        state.name(),
        sql,
        QueryResource.columns(rows.schema()),
        startedAt,
        count,
        end == null ? null : end.name(),
        failure == null ? null : JobMapping.INSTANCE.diagnostic(failure),
        SqlScripts.resources(warnings));
  }

  /**
   * Takes the query for reading: there is one reader, who reads it to the end.
   *
   * @throws Refused if somebody reads it or has
   */
  synchronized void beginReading() {
    if (state != State.WAITING) {
      throw new Refused(
          HttpStatus.CONFLICT,
          "FLX-REST-0042",
          "query " + id + " is " + state + ": its rows are given once",
          "start it again");
    }
    state = State.READING;
  }

  /**
   * Passes the rows on to a client, as slowly as that takes them.
   *
   * @throws IOException if the client has gone
   */
  void read(Reading.Client client, Duration heartbeat) throws IOException, InterruptedException {
    Rows reading = new Rows();
    new Reading(reading, limit, timeout, heartbeat, Reading.End.QUERY_ENDED)
        .run(new Observed(client));
  }

  /** Ends it, whoever reads it; gives whether it was not over. */
  boolean cancel(Instant now) {
    boolean wasOpen;
    synchronized (this) {
      wasOpen = !state.isOver();
      if (wasOpen) {
        over(State.CANCELLED, now);
      }
    }
    rows.close();
    return wasOpen;
  }

  /** The reader has gone, or has all. */
  void endReading(Instant now) {
    synchronized (this) {
      if (!state.isOver()) {
        over(end == null ? State.CANCELLED : State.ENDED, now);
      }
    }
    rows.close();
  }

  private synchronized void over(State how, Instant now) {
    state = how;
    restsSince = now;
  }

  private synchronized void failed(FluxCoreException why) {
    if (!state.isOver()) {
      failure = why.diagnostics().get(0);
      state = State.FAILED;
    }
  }

  private synchronized void ended(long given, Reading.End how) {
    count = given;
    end = how;
  }

  private synchronized void counted(int more) {
    count += more;
  }

  /** Takes note of what a client is told. */
  private final class Observed implements Reading.Client {
    private final Reading.Client client;

    Observed(Reading.Client client) {
      this.client = client;
    }

    @Override
    public void begin(ResultSubscription results) throws IOException {
      client.begin(results);
    }

    @Override
    public void rows(List<ResultRow> given) throws IOException {
      client.rows(given);
      counted(given.size());
    }

    @Override
    public void beat() throws IOException {
      client.beat();
    }

    @Override
    public void end(long given, long missed, Reading.End reason) throws IOException {
      ended(given, reason);
      client.end(given, missed, reason);
    }

    @Override
    public void failed(FluxCoreException why) throws IOException {
      OpenQuery.this.failed(why);
      client.failed(why);
    }
  }

  /** The rows as readings have them: none is ever missed. */
  private final class Rows implements ResultSubscription {
    private long sequence;

    @Override
    public String operatorId() {
      return NODE;
    }

    @Override
    public Schema schema() {
      return rows.schema();
    }

    @Override
    public List<ResultRow> poll(int atMost, Duration patience) throws InterruptedException {
      List<ResultRow> result = new ArrayList<>();
      for (EventRecord row : rows.poll(atMost, patience)) {
        result.add(new ResultRow(sequence++, row));
      }
      return result;
    }

    @Override
    public long missed() {
      return 0;
    }

    @Override
    public boolean isEnded() {
      return rows.isEnded();
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
