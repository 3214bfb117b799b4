package io.fluxcore.domain.join;

/**
 * A table outside that rows are looked up in, as a topology configures it. Thread-safe; touches
 * nothing outside.
 */
@FunctionalInterface
public interface Lookup {
  /**
   * A reader for one subtask. Touches nothing outside before it is asked.
   *
   * @param operatorId name of the join in the topology
   */
  LookupReader createReader(String operatorId, int subtask);
}
