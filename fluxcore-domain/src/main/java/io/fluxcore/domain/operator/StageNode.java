package io.fluxcore.domain.operator;

import java.util.List;

/**
 * An operator in a {@link Stage} and where the batches of its ports go.
 *
 * @param operatorId stable id
 * @param operator the operator, of one subtask
 * @param ports targets of each port, by port number; a port without targets is discarded
 * @param received sees what the operator is given
 * @param emitted sees what the operator gives at port 0
 */
public record StageNode(
    String operatorId,
    Operator operator,
    List<List<Target>> ports,
    BatchTap received,
    BatchTap emitted) {
  public StageNode {
    ports = ports.stream().map(List::copyOf).toList();
  }

  /** An operator that nobody looks at. */
  public StageNode(String operatorId, Operator operator, List<List<Target>> ports) {
    this(operatorId, operator, ports, BatchTap.NONE, BatchTap.NONE);
  }

  /** Where a port leads. */
  public sealed interface Target permits Inside, Outside {}

  /**
   * Another operator of the same stage, further down.
   *
   * @param node its position in the stage
   * @param input which of its inputs
   */
  public record Inside(int node, int input) implements Target {}

  /**
   * An edge that leaves the stage.
   *
   * @param edge number of the outgoing edge
   */
  public record Outside(int edge) implements Target {}
}
