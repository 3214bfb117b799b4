package io.fluxcore.domain.topology;

import java.util.List;

/** Collects the settings of a source of changes that triggers write. Not thread-safe. */
public final class OutboxSourceBuilder extends SourceBuilder<OutboxSourceBuilder> {
  OutboxSourceBuilder() {
    super("outbox", null);
  }

  /** Where the database is: {@code jdbc:mariadb://host/database}. */
  public OutboxSourceBuilder withUrl(String url) {
    return with("url", url);
  }

  /** Who comes. */
  public OutboxSourceBuilder withUser(String user) {
    return with("user", user);
  }

  /** A file whose first line is the user's password. */
  public OutboxSourceBuilder withPasswordFile(String file) {
    return with("passwordFile", file);
  }

  /** The tables whose changes are read. */
  public OutboxSourceBuilder withTables(String... tables) {
    return with("tables", List.of(tables));
  }

  /** The table that triggers write changes to. */
  public OutboxSourceBuilder withOutboxTable(String table) {
    return with("outboxTable", table);
  }

  /** Makes the outbox and the triggers where they are missing. */
  public OutboxSourceBuilder withInstall() {
    return with("install", true);
  }
}
