package io.fluxcore.adapters.out.store;

import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.operation.OperationStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Operations in a database. */
final class JdbcOperationStore implements OperationStore {
  private final Database database;

  JdbcOperationStore(Database database) {
    this.database = database;
  }

  @Override
  public void save(Operation operation) {
    Long ended =
        operation.status().isTerminal() ? Long.valueOf(operation.changed().toEpochMilli()) : null;
    String body = StoreJson.write(operation);
    database.transaction(
        session -> {
          int known =
              session.update(
                  "update fluxcore_operation set ended_millis = cast(? as bigint), body = ?"
                      + " where id = ?",
                  ended,
                  body,
                  operation.id().value());
          if (known == 0) {
            session.update(
                "insert into fluxcore_operation (id, job_id, ended_millis, body)"
                    + " values (?, ?, cast(? as bigint), ?)",
                operation.id().value(),
                operation.jobId().value(),
                ended,
                body);
          }
          return known;
        });
  }

  @Override
  public Optional<Operation> find(OperationId id) {
    return database.transaction(
        session ->
            session.first(
                "select body from fluxcore_operation where id = ?",
                row -> StoreJson.operation(row.getString(1)),
                id.value()));
  }

  @Override
  public List<Operation> all() {
    return database.transaction(
        session ->
            session.list(
                "select body from fluxcore_operation order by number desc",
                row -> StoreJson.operation(row.getString(1))));
  }

  @Override
  public void removeEndedBefore(Instant time) {
    database.transaction(
        session ->
            session.update(
                "delete from fluxcore_operation where ended_millis < ?", time.toEpochMilli()));
  }
}
