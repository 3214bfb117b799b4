package io.fluxcore.domain.process;

/**
 * How an {@link AggregatingState} takes values. Stateless and thread-safe.
 *
 * @param <I> what is added
 * @param <A> the accumulator, which is what is stored
 * @param <O> the result
 */
public interface StateAggregate<I, A, O> {
  /** An accumulator of nothing. */
  A create();

  /** The accumulator with a value more; the given one is left as it is. */
  A add(A accumulator, I value);

  O result(A accumulator);
}
