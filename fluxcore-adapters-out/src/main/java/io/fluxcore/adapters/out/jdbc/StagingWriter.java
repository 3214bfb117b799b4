package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.adapters.out.format.RefusedRows;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.operator.RecordFailures;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the rows between two barriers: the first in memory; from {@value #CHUNK_BYTES} bytes on,
 * chunk by chunk, in the staging table. At the barrier the rest follows, or, where nothing was
 * staged and it is no more than {@value #INLINE_BYTES} bytes, goes into the handle.
 */
final class StagingWriter implements SinkWriter {
  private static final System.Logger LOG = System.getLogger(StagingWriter.class.getName());
  private static final int CHUNK_BYTES = 512 * 1024;
  private static final int INLINE_BYTES = 16 * 1024;

  private final JdbcOptions options;
  private final Connections connections;
  private final Target target;
  private final RowLimits limits;
  private final CommitTables tables;
  private final WriterContext context;
  private final RowChunk chunk = new RowChunk();
  private String transaction = newTransaction();
  private int chunks;
  private long rows;
  private boolean closed;

  StagingWriter(
      JdbcOptions options, Connections connections, Catalogue.Found found, WriterContext context) {
    this.options = options;
    this.connections = connections;
    this.target = found.target();
    this.limits = new RowLimits(target, found.facts(), options.dialect());
    this.tables = new CommitTables(options.dialect(), target.schema());
    this.context = context;
  }

  private static String newTransaction() {
    return UUID.randomUUID().toString();
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    for (int i = 0; i < batch.size(); i++) {
      if (chunk.size() >= CHUNK_BYTES) {
        stage(i);
      }
      int row = batch.row(i);
      if (isReplaced(batch, row, target)) {
        continue;
      }
      RecordException problem = problem(batch, row, limits, target);
      if (problem == null) {
        chunk.add(batch, row);
        rows++;
      } else {
        failures.failed(batch, row, problem);
      }
    }
  }

  /** Whether a row is one that was before, in whose place the new one is written. */
  static boolean isReplaced(EventBatch batch, int row, Target target) {
    return target.isByKey() && batch.rowKind(row) == RowKind.UPDATE_BEFORE;
  }

  /** Why a row can never be written or deleted, or null. */
  static @Nullable RecordException problem(
      EventBatch batch, int row, RowLimits limits, Target target) {
    RowKind kind = batch.rowKind(row);
    if (kind != RowKind.INSERT && !target.isByKey()) {
      return RefusedRows.notAnInsertion(kind, "table " + target.name());
    }
    return kind == RowKind.DELETE ? limits.keyProblem(batch, row) : limits.problem(batch, row);
  }

  private void stage(int taken) {
    try {
      connections.transaction(
          connection -> {
            tables.stage(connection, context.owner(), transaction, chunks, chunk);
            return true;
          });
    } catch (SQLException e) {
      throw JdbcErrors.of(e, "stage rows for", options, taken);
    }
    chunks++;
    chunk.clear();
  }

  /** Nothing becomes visible before the commit, and nothing need be durable before the barrier. */
  @Override
  public void flush() {}

  @Override
  public List<CommitHandle> prepareCommit(long checkpointId) {
    if (rows == 0) {
      return List.of();
    }
    boolean inline = chunks == 0 && chunk.size() <= INLINE_BYTES;
    if (!inline && chunk.rows() > 0) {
      stage(0);
    }
    Prepared prepared =
        new Prepared(
            context.owner(),
            context.subtask(),
            checkpointId,
            target,
            transaction,
            chunks,
            rows,
            inline ? chunk.toBytes() : null,
            true);
    begin();
    return List.of(prepared.handle());
  }

  private void begin() {
    transaction = newTransaction();
    chunk.clear();
    chunks = 0;
    rows = 0;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (chunks > 0) {
        connections.transaction(
            connection -> {
              tables.discard(connection, transaction);
              return true;
            });
      }
    } catch (SQLException e) {
      LOG.log(
          Level.WARNING,
          "rows staged for {0} are taken back by the next start of the job: {1}",
          options,
          e.getMessage());
    } finally {
      begin();
      connections.close();
    }
  }
}
