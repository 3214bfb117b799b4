package io.fluxcore.adapters.in.outbox;

import io.fluxcore.adapters.in.outbox.ChangeRows.Change;
import io.fluxcore.adapters.in.sql.SqlDialect;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.domain.event.EventBatch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads changes by their numbers, and no further than to a number that is missing and may still
 * come: its transaction took it and has not ended. All calls come from the thread of one worker.
 *
 * <p>What is missing below the last number that was seen at some time comes from transactions that
 * had begun by then. PostgreSQL tells when all of them have ended: they have smaller transaction
 * ids than one that is taken after that time, and the oldest transaction that runs is a part of
 * each snapshot. Other databases are given {@code gapTimeout}.
 */
final class OutboxFetch {
  private final OutboxSettings settings;
  private final Installation installation;
  private final ChangeRows rows;
  private final int limit;
  private final boolean isPostgres;
  private boolean isReady;

  /** What is missing below this number will not come. */
  private long settledBelow;

  /** The same, when what had begun by then has ended. */
  private long settlesBelow;

  /** PostgreSQL: a transaction that came after all of those. */
  private long horizon;

  /** Others: when {@link #settlesBelow} was seen. */
  private long seenNanos;

  /**
   * Some changes.
   *
   * @param last the number of the last one
   * @param isFull whether there may be more at once
   */
  record Chunk(EventBatch batch, List<BadRecord> bad, long last, boolean isFull) {}

  OutboxFetch(OutboxSettings settings, ReaderContext context) {
    this.settings = settings;
    this.installation = new Installation(settings);
    this.limit = Math.max(1, Math.min(settings.fetchSize(), context.batchRows() / 2));
    this.rows =
        new ChangeRows(context.schema(), context.operatorId(), Math.max(2, context.batchRows()));
    this.isPostgres = settings.database().dialect() == SqlDialect.POSTGRESQL;
  }

  /** The next changes behind a number. */
  Chunk next(Connection connection, long after) throws SQLException {
    if (!isReady) {
      prepare(connection, after);
      isReady = true;
    }
    try {
      return read(connection, after);
    } catch (SQLException | RuntimeException e) {
      rows.build(); // what was read comes again
      rows.takeBad();
      throw e;
    }
  }

  private Chunk read(Connection connection, long after) throws SQLException {
    settle(connection);
    List<Change> changes = changes(connection, after);
    long expected = after + 1;
    long last = after;
    boolean isStopped = false;
    for (Change change : changes) {
      if (change.id() != expected && change.id() > settledBelow) {
        isStopped = true;
        break;
      }
      rows.add(change, settings.outbox());
      last = change.id();
      expected = last + 1;
    }
    if (isStopped && settlesBelow <= last) {
      waitForMissing(connection, changes.get(changes.size() - 1).id());
    }
    connection.commit();
    return new Chunk(rows.build(), rows.takeBad(), last, !isStopped && changes.size() == limit);
  }

  private void prepare(Connection connection, long after) throws SQLException {
    if (settings.install()) {
      installation.install(connection);
    } else {
      List<String> missing = installation.missing(connection);
      if (!missing.isEmpty()) {
        throw OutboxErrors.notInstalled(settings + " or its triggers are not there", missing);
      }
    }
    if (after > 0) {
      Long first = number(connection, "select min(id) from " + settings.outbox());
      if (first == null || first > after) {
        throw OutboxErrors.lost(settings, after, first);
      }
    }
  }

  private static @Nullable Long number(Connection connection, String query) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet result = statement.executeQuery()) {
      long value = result.next() ? result.getLong(1) : 0;
      return result.wasNull() ? null : value;
    }
  }

  /** Whether what was waited for has ended; asked before changes are read, which then are there. */
  private void settle(Connection connection) throws SQLException {
    if (settlesBelow <= settledBelow) {
      return;
    }
    if (isPostgres) {
      Long oldest =
          number(connection, "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
      connection.commit();
      if (oldest == null || oldest < horizon) {
        return;
      }
    } else if (System.nanoTime() - seenNanos < settings.gapTimeout().toNanos()) {
      return;
    }
    settledBelow = settlesBelow;
  }

  private void waitForMissing(Connection connection, long lastSeen) throws SQLException {
    settlesBelow = lastSeen;
    seenNanos = System.nanoTime();
    if (isPostgres) {
      Long own = number(connection, "select pg_current_xact_id()::text::bigint");
      horizon = own == null ? Long.MAX_VALUE : own;
    }
  }

  private List<Change> changes(Connection connection, long after) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select id, table_schema, table_name, op, row_before, row_after, changed_at from "
                + settings.outbox()
                + " where id > ? order by id limit "
                + limit)) {
      statement.setQueryTimeout((int) Math.max(1, settings.database().timeout().toSeconds()));
      statement.setLong(1, after);
      List<Change> changes = new ArrayList<>();
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          Timestamp time = found.getTimestamp(7);
          changes.add(
              new Change(
                  found.getLong(1),
                  found.getString(2),
                  found.getString(3),
                  found.getString(4),
                  found.getString(5),
                  found.getString(6),
                  time == null ? EventBatch.NO_TIMESTAMP : time.getTime()));
        }
      }
      return changes;
    }
  }

  /**
   * Deletes the changes below a number. That one stays: by it is known later that those behind it
   * are there.
   */
  int delete(Connection connection, long below) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("delete from " + settings.outbox() + " where id < ?")) {
      statement.setLong(1, below);
      int deleted = statement.executeUpdate();
      connection.commit();
      return deleted;
    }
  }
}
