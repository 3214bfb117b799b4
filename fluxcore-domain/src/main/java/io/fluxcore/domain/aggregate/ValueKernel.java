package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that takes one value at a time, as a user's own aggregate does; the others loop over
 * columns.
 *
 * @param <A> the accumulator
 */
abstract class ValueKernel<A> extends ObjectKernel<A> {
  ValueKernel(int field) {
    super(field);
  }

  abstract A accumulate(A accumulator, @Nullable Object value);

  /** Takes a value back; called only where {@link #canRetract}. */
  abstract A retract(A accumulator, @Nullable Object value);

  @Override
  @SuppressWarnings("unchecked")
  final void accumulate(
      @Nullable Object[] objects,
      int[] slots,
      EventBatch batch,
      int[] rows,
      int count,
      RowErrors errors) {
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      @Nullable Object value = batch.column(field()).get(row);
      A accumulator = (A) objects[slots[i]];
      try {
        A before = accumulator == null ? create() : accumulator;
        RowKind kind = batch.rowKind(row);
        objects[slots[i]] =
            kind.isRetraction() ? retract(before, value) : accumulate(before, value);
      } catch (RecordException e) {
        errors.failed(row, e);
      }
    }
  }
}
