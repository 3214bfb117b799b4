package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.connector.SinkOwner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sink's own two tables, in the schema of the table that it writes to.
 *
 * <ul>
 *   <li>{@code fluxcore_commits}: for each job and sink, a row of subtask {@value #OWNER} with the
 *       token of who may commit, which every commit locks, and in place of a checkpoint the token
 *       of the last owner that took back what was left: of earlier owners nothing waits any more.
 *       And a row for each writer with the last of its transactions that was committed, by token
 *       and checkpoint. Both rise, so that one row tells of all earlier transactions too.
 *   <li>{@code fluxcore_staged}: rows that wait for their checkpoint, in chunks.
 * </ul>
 *
 * <p>Stateless but for the names; every method belongs to the transaction of the connection.
 */
final class CommitTables {
  private static final int OWNER = -1;
  private static final String MINE = " where job = ? and sink = ?";

  private final Dialect dialect;
  private final String schema;
  private final String commits;
  private final String staged;

  CommitTables(Dialect dialect, String schema) {
    this.dialect = dialect;
    this.schema = schema;
    this.commits = Dialect.quoted(schema) + ".fluxcore_commits";
    this.staged = Dialect.quoted(schema) + ".fluxcore_staged";
  }

  /** The last transaction of a writer that was committed. */
  record Mark(long token, long checkpointId) {
    static final Mark NONE = new Mark(0, 0);

    boolean isBefore(Prepared prepared) {
      long theirs = prepared.owner().token().value();
      return token < theirs || (token == theirs && checkpointId < prepared.checkpointId());
    }
  }

  private static int update(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  private static PreparedStatement prepared(
      Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < parameters.length; i++) {
        if (parameters[i] instanceof byte[] bytes) {
          statement.setBytes(i + 1, bytes);
        } else {
          statement.setObject(i + 1, parameters[i]);
        }
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private List<String> definitions() {
    return List.of(
        "create table if not exists "
            + commits
            + " (job varchar(64) not null, sink varchar(400) not null, subtask integer not null,"
            + " token bigint not null, checkpoint_id bigint not null, row_count bigint not null,"
            + " changed timestamp(6) with time zone not null, primary key (job, sink, subtask))",
        "create table if not exists "
            + staged
            + " (transaction_id varchar(36) not null, chunk integer not null,"
            + " job varchar(64) not null, sink varchar(400) not null, token bigint not null,"
            + " row_count integer not null, content "
            + dialect.bytesType()
            + " not null, primary key (transaction_id, chunk))",
        "create index if not exists "
            + dialect.indexName(schema, "fluxcore_staged_owner")
            + " on "
            + staged
            + " (job, sink)");
  }

  /** Makes the tables where they are missing. */
  void create(Connection connection) throws SQLException {
    if (exist(connection)) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      for (String definition : definitions()) {
        statement.execute(definition);
      }
    } catch (SQLException e) {
      if (JdbcErrors.isUniqueViolation(e)) {
        throw new Connections.LostRaceException(e); // another sink makes them at the same time
      }
      if (String.valueOf(e.getSQLState()).startsWith("42")) {
        throw JdbcErrors.user(
            JdbcErrors.OWN_TABLES,
            "user",
            "the tables by which rows are written exactly once cannot be made in schema '"
                + schema
                + "': "
                + e.getMessage(),
            "let the user make tables there, set guarantee to 'at-least-once', or make them: "
                + String.join("; ", definitions()));
      }
      throw e;
    }
  }

  private boolean exist(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            prepared(
                connection,
                "select count(*) from information_schema.tables where table_schema = ?"
                    + " and lower(table_name) in ('fluxcore_commits', 'fluxcore_staged')",
                schema);
        ResultSet results = statement.executeQuery()) {
      return results.next() && results.getInt(1) == 2;
    }
  }

  /** Shuts out all owners before this one. */
  void take(Connection connection, SinkOwner owner) throws SQLException {
    Mark current = lock(connection, owner, OWNER);
    if (current == null) {
      insert(connection, owner, OWNER, new Mark(owner.token().value(), 0), 0);
    } else if (current.token() > owner.token().value()) {
      throw CheckpointRegistry.staleOwner(owner.job(), owner.token());
    } else {
      update(
          connection,
          "update "
              + commits
              + " set token = ?, changed = current_timestamp"
              + MINE
              + " and subtask = ?",
          owner.token().value(),
          owner.job().value(),
          owner.operatorId(),
          OWNER);
    }
  }

  /**
   * Holds a job's commits through a sink up until the end of the transaction.
   *
   * @return the owner of this token has taken back what earlier ones had left; 0 for none
   */
  long lock(Connection connection, SinkOwner owner) throws SQLException {
    Mark current = lock(connection, owner, OWNER);
    return current == null ? 0 : current.checkpointId();
  }

  /** As {@link #lock}, and refuses whoever is not the owner any more. */
  void lockAsOwner(Connection connection, SinkOwner owner) throws SQLException {
    Mark current = lock(connection, owner, OWNER);
    if (current == null) {
      throw new SQLException(
          "the row of job "
              + owner.job()
              + " and sink "
              + owner.operatorId()
              + " in "
              + commits
              + " is gone",
          "40001"); // nobody but a person deletes it, and the next attempt makes it again
    }
    if (current.token() > owner.token().value()) {
      throw CheckpointRegistry.staleOwner(owner.job(), owner.token());
    }
  }

  private @Nullable Mark lock(Connection connection, SinkOwner owner, int subtask)
      throws SQLException {
    try (PreparedStatement statement =
            prepared(
                connection,
                "select token, checkpoint_id from "
                    + commits
                    + MINE
                    + " and subtask = ? for update",
                owner.job().value(),
                owner.operatorId(),
                subtask);
        ResultSet results = statement.executeQuery()) {
      return results.next() ? new Mark(results.getLong(1), results.getLong(2)) : null;
    }
  }

  /** The last transaction of a writer that was committed; locked. */
  Mark last(Connection connection, SinkOwner owner, int subtask) throws SQLException {
    Mark last = lock(connection, owner, subtask);
    return last == null ? Mark.NONE : last;
  }

  /** A writer's transactions are committed up to this one. */
  void committed(Connection connection, Prepared last, long rows) throws SQLException {
    SinkOwner owner = last.owner();
    int changed =
        update(
            connection,
            "update "
                + commits
                + " set token = ?, checkpoint_id = ?, row_count = row_count + ?,"
                + " changed = current_timestamp"
                + MINE
                + " and subtask = ?",
            owner.token().value(),
            last.checkpointId(),
            rows,
            owner.job().value(),
            owner.operatorId(),
            last.subtask());
    if (changed == 0) {
      insert(
          connection,
          owner,
          last.subtask(),
          new Mark(owner.token().value(), last.checkpointId()),
          rows);
    }
  }

  private void insert(Connection connection, SinkOwner owner, int subtask, Mark mark, long rows)
      throws SQLException {
    try {
      update(
          connection,
          "insert into "
              + commits
              + " (job, sink, subtask, token, checkpoint_id, row_count,"
              + " changed) values (?, ?, ?, ?, ?, ?, current_timestamp)",
          owner.job().value(),
          owner.operatorId(),
          subtask,
          mark.token(),
          mark.checkpointId(),
          rows);
    } catch (SQLException e) {
      throw JdbcErrors.isUniqueViolation(e) ? new Connections.LostRaceException(e) : e;
    }
  }

  /**
   * Keeps a chunk, unless the owner is one no more; a second time it takes the first one's place.
   */
  void stage(
      Connection connection, SinkOwner owner, String transaction, int chunk, RowChunk content)
      throws SQLException {
    update(
        connection,
        "delete from " + staged + " where transaction_id = ? and chunk = ?",
        transaction,
        chunk);
    int kept =
        update(
            connection,
            "insert into "
                + staged
                + " (transaction_id, chunk, job, sink, token, row_count,"
                + " content) select cast(? as varchar(36)), cast(? as integer), job, sink, token,"
                + " cast(? as integer), cast(? as "
                + dialect.bytesType()
                + ") from "
                + commits
                + MINE
                + " and subtask = ? and token = ?",
            transaction,
            chunk,
            content.rows(),
            content.toBytes(),
            owner.job().value(),
            owner.operatorId(),
            OWNER,
            owner.token().value());
    if (kept == 0) {
      throw CheckpointRegistry.staleOwner(owner.job(), owner.token());
    }
  }

  /** Rows of a chunk. */
  record Chunk(int rows, byte[] content) {}

  /** A chunk, which must be there. */
  Chunk chunk(Connection connection, Prepared prepared, int number) throws SQLException {
    try (PreparedStatement statement =
            prepared(
                connection,
                "select row_count, content from "
                    + staged
                    + " where transaction_id = ? and chunk = ?",
                prepared.transaction(),
                number);
        ResultSet results = statement.executeQuery()) {
      if (!results.next()) {
        throw new SQLException(
            "chunk "
                + number
                + " of "
                + prepared.chunks()
                + " of checkpoint "
                + prepared.checkpointId()
                + " is not in "
                + staged
                + ", though it was never committed: somebody has deleted it",
            "P0002");
      }
      return new Chunk(results.getInt(1), results.getBytes(2));
    }
  }

  /** Removes the chunks of a transaction. */
  void discard(Connection connection, String transaction) throws SQLException {
    update(connection, "delete from " + staged + " where transaction_id = ?", transaction);
  }

  /** Takes back what an owner and those before it have left. */
  void takeBack(Connection connection, SinkOwner owner) throws SQLException {
    update(
        connection,
        "update " + commits + " set checkpoint_id = ?" + MINE + " and subtask = ?",
        owner.token().value(),
        owner.job().value(),
        owner.operatorId(),
        OWNER);
    update(
        connection,
        "delete from " + staged + MINE + " and token <= ?",
        owner.job().value(),
        owner.operatorId(),
        owner.token().value());
  }
}
