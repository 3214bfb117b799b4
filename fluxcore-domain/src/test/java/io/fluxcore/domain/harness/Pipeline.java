package io.fluxcore.domain.harness;

import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.StageNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the harness runs: stages, the exchanges between them, where the script's inputs enter and
 * which edges are outputs. Stages are numbered from 0 in the order in which they were added, and
 * edges lead from earlier to later ones. Suppliers give fresh operators for every subtask and after
 * every restore. Immutable.
 */
public final class Pipeline {
  record Source(Exchange exchange, int stage, int node, int nodeInput) {}

  record Connection(int from, int edge, Exchange exchange, int to, int node, int nodeInput) {}

  record Sink(int stage, int edge) {}

  final List<Supplier<List<StageNode>>> stages;
  final List<Source> sources;
  final List<Connection> connections;
  final List<Sink> outputs;

  private Pipeline(Builder builder) {
    stages = List.copyOf(builder.stages);
    sources = List.copyOf(builder.sources);
    connections = List.copyOf(builder.connections);
    outputs = List.copyOf(builder.outputs);
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * One operator, whose ports are the outputs of the same numbers.
   *
   * @param exchange how rows get to it
   * @param ports how many ports it has
   */
  public static Pipeline of(Supplier<Operator> operator, Exchange exchange, int ports) {
    return chain(() -> List.of(operator.get()), exchange, ports);
  }

  /**
   * Operators of one stage, in which port 0 of each leads to the next. The ports of the last one
   * are the outputs of the same numbers.
   */
  public static Pipeline chain(Supplier<List<Operator>> operators, Exchange exchange, int ports) {
    Builder builder = builder().stage(() -> chain(operators.get(), ports)).input(exchange, 0, 0, 0);
    for (int port = 0; port < ports; port++) {
      builder.output(0, port);
    }
    return builder.build();
  }

  private static List<StageNode> chain(List<Operator> operators, int ports) {
    List<StageNode> nodes = new ArrayList<>();
    for (int i = 0; i < operators.size(); i++) {
      List<List<StageNode.Target>> targets = new ArrayList<>();
      if (i < operators.size() - 1) {
        targets.add(List.of(new StageNode.Inside(i + 1, 0)));
      } else {
        for (int port = 0; port < ports; port++) {
          targets.add(List.of(new StageNode.Outside(port)));
        }
      }
      nodes.add(new StageNode("operator-" + i, operators.get(i), targets));
    }
    return nodes;
  }

  /** A node whose port {@code i} leads along the stage's edge {@code edges[i]}. */
  public static StageNode node(String operatorId, Operator operator, int... edges) {
    List<List<StageNode.Target>> ports = new ArrayList<>();
    for (int edge : edges) {
      ports.add(List.of(new StageNode.Outside(edge)));
    }
    return new StageNode(operatorId, operator, ports);
  }

  /** Collects the parts. Not thread-safe. */
  public static final class Builder {
    private final List<Supplier<List<StageNode>>> stages = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final List<Sink> outputs = new ArrayList<>();

    private Builder() {}

    /** One more stage. */
    public Builder stage(Supplier<List<StageNode>> nodes) {
      stages.add(nodes);
      return this;
    }

    /** The script's next input enters here. */
    public Builder input(Exchange exchange, int stage, int node, int nodeInput) {
      sources.add(new Source(exchange, stage, node, nodeInput));
      return this;
    }

    /** An edge of a stage leads to an input of a node of a later stage. */
    public Builder connect(int from, int edge, Exchange exchange, int to, int node, int nodeInput) {
      if (from >= to) {
        throw new IllegalArgumentException("stage " + from + " is not before stage " + to);
      }
      connections.add(new Connection(from, edge, exchange, to, node, nodeInput));
      return this;
    }

    /** An edge of a stage is the pipeline's next output. */
    public Builder output(int stage, int edge) {
      outputs.add(new Sink(stage, edge));
      return this;
    }

    public Pipeline build() {
      return new Pipeline(this);
    }
  }
}
