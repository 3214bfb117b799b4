package io.fluxcore.domain.state;

/** One {@link SlotTable} per namespace, in the order of the namespaces. */
public interface SlotTables {
  /** The table of a namespace, made if absent. */
  SlotTable table(long namespace);

  /** Whether a namespace has a table. */
  boolean has(long namespace);

  /** The namespaces that have a table, ascending; a copy. */
  long[] namespaces();

  /** The smallest namespace, or {@link Long#MAX_VALUE} when there is none. */
  long firstNamespace();

  /** Forgets a namespace and all its keys. */
  void drop(long namespace);

  StateLayout layout();
}
