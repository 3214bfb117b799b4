package io.fluxcore.domain.topology;

import java.time.Duration;
import java.util.List;

/** Collects the settings of a source of a database's rows. Not thread-safe. */
public final class JdbcSourceBuilder extends SourceBuilder<JdbcSourceBuilder> {
  JdbcSourceBuilder() {
    super("jdbc", null);
  }

  /** Where the database is: {@code jdbc:postgresql://host/database}. */
  public JdbcSourceBuilder withUrl(String url) {
    return with("url", url);
  }

  /** Who comes. */
  public JdbcSourceBuilder withUser(String user) {
    return with("user", user);
  }

  /** A file whose first line is the user's password. */
  public JdbcSourceBuilder withPasswordFile(String file) {
    return with("passwordFile", file);
  }

  /** The table. */
  public JdbcSourceBuilder withTable(String table) {
    return with("table", table);
  }

  /** A query in place of a table. */
  public JdbcSourceBuilder withQuery(String query) {
    return with("query", query);
  }

  /** The column that increases with each row. */
  public JdbcSourceBuilder withColumn(String column) {
    return with("column", column);
  }

  /** Columns that together with that one are unique. */
  public JdbcSourceBuilder withKey(String... columns) {
    return with("key", List.of(columns));
  }

  /** How long a row may become visible after others with larger values. */
  public JdbcSourceBuilder withSettle(Duration time) {
    return with("settle", time);
  }
}
