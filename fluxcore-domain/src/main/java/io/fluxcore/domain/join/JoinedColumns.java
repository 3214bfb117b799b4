package io.fluxcore.domain.join;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowCodec;
import org.jspecify.annotations.Nullable;

/** The columns of joined rows that come from one input. */
final class JoinedColumns {
  private final RowCodec codec;
  private final int[] kept;
  private final @Nullable ColumnBuilder[] targets;

  /**
   * Columns of rows that a builder collects.
   *
   * @param builder of the first of the fields, or of all
   */
  JoinedColumns(JoinFields fields, int input, EventBatchBuilder builder) {
    codec = new RowCodec(fields.keptSchema(input));
    kept = fields.kept(input);
    targets = new @Nullable ColumnBuilder[kept.length];
    int[] places = fields.places(input);
    for (int i = 0; i < kept.length; i++) {
      targets[i] = places[i] < builder.schema().size() ? builder.column(places[i]) : null;
    }
  }

  /** A kept row of the input. */
  void row(RowBuffer rows, int at) {
    rows.decode(codec, at, targets);
  }

  /** A kept row of the input whose bytes begin there. */
  void row(byte[] bytes, int at) {
    codec.decode(bytes, at, targets);
  }

  /** A row of a batch of the input. */
  void row(EventBatch batch, int row) {
    for (int i = 0; i < targets.length; i++) {
      ColumnBuilder target = targets[i];
      if (target != null) {
        target.append(batch.column(kept[i]), row);
      }
    }
  }

  /** The values of the kept fields of a row. */
  void row(@Nullable Object[] values) {
    for (int i = 0; i < targets.length; i++) {
      ColumnBuilder target = targets[i];
      if (target != null) {
        target.append(values[i]);
      }
    }
  }

  /** Nulls in place of a row. */
  void nulls() {
    for (ColumnBuilder target : targets) {
      if (target != null) {
        target.appendNull();
      }
    }
  }
}
