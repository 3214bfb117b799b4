package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.StateMapping;
import java.util.List;

/** What would become of the state of a savepoint, by the names of operators. */
record StateMappingResource(List<OperatorFate> operators) {
  StateMappingResource {
    operators = List.copyOf(operators);
  }

  /**
   * An operator.
   *
   * @param fate KEPT, MIGRATED, NEW, DROPPED or INCOMPATIBLE
   * @param why in a few words; empty where there is nothing to say
   */
  record OperatorFate(String operatorId, String fate, String why) {}

  static StateMappingResource of(StateMapping mapping) {
    return new StateMappingResource(
        mapping.rows().stream()
            .map(row -> new OperatorFate(row.operatorId(), row.fate().name(), row.why()))
            .toList());
  }
}
