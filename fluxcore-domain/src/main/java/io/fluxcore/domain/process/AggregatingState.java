package io.fluxcore.domain.process;

import org.jspecify.annotations.Nullable;

/**
 * For each key an accumulator of values. Used during a call of the function, for the key at hand.
 *
 * @param <I> what is added
 * @param <O> the result
 */
public interface AggregatingState<I, O> {
  /** The result of what was added, or null when there is nothing. */
  @Nullable O get();

  void add(I value);

  void clear();
}
