package io.fluxcore.domain.process;

import java.util.List;

/**
 * A list for each key; adding to it writes the new element alone. Used during a call of the
 * function, for the key at hand.
 *
 * @param <T> its elements
 */
public interface ListState<T> {
  /** A copy of the elements that have not expired, in the order in which they were added. */
  List<T> get();

  void add(T element);

  default void addAll(List<? extends T> elements) {
    elements.forEach(this::add);
  }

  /** These elements in place of all others. */
  void set(List<? extends T> elements);

  void clear();

  /** Elements that have not expired. */
  default int size() {
    return get().size();
  }

  default boolean isEmpty() {
    return size() == 0;
  }
}
