package io.fluxcore.domain.process;

import org.jspecify.annotations.Nullable;

/**
 * For each key one value, into which others are folded. Used during a call of the function, for the
 * key at hand.
 *
 * @param <T> the value
 */
public interface ReducingState<T> {
  /** What all values added have become, or null when there is none. */
  @Nullable T get();

  void add(T value);

  void clear();
}
