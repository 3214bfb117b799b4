package io.fluxcore.application.connector;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.LookupTable;
import io.fluxcore.domain.join.WholeTable;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a source gives from its beginning to its end, as a table. A record that cannot be decoded
 * makes the reading fail: a table that lacks rows would give wrong results. Thread-safe.
 */
public final class SourceTable implements WholeTable {
  private static final System.Logger LOG = System.getLogger(SourceTable.class.getName());
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Source source;
  private final String operatorId;
  private final Schema schema;

  /**
   * The table of a source.
   *
   * @param source that comes to an end by itself, and gives insertions
   * @param operatorId name of the node that reads it
   */
  public SourceTable(Source source, String operatorId, LookupTable table) {
    this.source = source;
    this.operatorId = operatorId;
    this.schema = table.rows();
  }

  @Override
  public void check() {
    source.check();
  }

  @Override
  public void read(Consumer<EventBatch> rows) {
    try {
      readAll(rows);
    } catch (RuntimeException e) {
      // Whoever has read the table before goes on with that, and counts the failure.
      LOG.log(
          System.Logger.Level.WARNING,
          "the table that node {0} holds in memory could not be read: {1}",
          operatorId,
          e.getMessage());
      throw e;
    }
  }

  private void readAll(Consumer<EventBatch> rows) {
    ReaderContext context =
        new ReaderContext(operatorId, 0, 1, schema, false, null, EventBatch.TARGET_ROWS);
    try (SourceReader reader = source.createReader(context)) {
      int open = 0;
      for (Source.Split split : source.discoverSplits()) {
        reader.assign(split, null);
        open++;
      }
      while (open > 0) {
        if (Thread.currentThread().isInterrupted()) {
          throw interrupted();
        }
        Poll poll = reader.poll(PATIENCE);
        if (poll instanceof Poll.Rows some) {
          if (!some.bad().isEmpty()) {
            throw bad(some.bad().get(0));
          }
          rows.accept(some.batch());
        } else if (poll instanceof Poll.EndOfSplit) {
          open--;
        }
      }
    }
  }

  private FluxCoreException interrupted() {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            "FLX-JOIN-0007",
            Place.of("node '" + operatorId + "'"),
            "reading the table that it holds in memory was interrupted",
            "none: the job is ending, or the reading took more than an hour"));
  }

  private FluxCoreException bad(BadRecord record) {
    return FluxCoreException.user(
        "FLX-JOIN-0006",
        Place.of("node '" + operatorId + "'"),
        "the table that it holds in memory has a record that cannot be read, "
            + record.coordinates()
            + ": "
            + record.message()
            + " ("
            + record.code()
            + ")",
        "mend the record");
  }
}
