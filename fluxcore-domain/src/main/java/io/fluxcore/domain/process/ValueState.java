package io.fluxcore.domain.process;

import org.jspecify.annotations.Nullable;

/**
 * A value for each key. Used during a call of the function, for the key at hand.
 *
 * @param <T> the value
 */
public interface ValueState<T> {
  /** The value, or null when there is none or it has expired. */
  @Nullable T get();

  /** The value, or another when there is none. */
  default T getOr(T otherwise) {
    T value = get();
    return value == null ? otherwise : value;
  }

  void set(T value);

  void clear();
}
