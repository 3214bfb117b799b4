package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import java.util.List;
import java.util.function.Supplier;

/**
 * How an {@link OperatorConfig} is run.
 *
 * @param factory makes the operator of one subtask
 * @param outputs the fields of each port, by its number
 * @param deterministic whether equal input gives equal results, whenever it comes
 */
public record OperatorPlan(
    Supplier<Operator> factory, List<Schema> outputs, boolean deterministic) {
  public OperatorPlan {
    outputs = List.copyOf(outputs);
  }
}
