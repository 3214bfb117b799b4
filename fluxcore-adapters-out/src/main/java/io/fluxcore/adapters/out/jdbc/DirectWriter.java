package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Sends rows to their table, a transaction for each of its batches. */
final class DirectWriter implements SinkWriter {
  private final JdbcOptions options;
  private final Connections connections;
  private final Target target;
  private final RowLimits limits;
  private final List<TargetRows.Row> pending = new ArrayList<>();
  private RecordFailures failures = RecordFailures.FAIL;
  private boolean closed;

  DirectWriter(JdbcOptions options, Connections connections, Catalogue.Found found) {
    this.options = options;
    this.connections = connections;
    this.target = found.target();
    this.limits = new RowLimits(target, found.facts(), options.dialect());
  }

  @Override
  public void write(EventBatch batch, RecordFailures newFailures) {
    failures = newFailures;
    for (int i = 0; i < batch.size(); i++) {
      if (pending.size() >= options.batchSize()) {
        send(i);
      }
      int row = batch.row(i);
      if (StagingWriter.isReplaced(batch, row, target)) {
        continue;
      }
      RecordException problem = StagingWriter.problem(batch, row, limits, target);
      if (problem == null) {
        pending.add(new TargetRows.Row(batch, row));
      } else {
        failures.failed(batch, row, problem);
      }
    }
  }

  private void send(int taken) {
    if (pending.isEmpty()) {
      return;
    }
    List<TargetRows.Refused> refused;
    try {
      refused =
          connections.transaction(
              connection -> {
                try (TargetRows rows =
                    new TargetRows(connection, options.dialect(), target, options.batchSize())) {
                  for (TargetRows.Row row : pending) {
                    rows.add(row.batch(), row.row());
                  }
                  rows.send();
                  return rows.refused();
                }
              });
    } catch (SQLException e) {
      throw JdbcErrors.of(e, "write to", options, taken);
    }
    pending.clear();
    refused.forEach(row -> row.tell(failures));
  }

  @Override
  public void flush() {
    send(0);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pending.clear();
      connections.close();
    }
  }
}
