package io.fluxcore.application.connector;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a reader is made for.
 *
 * @param operatorId name of the source in the topology
 * @param subtask from 0
 * @param parallelism number of subtasks
 * @param schema the closed schema of the batches that the reader must give: the fields that the
 *     topology uses, in this order, of these types
 * @param keepRaw whether batches must carry {@link io.fluxcore.domain.event.RawRecords}, because an
 *     opaque lambda reads fields that the schema does not have
 * @param filter a predicate over {@code schema} that the reader may apply, or null; rows for which
 *     it is not true are not wanted; who applies it reports them in {@link Poll.Rows#filtered()}
 * @param batchRows rows that a batch aims at
 * @param mayReuseArrays whether the reader may write to the arrays of a batch again at the next
 *     poll; it then gives its batches {@link io.fluxcore.domain.event.EventBatch#asBorrowed()}
 */
public record ReaderContext(
    String operatorId,
    int subtask,
    int parallelism,
    Schema schema,
    boolean keepRaw,
    @Nullable CompiledPredicate filter,
    int batchRows,
    boolean mayReuseArrays) {

  /** For a reader whose batches may be kept. */
  public ReaderContext(
      String operatorId,
      int subtask,
      int parallelism,
      Schema schema,
      boolean keepRaw,
      @Nullable CompiledPredicate filter,
      int batchRows) {
    this(operatorId, subtask, parallelism, schema, keepRaw, filter, batchRows, false);
  }
}
