package io.fluxcore.domain.process;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map for each key; each entry is read and written by itself. Used during a call of the function,
 * for the key at hand.
 *
 * @param <K> keys of entries
 * @param <V> their values
 */
public interface MapState<K, V> {
  /** The value of an entry, or null when there is none or it has expired. */
  @Nullable V get(K key);

  default V getOr(K key, V otherwise) {
    V value = get(key);
    return value == null ? otherwise : value;
  }

  default boolean contains(K key) {
    return get(key) != null;
  }

  void put(K key, V value);

  default void putAll(Map<? extends K, ? extends V> entries) {
    entries.forEach(this::put);
  }

  void remove(K key);

  /** A copy of the entries that have not expired, in no particular order. */
  Map<K, V> entries();

  void clear();

  /** Entries that have not expired. */
  default int size() {
    return entries().size();
  }

  default boolean isEmpty() {
    return size() == 0;
  }
}
