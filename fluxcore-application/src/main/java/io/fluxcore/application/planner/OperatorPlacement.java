package io.fluxcore.application.planner;

import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.RowInput;
import io.fluxcore.application.planner.Flow.Traits;
import io.fluxcore.application.planner.PlanDraft.OperatorDraft;
import io.fluxcore.application.planner.PlanDraft.OperatorSpec;
import io.fluxcore.application.planner.PlanDraft.StageDraft;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupTable;
import io.fluxcore.domain.join.WholeTable;
import io.fluxcore.domain.sort.EventTimeSort;
import io.fluxcore.domain.topology.FullLookupConfig;
import io.fluxcore.domain.topology.LookupConfig;
import io.fluxcore.domain.topology.LookupFactory;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.OperatorPlan;
import io.fluxcore.domain.topology.OperatorTools;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.WindowConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places nodes with state of their own kind: the rows of a key of all inputs on one subtask, which
 * is where they are, or behind exchanges.
 */
final class OperatorPlacement {
  private final Placement plan;
  private final ExpressionContext expressions;
  private final SketchFactory sketches;
  private final Connections connections;

  OperatorPlacement(
      Placement plan,
      ExpressionContext expressions,
      SketchFactory sketches,
      Connections connections) {
    this.plan = plan;
    this.expressions = expressions;
    this.sketches = sketches;
    this.connections = connections;
  }

