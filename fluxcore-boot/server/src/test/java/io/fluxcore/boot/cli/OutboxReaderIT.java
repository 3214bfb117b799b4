package io.fluxcore.boot.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A job of a real server reads the changes of a table of a real PostgreSQL, and is killed. */
final class OutboxReaderIT extends KilledReaderContract {
  private static final String OUTBOX =
      "url: \"%s\", user: postgres, password: none, tables: [changed], install: true";

  /** The outbox and its triggers are there before the first row is. */
  private static final String[] INSTALLED = {
    "create table if not exists changed (id bigint primary key, name text)",
    "create table if not exists fluxcore_outbox (id bigserial primary key, changed_at timestamptz"
        + " not null default clock_timestamp(), table_schema text not null, table_name text not"
        + " null, op text not null, row_before json, row_after json)",
    "create or replace function fluxcore_outbox_write() returns trigger language plpgsql as $$"
        + " begin insert into fluxcore_outbox (table_schema, table_name, op, row_after) values"
        + " (tg_table_schema, tg_table_name, 'c', to_json(new)); return null; end $$",
    "create or replace trigger fluxcore_outbox_rows after insert on changed for each row execute"
        + " function fluxcore_outbox_write()"
  };

  @Override
  String source() {
    return "{connector: outbox, "
        + OUTBOX.formatted(address())
        + ", pollInterval: 50ms, fetchSize: 30, schema: {id: long, name: string}}";
  }

  @Override
  void produce(long fromId, long toId) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      if (fromId == 0) {
        for (String one : INSTALLED) {
          statement.execute(one);
        }
      }
      statement.execute(
          "insert into changed select i, 'name-' || i from generate_series("
              + fromId
              + ", "
              + (toId - 1)
              + ") i");
    }
  }
}
