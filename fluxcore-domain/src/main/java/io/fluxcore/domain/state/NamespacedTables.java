package io.fluxcore.domain.state;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a layout, of which a backend says how they are made and what becomes of dropped
 * ones. Which namespaces there are is known on the heap. Not thread-safe.
 *
 * @param <T> the backend's tables
 */
public abstract class NamespacedTables<T extends SlotTable> implements SlotTables {
  private final StateLayout layout;
  private final TreeMap<Long, T> tables = new TreeMap<>();
  private long lastNamespace;
  private @Nullable T last;

  /** Without any table. */
  protected NamespacedTables(StateLayout layout) {
    this.layout = layout;
  }

  /** A table for a namespace that has none. */
  protected abstract T create(long namespace);

  /** The table of a namespace is one of its tables no longer. */
  protected abstract void dropped(long namespace, T table);

  @Override
  public final T table(long namespace) {
    T recent = last;
    if (recent != null && namespace == lastNamespace) {
      return recent;
    }
    T table = tables.get(namespace);
    if (table == null) {
      table = create(namespace);
      tables.put(namespace, table);
    }
    lastNamespace = namespace;
    last = table;
    return table;
  }

  @Override
  public final boolean has(long namespace) {
    return tables.containsKey(namespace);
  }

  @Override
  public final long[] namespaces() {
    return tables.keySet().stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public final long firstNamespace() {
    return tables.isEmpty() ? Long.MAX_VALUE : tables.firstKey();
  }

  @Override
  public final void drop(long namespace) {
    T table = tables.remove(namespace);
    if (namespace == lastNamespace) {
      last = null;
    }
    if (table != null) {
      dropped(namespace, table);
    }
  }

  @Override
  public final StateLayout layout() {
    return layout;
  }

  /** All tables, in the order of their namespaces; a view. */
  public final Collection<T> all() {
    return byNamespace().values();
  }

  /** All tables by namespace; a view. */
  protected final NavigableMap<Long, T> byNamespace() {
    return Collections.unmodifiableNavigableMap(tables);
  }
}
