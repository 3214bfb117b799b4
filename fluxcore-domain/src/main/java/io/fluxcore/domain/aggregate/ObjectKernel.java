package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.state.StateSerializer;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate whose state is an object of each slot: a user's own, and those of FluxCore's that no
 * 64-bit cell can hold. The object is null until the first row.
 *
 * @param <A> the accumulator
 */
abstract class ObjectKernel<A> {
  private final int field;

  ObjectKernel(int field) {
    this.field = field;
  }

  final int field() {
    return field;
  }

  abstract StateSerializer<A> serializer();

  abstract A create();

  /** Adds rows; the object of {@code rows[i]} is that of {@code slots[i]}. */
  abstract void accumulate(
      @Nullable Object[] objects,
      int[] slots,
      EventBatch batch,
      int[] rows,
      int count,
      RowErrors errors);

  /** Both together; the left may be changed and returned, the right is only read. */
  abstract A merge(A left, A right);

  /** The result for a group; the accumulator is null where the group has had no row. */
  abstract @Nullable Object result(@Nullable A accumulator);

  /** Whether rows can be taken back. */
  boolean canRetract() {
    return false;
  }

  /**
   * Whether partial results may be made before an exchange: the result then depends on the values
   * alone, and a partial result is smaller than its rows.
   */
  boolean isPartial() {
    return false;
  }

  /** Whether the result may depend on the order of arrival. */
  boolean dependsOnArrival() {
    return false;
  }

  /** Whether it is a user's code, which may refuse a row. */
  boolean mayRefuse() {
    return false;
  }

  @SuppressWarnings("unchecked")
  void merge(
      @Nullable Object[] objects,
      int[] slots,
      @Nullable Object[] others,
      int[] otherSlots,
      int count) {
    for (int i = 0; i < count; i++) {
      A other = (A) others[otherSlots[i]];
      if (other != null) {
        A mine = (A) objects[slots[i]];
        objects[slots[i]] = merge(mine == null ? create() : mine, other);
      }
    }
  }
}
