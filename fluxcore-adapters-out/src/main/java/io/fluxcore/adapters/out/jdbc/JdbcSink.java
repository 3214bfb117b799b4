package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.adapters.out.jdbc.CommitTables.Chunk;
import io.fluxcore.adapters.out.jdbc.CommitTables.Mark;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Rows in a table, exactly once. Between barrier and commit they wait as bytes: few in the handle,
 * which is a part of the checkpoint, many in the staging table. The commit is one transaction of
 * the database: it locks the row that says who owns the job, looks which transactions are new,
 * writes their rows, and notes that they are committed. So it has happened wholly or not at all,
 * needs no connection that lives as long as the rows wait, and no prepared transactions of the
 * database (ADR 019).
 */
final class JdbcSink implements TwoPhaseSink {
  private final JdbcOptions options;
  private final Schema rows;
  private final Connections connections;
  private final DirectSink direct;

  JdbcSink(JdbcOptions options, Schema rows) {
    this.options = options;
    this.rows = rows;
    this.connections = new Connections(options);
    this.direct = new DirectSink(options, rows);
  }

  @Override
  public Changes takes() {
    return direct.takes();
  }

  @Override
  public void check() {
    direct.check();
  }

  @Override
  public SinkWriter createWriter(WriterContext context) {
    if (context.visibility() == WriterContext.Visibility.AT_FLUSH) {
      return direct.createWriter(
          context.owner().operatorId(), context.subtask(), context.parallelism());
    }
    connections.open(context.owner());
    try {
      Catalogue.Found found =
          connections.transaction(
              connection -> new Catalogue(connection, options, rows).findOrCreate());
      return new StagingWriter(options, connections, found, context);
    } catch (SQLException e) {
      connections.close();
      throw JdbcErrors.of(e, "begin to write to", options, 0);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  @Override
  public void settle(
      SinkOwner owner, List<CommitHandle> registered, Unknown unknown, RecordFailures failures) {
    using(
        owner,
        "settle what waits for",
        () -> {
          if (options.dialect() == Dialect.POSTGRESQL) {
            connections.transaction(
                connection -> {
                  Sessions.endEarlier(connection, owner);
                  return true;
                });
          }
          Catalogue.Found found =
              connections.transaction(
                  connection -> new Catalogue(connection, options, rows).findOrCreate());
          CommitTables tables = new CommitTables(options.dialect(), found.target().schema());
          connections.transaction(
              connection -> {
                tables.create(connection);
                return true;
              });
          connections.transaction(
              connection -> {
                tables.take(connection, owner);
                commit(connection, registered, failures);
                if (unknown == Unknown.TAKE_BACK) {
                  tables.takeBack(connection, owner);
                }
                return true;
              });
        });
  }

  @Override
  public void commit(SinkOwner owner, List<CommitHandle> handles, RecordFailures failures) {
    if (handles.isEmpty()) {
      return;
    }
    // The owner's row is where its writers stage, which the new handles say.
    List<String> schemas =
        handles.stream()
            .map(Prepared::of)
            .filter(prepared -> prepared.owner().equals(owner))
            .map(prepared -> prepared.target().schema())
            .distinct()
            .toList();
    using(
        owner,
        "commit rows to",
        () ->
            connections.transaction(
                connection -> {
                  for (String schema : schemas) {
                    new CommitTables(options.dialect(), schema).lockAsOwner(connection, owner);
                  }
                  commit(connection, handles, failures);
                  return true;
                }));
  }

  /** What may fail at the database. */
  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  private void using(SinkOwner owner, String doing, Step step) {
    connections.open(owner);
    try {
      step.run();
    } catch (SQLException e) {
      throw JdbcErrors.of(e, doing, options, 0);
    } finally {
      connections.close();
    }
  }

  private void commit(
      Connection connection, Collection<CommitHandle> handles, RecordFailures failures)
      throws SQLException {
    // In one order everywhere, so that nobody waits for each other.
    Map<String, List<Prepared>> byWriter =
        handles.stream()
            .map(Prepared::of)
            .sorted(
                Comparator.comparing((Prepared p) -> p.owner().token().value())
                    .thenComparing(Prepared::checkpointId))
            .collect(Collectors.groupingBy(Prepared::writer, TreeMap::new, Collectors.toList()));
    Map<Target, TargetRows> open = new LinkedHashMap<>();
    try {
      for (List<Prepared> ofWriter : byWriter.values()) {
        commitWriter(connection, ofWriter, open);
      }
      for (TargetRows target : open.values()) {
        target.send();
      }
      for (TargetRows target : open.values()) {
        target.refused().forEach(refused -> refused.tell(failures));
      }
    } finally {
      for (TargetRows target : open.values()) {
        target.close();
      }
    }
  }

  private void commitWriter(
      Connection connection, List<Prepared> ofWriter, Map<Target, TargetRows> open)
      throws SQLException {
    Prepared first = ofWriter.get(0);
    CommitTables tables = new CommitTables(options.dialect(), first.target().schema());
    long takenBack = tables.lock(connection, first.owner());
    Mark last = tables.last(connection, first.owner(), first.subtask());
    Prepared newest = null;
    long written = 0;
    for (Prepared prepared : ofWriter) {
      if (last.isBefore(prepared) && prepared.owner().token().value() >= takenBack) {
        TargetRows target = open.get(prepared.target());
        if (target == null) {
          target =
              new TargetRows(connection, options.dialect(), prepared.target(), options.batchSize());
          open.put(prepared.target(), target);
        }
        write(connection, tables, prepared, target);
        newest = prepared;
        written += prepared.rows();
      }
    }
    if (newest != null) {
      tables.committed(connection, newest, written);
    }
  }

  private static void write(
      Connection connection, CommitTables tables, Prepared prepared, TargetRows target)
      throws SQLException {
    byte[] data = prepared.data();
    if (data != null) {
      write(prepared, data, (int) prepared.rows(), target);
    }
    for (int number = 0; number < prepared.chunks(); number++) {
      Chunk chunk = tables.chunk(connection, prepared, number);
      write(prepared, chunk.content(), chunk.rows(), target);
    }
    if (prepared.chunks() > 0) {
      tables.discard(connection, prepared.transaction());
    }
  }

  private static void write(Prepared prepared, byte[] content, int rows, TargetRows target)
      throws SQLException {
    EventBatch batch;
    try {
      batch = RowChunk.read(prepared.target().rows(), content, rows, prepared.hasKinds());
    } catch (IOException | RuntimeException e) {
      throw damaged(prepared, e);
    }
    for (int i = 0; i < batch.size(); i++) {
      target.add(batch, batch.row(i));
    }
  }

  private static FluxCoreException damaged(Prepared prepared, Exception e) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                JdbcErrors.STAGED,
                Place.of("checkpoint " + prepared.checkpointId()),
                "rows that wait for "
                    + prepared.target().name()
                    + " cannot be read again: "
                    + e.getMessage(),
                "somebody has changed table fluxcore_staged; start the job from an older"
                    + " checkpoint")),
        e);
  }

  @Override
  public String toString() {
    return "jdbc sink to " + options;
  }
}
