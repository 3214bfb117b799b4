package io.fluxcore.boot.nexmark;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The rows that are there when all changes have been applied. */
final class Result implements Sink {
  private final List<String> columns;
  private final Map<List<Object>, Integer> rows = new ConcurrentHashMap<>();

  /** A result of these columns. */
  Result(List<String> columns) {
    this.columns = columns;
  }

  /** How often each row is there, of {@link Table#normal} values. */
  Map<List<Object>, Integer> rows() {
    return rows;
  }

  @Override
  public Changes takes() {
    return Changes.retracts(null);
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return new SinkWriter() {
      @Override
      public void write(EventBatch batch, RecordFailures failures) {
        EventCursor cursor = new EventCursor();
        for (int i = 0; i < batch.size(); i++) {
          EventRecord event = cursor.moveTo(batch, batch.row(i)).copy();
          List<Object> row = new ArrayList<>();
          columns.forEach(column -> row.add(event.get(column)));
          int change = batch.rowKind(batch.row(i)).isRetraction() ? -1 : 1;
          rows.merge(Table.normal(row), change, (a, b) -> a + b == 0 ? null : (Integer) (a + b));
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
