package io.fluxcore.application.planner;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.planner.ExecutionPlan.RowInput;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.OutsideTable;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.StageNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An execution plan in the making: stages and edges to which operators are still being added. */
final class PlanDraft {
  private final List<StageDraft> stages = new ArrayList<>();
  private final List<PlannedEdge> edges = new ArrayList<>();

  /** A stage in the making. */
  static final class StageDraft {
    final int number;
    final int parallelism;
    final @Nullable PlannedSource source;
    final List<OperatorDraft> operators = new ArrayList<>();

    private StageDraft(int number, int parallelism, @Nullable PlannedSource source) {
      this.number = number;
      this.parallelism = parallelism;
      this.source = source;
    }
  }

  /** An operator whose ports are still being led on. */
  static final class OperatorDraft {
    final StageDraft stage;
    final int node;
    final OperatorSpec spec;
    @Nullable RowInput rows;
    private final List<List<StageNode.Target>> ports = new ArrayList<>();

    private OperatorDraft(StageDraft stage, OperatorSpec spec) {
      this.stage = stage;
      this.node = stage.operators.size();
      this.spec = spec;
    }

    private void lead(int port, StageNode.Target target) {
      while (ports.size() <= port) {
        ports.add(new ArrayList<>());
      }
      ports.get(port).add(target);
    }
  }

  /** What an operator is, wherever it is put. */
  record OperatorSpec(
      String id,
      String description,
      Supplier<Operator> factory,
      ErrorPolicy errors,
      boolean deterministic) {}

  StageDraft stage(int parallelism, @Nullable PlannedSource source) {
    StageDraft stage = new StageDraft(stages.size(), parallelism, source);
    stages.add(stage);
    return stage;
  }

  OperatorDraft operator(StageDraft stage, OperatorSpec spec) {
    OperatorDraft operator = new OperatorDraft(stage, spec);
    stage.operators.add(operator);
    return operator;
  }

  /** Leads a port to an operator of the same stage. */
  void inside(OperatorDraft from, int port, OperatorDraft to, int input) {
    from.lead(port, new StageNode.Inside(to.node, input));
  }

  /** Leads a port to an operator of another stage. */
  void exchange(
      OperatorDraft from,
      int port,
      OperatorDraft to,
      int input,
      Partitioning partitioning,
      Schema schema) {
    int number = (int) edges.stream().filter(edge -> edge.from() == from.stage.number).count();
    from.lead(port, new StageNode.Outside(number));
    edges.add(
        new PlannedEdge(from.stage.number, to.stage.number, to.node, input, partitioning, schema));
  }

  /**
   * The plan.
   *
   * @param outputs see {@link ExecutionPlan#outputs}
   * @param delivery see {@link ExecutionPlan#delivery}
   * @param sinks see {@link ExecutionPlan#sinks}
   * @param lookups see {@link ExecutionPlan#lookups}
   */
  ExecutionPlan build(
      Map<String, Schema> outputs,
      String delivery,
      Map<String, Sink> sinks,
      Map<String, OutsideTable> lookups) {
    List<PlannedStage> planned = new ArrayList<>();
    for (StageDraft stage : stages) {
      List<PlannedOperator> operators = new ArrayList<>();
      for (OperatorDraft draft : stage.operators) {
        OperatorSpec spec = draft.spec;
        operators.add(
            new PlannedOperator(
                spec.id(),
                spec.description(),
                spec.factory(),
                draft.ports.stream().map(List::copyOf).toList(),
                spec.errors(),
                spec.deterministic(),
                draft.rows));
      }
      planned.add(new PlannedStage(stage.number, stage.parallelism, stage.source, operators));
    }
    return new ExecutionPlan(planned, edges, outputs, delivery, sinks, lookups);
  }
}
