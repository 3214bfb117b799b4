package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.query.QueryRows;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.application.results.ResultRow;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Queries over materialised views as they are now: the answer is the rows that stand, not the
 * changes that lead to them. Thread-safe.
 */
final class ViewQueries {
  /** Rows of an answer, which are held until it is complete. */
  private static final int MOST_ROWS = 1_000_000;

  private final FluxCoreService service;
  private final Turns turns;
  private final Duration heartbeat;

  ViewQueries(FluxCoreService service, Turns turns, RestSettings settings) {
    this.service = service;
    this.turns = turns;
    this.heartbeat = settings.heartbeat();
  }

  void pass(
      String sql, ReadingRequest wanted, HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    Turns.Turn turn = turns.take();
    try {
      SqlWorkspace workspace = service.sql();
      List<EventRecord> standing;
      Schema schema;
      if (workspace.statements(sql).size() != 1) {
        throw Refused.invalid(
            List.of(Problem.Fault.at("/sql", "is not one query")),
            "send one SELECT over materialised views; POST /api/v1/queries takes scripts");
      }
      try (QueryRows rows = SqlScripts.understood(workspace, sql).query(workspace).rows()) {
        schema = rows.schema();
        standing = rows.table(MOST_ROWS);
      }
      Answer answer = new Answer(schema, standing);
      Reading reading =
          new Reading(answer, wanted.rows(), wanted.timeout(), heartbeat, Reading.End.QUERY_ENDED);
      Streaming.write(request, response, reading::run);
    } finally {
      turn.close();
    }
  }

  /** Rows that are there. */
  private static final class Answer implements ResultSubscription {
    private final Schema schema;
    private final List<EventRecord> rows;
    private int next;

    Answer(Schema schema, List<EventRecord> rows) {
      this.schema = schema;
      this.rows = rows;
    }

    @Override
    public String operatorId() {
      return "query";
    }

    @Override
    public Schema schema() {
      return schema;
    }

    @Override
    public List<ResultRow> poll(int atMost, Duration patience) {
      List<ResultRow> result = new ArrayList<>();
      while (result.size() < atMost && next < rows.size()) {
        result.add(new ResultRow(next, rows.get(next)));
        next++;
      }
      return result;
    }

    @Override
    public long missed() {
      return 0;
    }

    @Override
    public boolean isEnded() {
      return next == rows.size();
    }

    @Override
    public void close() {}
  }
}
