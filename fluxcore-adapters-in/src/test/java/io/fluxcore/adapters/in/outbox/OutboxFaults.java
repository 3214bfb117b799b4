package io.fluxcore.adapters.in.outbox;

import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** What the source keeps when its database fails. */
abstract class OutboxFaults extends SourceFaultsContract {
  private String table = "";

  abstract OutboxDatabase database();

  @BeforeEach
  void newTable() {
    table = OutboxDatabase.newName();
    database().execute("create table " + table + " (id bigint primary key)");
    database().install(table);
  }

  @Override
  protected SourceConnector connector() {
    return new OutboxSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return database().options(table);
  }

  @Override
  protected void publish(long fromId, long toId) {
    StringBuilder values = new StringBuilder();
    for (long id = fromId; id < toId; id++) {
      values.append(values.isEmpty() ? "" : ",").append("(").append(id).append(")");
    }
    database().execute("insert into " + table + " values " + values);
  }

  @Override
  protected Map<String, Object> wrongPassword() {
    Map<String, Object> options = options();
    options.put("user", "nobody");
    options.put("password", "wrong");
    return options;
  }

  @Override
  protected Map<String, Object> missing() {
    return database().options("no_such_table");
  }
}
