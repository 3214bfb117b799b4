package io.fluxcore.domain.topology;

import java.util.List;

/** Collects the settings of a sink of rows of a database's table. Not thread-safe. */
public final class JdbcSinkBuilder extends SinkBuilder<JdbcSinkBuilder> {
  JdbcSinkBuilder() {
    super("jdbc", null);
  }

  /** Address of the database, such as {@code jdbc:postgresql://host/database}; no password. */
  public JdbcSinkBuilder withUrl(String url) {
    return with("url", url);
  }

  /** User of the database, and the file whose first line is the password. */
  public JdbcSinkBuilder withUser(String user, String passwordFile) {
    return with("user", user).with("passwordFile", passwordFile);
  }

  /** The table: its name, or {@code schema.name}. */
  public JdbcSinkBuilder withTable(String table) {
    return with("table", table);
  }

  /**
   * A row takes the place of the one whose values of these fields are the same, and a deletion
   * deletes that one. Without fields they are those that name a row, where the topology tells.
   */
  public JdbcSinkBuilder withUpsert(String... key) {
    return with("mode", "upsert").with("key", List.of(key));
  }

  /** Rows that are sent to the database together. */
  public JdbcSinkBuilder withBatchSize(int rows) {
    return with("batchSize", rows);
  }

  /** Makes a table that is missing. */
  public JdbcSinkBuilder withCreateTable() {
    return with("createTable", true);
  }
}
