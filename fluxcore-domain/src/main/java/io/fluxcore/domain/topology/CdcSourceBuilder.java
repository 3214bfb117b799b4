package io.fluxcore.domain.topology;

/** Collects the settings of a source of a database's changes. Not thread-safe. */
public final class CdcSourceBuilder extends SourceBuilder<CdcSourceBuilder> {
  CdcSourceBuilder() {
    super("cdc", null);
  }

  /** Which database it is: {@code postgresql}, {@code mariadb} or {@code mysql}. */
  public CdcSourceBuilder withType(String type) {
    return with("type", type);
  }

  /** Where the database is. */
  public CdcSourceBuilder withHost(String host) {
    return with("host", host);
  }

  /** Name of the database. */
  public CdcSourceBuilder withDatabase(String database) {
    return with("database", database);
  }

  /** A user who may replicate. */
  public CdcSourceBuilder withUser(String user) {
    return with("user", user);
  }

  /** A file whose first line is the user's password. */
  public CdcSourceBuilder withPasswordFile(String file) {
    return with("passwordFile", file);
  }

  /**
   * The tables, as {@code schema.table}, of MariaDB and MySQL {@code database.table}, with commas
   * between.
   */
  public CdcSourceBuilder withTables(String tables) {
    return with("tables", tables);
  }

  /** PostgreSQL: the replication slot of this job. */
  public CdcSourceBuilder withSlot(String slot) {
    return with("slot", slot);
  }

  /** The rows that are there before: {@code initial}, {@code never} or {@code only}. */
  public CdcSourceBuilder withSnapshot(String snapshot) {
    return with("snapshot", snapshot);
  }
}
