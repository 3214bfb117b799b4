package io.fluxcore.domain.join;

/**
 * A table outside that is asked for the rows of keys. Thread-safe; touches nothing outside unless
 * it is checked.
 */
@FunctionalInterface
public interface Lookup extends OutsideTable {
  /**
   * A reader for one subtask. Touches nothing outside before it is asked.
   *
   * @param operatorId name of the join in the topology
   */
  LookupReader createReader(String operatorId, int subtask);
}
