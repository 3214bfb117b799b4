package io.fluxcore.domain.topology;

/** Collects the settings of a ClickHouse sink. Not thread-safe. */
public final class ClickHouseSinkBuilder extends SinkBuilder<ClickHouseSinkBuilder> {
  ClickHouseSinkBuilder() {
    super("clickhouse", null);
  }

  /** Address of the server's HTTP interface. */
  public ClickHouseSinkBuilder withUrl(String url) {
    return with("url", url);
  }

  /** The table: its name, or {@code database.name}. */
  public ClickHouseSinkBuilder withTable(String table) {
    return with("table", table);
  }

  /** Rows that are inserted together. */
  public ClickHouseSinkBuilder withBatchSize(int rows) {
    return with("batchSize", rows);
  }

  /** User of the server, and the file whose first line is the password. */
  public ClickHouseSinkBuilder withUser(String user, String passwordFile) {
    return with("user", user).with("passwordFile", passwordFile);
  }
}
