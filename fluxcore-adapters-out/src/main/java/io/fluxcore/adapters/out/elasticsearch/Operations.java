package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.adapters.out.format.RefusedRows;
import io.fluxcore.adapters.out.format.RowBuffer;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.adapters.out.format.RowKinds;
import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the rows of a batch: an insertion, or the later half of an update, is written; a
 * deletion, or the earlier half of an update, is deleted. Not thread-safe.
 */
final class Operations {
  private static final byte[] NOTHING = new byte[0];

  private final ElasticsearchOptions options;
  private final RowTemplate.Reader indices;
  private final DocumentIds ids;
  private final RowEncoder encoder;
  private final TextValues texts = new TextValues();
  private final RowBuffer buffer = new RowBuffer();

  Operations(ElasticsearchOptions options, Schema rows) {
    this.options = options;
    this.indices = options.index().reader();
    this.ids = new DocumentIds(options.ids(), options.idFields());
    this.encoder = RowEncoder.json(rows, RowKinds.NEVER);
  }

  /** The rows of one batch, in their order. */
  final class OfBatch {
    private final EventBatch batch;
    private final byte[][] documents;
    private final @Nullable RecordException[] problems;

    private OfBatch(EventBatch batch) {
      this.batch = batch;
      this.problems = new @Nullable RecordException[batch.rowCount()];
      this.documents = encode();
    }

    /** The document of each selected row; empty where it has none. */
    private byte[][] encode() {
      buffer.reset();
      encoder.encode(batch.withRowKinds(null), (rows, row, error) -> problems[row] = error, buffer);
      byte[] lines = buffer.toByteArray();
      byte[][] found = new byte[batch.size()][];
      int from = 0;
      for (int i = 0; i < found.length; i++) {
        if (problems[batch.row(i)] != null) {
          found[i] = NOTHING;
          continue;
        }
        int to = from;
        while (lines[to] != '\n') { // texts in JSON hold none
          to++;
        }
        found[i] = Arrays.copyOfRange(lines, from, to);
        from = to + 1;
      }
      return found;
    }

    /**
     * What is done with a row; null: nothing.
     *
     * @param i which of the selected rows
     * @throws RecordException if it can be done with no row of this kind
     */
    @Nullable Operation of(int i) {
      int row = batch.row(i);
      RecordException problem = problems[row];
      if (problem != null) {
        throw problem;
      }
      RowKind kind = batch.rowKind(row);
      boolean isWritten = kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER;
      if (kind != RowKind.INSERT) {
        refuseRetraction(kind);
        if (kind == RowKind.UPDATE_BEFORE && options.action() == Operation.Action.UPSERT) {
          return null; // the other fields of the document stay
        }
      }
      byte[] document = documents[i];
      return new Operation(
          batch,
          row,
          isWritten ? options.action() : Operation.Action.DELETE,
          indices.of(batch, row),
          ids.id(batch, row, document),
          isWritten ? document : NOTHING,
          version(row),
          routing(row));
    }

    private void refuseRetraction(RowKind kind) {
      if (options.ids() == DocumentIds.Kind.SERVER) {
        throw RefusedRows.notAnInsertion(kind, "documents whose ids the server makes");
      }
      if (options.action() == Operation.Action.CREATE) {
        throw RefusedRows.notAnInsertion(kind, "documents in mode 'create'");
      }
    }

    private @Nullable Long version(int row) {
      if (options.versionField() < 0) {
        return null;
      }
      Column column = batch.column(options.versionField());
      if (column.isNull(row) || ((LongColumn) column).value(row) < 0) {
        throw new RecordException(
            ElasticsearchErrors.NO_VERSION,
            "the row's version, field '"
                + batch.schema().field(options.versionField()).name()
                + "', is "
                + column.get(row)
                + "; give one from 0");
      }
      return ((LongColumn) column).value(row);
    }

    private @Nullable String routing(int row) {
      if (options.routingField() < 0) {
        return null;
      }
      Column column = batch.column(options.routingField());
      return column.isNull(row) ? null : texts.text(column, row);
    }
  }

  OfBatch of(EventBatch batch) {
    return new OfBatch(batch);
  }
}
