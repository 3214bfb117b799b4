package io.fluxcore.application.planner;

import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.RowInput;
import io.fluxcore.application.planner.Flow.Traits;
import io.fluxcore.application.planner.PlanDraft.OperatorDraft;
import io.fluxcore.application.planner.PlanDraft.StageDraft;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.WindowAggregation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Places aggregates with their windows: on one side of an exchange by their groups, or on both. */
final class AggregatePlacement {
  private final Placement plan;
  private final ExpressionContext expressions;
  private final SketchFactory sketches;

  AggregatePlacement(Placement plan, ExpressionContext expressions, SketchFactory sketches) {
    this.plan = plan;
    this.expressions = expressions;
    this.sketches = sketches;
  }

  void place(TopologyNode node, AggregateConfig config) {
    WindowConfig window = plan.analysis.windowOf(node).orElseThrow();
    PortRef windowRef = plan.analysis.inputs(node).get(0);
    List<Flow> inputs =
        plan.aligned(node, plan.inputsOf(plan.analysis.node(windowRef.node()))).stream()
            .map(flow -> flow.withTraits(flow.traits().withoutWantedKey()))
            .toList();
    Schema input = inputs.get(0).schema();
    Traits traits = Placement.traitsOf(inputs);
    boolean isAppend = plan.analysis.inputChanges(node, 0).isAppend();
    WindowAggregation aggregation =
        config.over(window, new AggregateContext(expressions, sketches, !isAppend));
    boolean deterministic =
        traits.deterministic()
            && aggregation.program(input).isDeterministic()
            && window.isDeterministic()
            && (traits.ownTime() || !window.needsEventTime());
    String description = window.describe() + ": " + config.describe();
    OperatorDraft operator;
    if (isLocal(inputs, config.groupBy())) {
      operator =
          plan.append(
              inputs,
              plan.spec(
                  node.name(),
                  description,
                  plan.factories.window(aggregation, input),
                  config,
                  deterministic));
    } else {
      operator = exchange(node, config, aggregation, inputs, description, deterministic);
    }
    Schema late =
        operator.stage == inputs.get(0).stage() ? input : inputAfterExchange(node, inputs);
    Traits after = new Traits(Optional.of(config.groupBy()), Optional.empty(), deterministic, true);
    plan.flow(node, NodeConfig.MAIN_PORT, operator, 0, aggregation.outputSchema(input), after);
    plan.placed(node, aggregation.outputSchema(input));
    plan.flow(
        node,
        WindowConfig.LATE_PORT,
        operator,
        WindowAggregation.LATE_PORT,
        late,
        traits.partitionedBy(Optional.of(config.groupBy())));
  }

  /** Whether all rows of a group are on one subtask already. */
  private boolean isLocal(List<Flow> inputs, List<String> groupBy) {
    StageDraft stage = inputs.get(0).stage();
    if (inputs.stream().anyMatch(flow -> flow.stage() != stage)) {
      return false;
    }
    int wanted = groupBy.isEmpty() ? 1 : plan.job.parallelism();
    return stage.parallelism == wanted
        && (wanted == 1
            || inputs.stream()
                .allMatch(
                    flow -> flow.traits().partitionedBy().filter(groupBy::equals).isPresent()));
  }

  private Schema inputAfterExchange(TopologyNode node, List<Flow> inputs) {
    return Placement.trimmed(inputs.get(0).schema(), plan.needs.ofInput(node));
  }

  private OperatorDraft exchange(
      TopologyNode node,
      AggregateConfig config,
      WindowAggregation aggregation,
      List<Flow> inputs,
      String description,
      boolean deterministic) {
    int parallelism = config.groupBy().isEmpty() ? 1 : plan.job.parallelism();
    List<Flow> slim = inputs.stream().map(flow -> plan.slim(node, flow)).toList();
    Schema input = slim.get(0).schema();
    boolean twoPhases =
        plan.analysis.inputChanges(node, 0).isAppend() && aggregation.canPreAggregate(input);
    List<OperatorDraft> senders = new ArrayList<>();
    for (Flow flow : slim) {
      senders.add(
          twoPhases
              ? plan.append(
                  List.of(flow),
                  plan.spec(
                      plan.uniqueId(node.name() + "#pre"),
                      "partial " + config.describe(),
                      plan.factories.preAggregate(aggregation, input),
                      config,
                      flow.traits().deterministic()))
              : plan.operatorOf(flow));
    }
    StageDraft stage = plan.draft.stage(parallelism, null);
    OperatorDraft receiver =
        plan.draft.operator(
            stage,
            plan.spec(
                node.name(),
                description,
                twoPhases
                    ? plan.factories.finalAggregate(aggregation, input)
                    : plan.factories.window(aggregation, input),
                config,
                deterministic));
    Partitioning byRowKey = new Partitioning.ByKey(aggregation.keyOrdinals(input));
    receiver.rows =
        new RowInput(
            twoPhases ? WindowAggregation.ROWS_INPUT : 0, input, aggregation.keyOrdinals(input));
    Schema partials = aggregation.partialSchema(input);
    for (int i = 0; i < slim.size(); i++) {
      if (twoPhases) {
        Partitioning byPartialKey =
            new Partitioning.ByKey(IntStream.range(0, config.groupBy().size()).toArray());
        plan.draft.exchange(
            senders.get(i), 0, receiver, WindowAggregation.PARTIALS_INPUT, byPartialKey, partials);
        plan.draft.exchange(
            senders.get(i),
            WindowAggregation.ROWS_PORT,
            receiver,
            WindowAggregation.ROWS_INPUT,
            byRowKey,
            input);
      } else {
        plan.draft.exchange(senders.get(i), slim.get(i).port(), receiver, 0, byRowKey, input);
      }
    }
    return receiver;
  }
}
