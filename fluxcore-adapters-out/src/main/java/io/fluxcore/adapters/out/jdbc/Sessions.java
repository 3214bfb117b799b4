package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.connector.SinkOwner;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The sessions of owners of a job, by name. A process that is paused amid a transaction keeps its
 * locks for as long as its session lives, which is for good: its successor would wait with it. So
 * whoever takes a job over ends the sessions of those before. PostgreSQL lets a user do that with
 * sessions of its own.
 */
final class Sessions {
  private static final String PREFIX = "fluxcore-";

  private Sessions() {}

  /** No longer than the 63 bytes that PostgreSQL keeps of it. */
  static String name(SinkOwner owner) {
    return prefix(owner) + owner.token().value();
  }

  private static String prefix(SinkOwner owner) {
    String writes = owner.job() + "/" + owner.operatorId();
    UUID hash = UUID.nameUUIDFromBytes(writes.getBytes(StandardCharsets.UTF_8));
    return PREFIX + Long.toHexString(hash.getMostSignificantBits()) + "-";
  }

  /** Ends the sessions of earlier owners of the job. */
  static void endEarlier(Connection connection, SinkOwner owner) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where usename = current_user and pid <> pg_backend_pid()"
                + " and starts_with(application_name, ?)"
                + " and cast(substring(application_name from '[0-9]+$') as bigint) < ?")) {
      statement.setString(1, prefix(owner));
      statement.setLong(2, owner.token().value());
      statement.execute();
    }
  }
}
