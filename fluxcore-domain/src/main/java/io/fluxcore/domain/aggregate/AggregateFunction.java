package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.StateSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A user's own aggregate over the values of one field. Accumulators may be changed in place and
 * returned. The function itself is stateless and thread-safe; the result must not depend on the
 * order of values, nor on how they were split before {@link #merge}.
 *
 * @param <A> the accumulator, never null
 */
public interface AggregateFunction<A> {
  /** As plans and messages show it. */
  String name();

  /**
   * The type of the result.
   *
   * @throws IllegalArgumentException if a field of this type cannot be aggregated; the message says
   *     which can
   */
  DataType resultType(DataType input);

  A create();

  /**
   * Adds a value.
   *
   * @param value of {@link io.fluxcore.domain.event.Values}' class, or null
   */
  A accumulate(A accumulator, @Nullable Object value);

  /** Both together; the left may be changed and returned, the right is only read. */
  A merge(A left, A right);

  /** Whether {@link #retract} works, so that the input may be a changelog. */
  default boolean canRetract() {
    return false;
  }

  /** Takes a value back that was added before. */
  default A retract(A accumulator, @Nullable Object value) {
    throw new UnsupportedOperationException(name() + " cannot retract");
  }

  /** The result of {@link io.fluxcore.domain.event.Values}' class for the result type, or null. */
  @Nullable Object result(A accumulator);

  StateSerializer<A> serializer();
}