  void place(TopologyNode node, OperatorConfig config) {
    List<List<Flow>> inputs = inputs(node, config);
    if (config.isStateless()) {
      inputs = inputs.stream().map(flows -> plan.together(node, flows, 0)).toList();
    }
    boolean isLocal = config.isStateless() || isLocal(inputs, config);
    if (!isLocal || config.sort() != null) { // rows in order are state: the same at any parallelism
      inputs = slim(node, inputs);
    }
    List<Schema> schemas = inputs.stream().map(flows -> flows.get(0).schema()).toList();
    List<Changes> changes = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      changes.add(plan.analysis.inputChanges(node, i));
    }
    OperatorTools tools = new OperatorTools(expressions, sketches, new NodeLookups(node));
    OperatorPlan planned = config.plan(schemas, changes, outputs(node, config), tools);
    Traits traits = Placement.traitsOf(inputs.stream().flatMap(List::stream).toList());
    boolean deterministic =
        traits.deterministic()
            && planned.deterministic()
            && (traits.ownTime() || !config.needsEventTime());
    OperatorSpec spec =
        plan.spec(node.name(), config.describe(), planned.factory(), config, deterministic);
    EventTimeSort order = config.sort();
    OperatorDraft sort = order == null ? null : sort(node, config, order, inputs, isLocal);
    OperatorDraft operator =
        sort != null
            ? behind(sort, spec)
            : isLocal ? plan.appendEach(inputs, spec) : exchange(config, inputs, spec);
    if (config.isStateless()) {
      operator.rows = Placement.rowsOf(inputs.get(0));
    } else if (inputs.size() == 1) {
      Schema input = schemas.get(0);
      operator.rows = new RowInput(0, input, Placement.ordinals(input, config.key(0)));
    }
    Optional<List<String>> key =
        config.isStateless() ? traits.partitionedBy() : Optional.of(config.key(0));
    Traits after =
        new Traits(
            key.flatMap(fields -> passed(config, fields)),
            Optional.empty(),
            deterministic,
            traits.ownTime());
    plan.placed(node, planned.outputs().get(0));
    plan.flow(node, NodeConfig.MAIN_PORT, operator, 0, planned.outputs().get(0), after);
    for (int i = 0; i < config.ports().size(); i++) {
      Schema schema = planned.outputs().get(i + 1);
      String port = config.ports().get(i);
      boolean isLate = sort != null && port.equals(WindowConfig.LATE_PORT);
      OperatorDraft from = isLate ? Objects.requireNonNull(sort) : operator;
      int number = isLate ? EventTimeSort.LATE_PORT : i + 1;
      plan.flow(node, port, from, number, schema, sideTraits(after));
    }
  }

  /** The tables outside of one node. */
  private final class NodeLookups implements LookupFactory {
    private final TopologyNode node;

    NodeLookups(TopologyNode node) {
      this.node = node;
    }

    @Override
    public Lookup lookup(LookupConfig config, LookupTable table) {
      return connections.lookup(node, config, table);
    }

    @Override
    public WholeTable wholeTable(FullLookupConfig config, LookupTable table) {
      return connections.wholeTable(node, table);
    }
  }

  /** What puts the rows of each key in the order of event time. */
  private OperatorDraft sort(
      TopologyNode node,
      OperatorConfig config,
      EventTimeSort sort,
      List<List<Flow>> inputs,
      boolean isLocal) {
    Schema input = inputs.get(0).get(0).schema();
    OperatorSpec spec =
        plan.spec(
            plan.uniqueId(node.name() + "#sort"),
            "sort by event time",
            plan.factories.sort(sort, input),
            config,
            Placement.traitsOf(inputs.get(0)).deterministic());
    OperatorDraft operator =
        isLocal ? plan.appendEach(inputs, spec) : exchange(config, inputs, spec);
    operator.rows = new RowInput(0, input, Placement.ordinals(input, config.key(0)));
    return operator;
  }

  private OperatorDraft behind(OperatorDraft before, OperatorSpec spec) {
    OperatorDraft operator = plan.draft.operator(before.stage, spec);
    plan.draft.inside(before, 0, operator, 0);
    return operator;
  }

  /** What leaves by another port need not have the key's fields. */
  private static Traits sideTraits(Traits main) {
    return main.partitionedBy(Optional.empty());
  }

  private List<List<Flow>> inputs(TopologyNode node, OperatorConfig config) {
    List<List<Flow>> inputs = new ArrayList<>();
    for (int i = 0; i < config.inputNames().size(); i++) {
      List<Flow> flows =
          plan.inputsOf(node, plan.analysis.inputs(node, i)).stream()
              .map(flow -> flow.withTraits(flow.traits().withoutWantedKey()))
              .toList();
      inputs.add(plan.aligned(node, flows, plan.needs.ofInput(node, i)));
    }
    return inputs;
  }

  private List<List<Flow>> slim(TopologyNode node, List<List<Flow>> inputs) {
    List<List<Flow>> slim = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Set<String> used = plan.needs.ofInput(node, i);
      slim.add(inputs.get(i).stream().map(flow -> plan.slim(node, flow, used)).toList());
    }
    return slim;
  }

  /** The fields that are used of each port, in the order in which they were declared. */
  private List<Schema> outputs(TopologyNode node, OperatorConfig config) {
    List<Schema> outputs = new ArrayList<>();
    outputs.add(output(node, config, NodeConfig.MAIN_PORT));
    config.ports().forEach(port -> outputs.add(output(node, config, port)));
    return outputs;
  }

  private Schema output(TopologyNode node, OperatorConfig config, String port) {
    PortRef ref = new PortRef(node.name(), port);
    if (config.savesUnreadPorts()
        && !port.equals(NodeConfig.MAIN_PORT)
        && plan.analysis.readers(ref).isEmpty()) {
      return Schema.of();
    }
    Schema declared = Objects.requireNonNull(plan.analysis.output(ref));
    Set<String> used = plan.needs.ofOutput(node, port);
    List<Field> fields = new ArrayList<>();
    for (Field field : declared.fields()) {
      boolean isOwn = config.origin(port, field.name()) == null;
      if (used.contains(field.name()) || (isOwn && !config.savesUnreadFields())) {
        fields.add(field);
      }
    }
    return Schema.of(fields);
  }

  private boolean isLocal(List<List<Flow>> inputs, OperatorConfig config) {
    StageDraft stage = inputs.get(0).get(0).stage();
    if (stage.parallelism != parallelism(config)) {
      return false;
    }
    for (int i = 0; i < inputs.size(); i++) {
      List<String> key = config.key(i);
      for (Flow flow : inputs.get(i)) {
        boolean isTogether =
            stage.parallelism == 1 || flow.traits().partitionedBy().filter(key::equals).isPresent();
        if (flow.stage() != stage || !isTogether) {
          return false;
        }
      }
    }
    return true;
  }

  private int parallelism(OperatorConfig config) {
    return config.key(0).isEmpty() ? 1 : plan.job.parallelism();
  }

  private OperatorDraft exchange(
      OperatorConfig config, List<List<Flow>> inputs, OperatorSpec spec) {
    StageDraft stage = plan.draft.stage(parallelism(config), null);
    OperatorDraft receiver = plan.draft.operator(stage, spec);
    for (int i = 0; i < inputs.size(); i++) {
      for (Flow flow : inputs.get(i)) {
        plan.draft.exchange(
            plan.operatorOf(flow),
            flow.port(),
            receiver,
            i,
            partitioning(flow, config.key(i), stage.parallelism),
            flow.schema());
      }
    }
    return receiver;
  }

  private static Partitioning partitioning(Flow flow, List<String> key, int parallelism) {
    if (parallelism > 1) {
      return new Partitioning.ByKey(Placement.ordinals(flow.schema(), key));
    }
    return flow.stage().parallelism == 1
        ? new Partitioning.Forward()
        : new Partitioning.Rebalance();
  }

  /** A key under the names that it leaves with, if it does. */
  private static Optional<List<String>> passed(OperatorConfig config, List<String> key) {
    List<String> names = new ArrayList<>();
    for (String field : key) {
      @Nullable String name = config.passedAs(0, field);
      if (name == null) {
        return Optional.empty();
      }
      names.add(name);
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }
}
