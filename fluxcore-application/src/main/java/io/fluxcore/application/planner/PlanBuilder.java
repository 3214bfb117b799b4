package io.fluxcore.application.planner;

import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.Flow.Traits;
import io.fluxcore.application.planner.PlanDraft.OperatorDraft;
import io.fluxcore.application.planner.PlanDraft.StageDraft;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.process.KeyedProcess;
import io.fluxcore.domain.process.KeyedProcessFunction;
import io.fluxcore.domain.process.ProcessFunctions;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.Criterion;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Places the nodes of a sound topology into stages, upstream first. Every node but a window becomes
 * an operator of its name, so that each has its accounts; what the planner adds has a suffix:
 * {@code #out} parts a source's rows, {@code #select} leaves columns behind, {@code #pre}
 * aggregates before an exchange.
 */
final class PlanBuilder {
  private final TopologyAnalysis analysis;
  private final Connections connections;
  private final ExpressionContext expressions;
  private final ProcessFunctions processFunctions;
  private final OperatorFactories factories;
  private final Placement plan;
  private final TransformPlanner transforms;
  private final AggregatePlacement aggregates;
  private final OperatorPlacement operators;
  private final SinkPlacement sinks;

  PlanBuilder(
      TopologyAnalysis analysis,
      Connections connections,
      JobConfig job,
      ExpressionContext expressions,
      SketchFactory sketches,
      ProcessFunctions processFunctions) {
    this.processFunctions = processFunctions;
    this.analysis = analysis;
    this.connections = connections;
    this.expressions = expressions;
    this.factories = new OperatorFactories(expressions);
    this.transforms = new TransformPlanner(factories);
    this.plan = new Placement(analysis, job, factories);
    this.aggregates = new AggregatePlacement(plan, expressions, sketches);
    this.operators = new OperatorPlacement(plan, expressions, sketches, connections);
    this.sinks = new SinkPlacement(plan, connections);
  }

  ExecutionPlan build() {
    for (TopologyNode node : analysis.order()) {
      NodeConfig config = node.config();
      if (config instanceof SourceConfig source) {
        placeSource(node, source);
      } else if (config instanceof AggregateConfig aggregate) {
        if (analysis.windowOf(node).isPresent()) {
          aggregates.place(node, aggregate);
        } else {
          operators.place(node, aggregate.overAllRows());
        }
      } else if (config instanceof OperatorConfig operator) {
        operators.place(node, operator);
      } else if (config instanceof SinkConfig sink) {
        sinks.place(node, sink);
      } else if (config instanceof TransformConfig.ProcessCode process) {
        placeProcess(node, process);
      } else if (config instanceof TransformConfig transform) {
        placeTransform(node, transform);
      }
    }
    return plan.draft.build(
        plan.outputs(),
        DeliveryCheck.promise(analysis, connections, plan.job),
        sinks.placed(),
        connections.lookups());
  }

  // Sources

  private void placeSource(TopologyNode node, SourceConfig config) {
    PortRef output = new PortRef(node.name(), NodeConfig.MAIN_PORT);
    Schema full = Objects.requireNonNull(analysis.output(output));
    Set<String> used = new HashSet<>(plan.needs.ofInput(node));
    if (config.timestampField() != null) {
      used.add(config.timestampField());
    }
    if (config.timestampExpression() != null) {
      used.addAll(Expression.parse(config.timestampExpression()).fields());
    }
    if (config.shedding() != null && config.shedding().priorityField() != null) {
      used.add(config.shedding().priorityField());
    }
    Schema schema = Schema.of(full.fields().stream().filter(f -> used.contains(f.name())).toList());
    PlannedSource planned =
        new PlannedSource(
            node.name(),
            config.connector().toString(),
            connections.source(node),
            schema,
            isOpen(node, config) && plan.needs.needsRaw(output),
            filterFor(node, schema),
            config.time(),
            config.timestampField(),
            timestamp(config, schema),
            config.watermarks(),
            plan.errors(config),
            connections.can(node, Capability.REPLAYABLE) && connections.source(node).isReplayable(),
            config.shedding());
    StageDraft stage =
        plan.draft.stage(atLeastOne(config.parallelism(), plan.job.parallelism()), planned);
    Traits traits =
        new Traits(
            Optional.empty(),
            Optional.empty(),
            config.shedding() == null,
            config.time() == TimeCharacteristic.EVENT
                && config.watermarks().silenceFallback() == null);
    Flow flow = new Flow(stage, null, 0, schema, traits);
    plan.flow(node, config.shedding() == null ? flow : apart(node, flow));
    plan.placed(node, schema);
  }

  /** The expression of the event time, for each reader one of its own. */
  private @Nullable Supplier<CompiledExpression> timestamp(SourceConfig config, Schema schema) {
    String text = config.timestampExpression();
    return text == null
        ? null
        : () -> Expression.parse(text).compile(schema, plan.factories.expressions());
  }

  /** A source that sheds is alone in its stage: in what is fused with it, it could not go on. */
  private Flow apart(TopologyNode node, Flow flow) {
    OperatorDraft entry =
        plan.draft.operator(
            plan.draft.stage(flow.stage().parallelism, null),
            plan.spec(
                plan.uniqueId(node.name() + "#in"),
                "pass",
                factories.pass(),
                node.config(),
                flow.traits().deterministic()));
    plan.draft.exchange(
        plan.operatorOf(flow), flow.port(), entry, 0, new Partitioning.Forward(), flow.schema());
    return new Flow(entry.stage, entry, 0, flow.schema(), flow.traits());
  }

  private boolean isOpen(TopologyNode node, SourceConfig config) {
    Schema declared = config.schema() != null ? config.schema() : connections.source(node).schema();
    return declared == null || declared.isOpen();
  }

  /**
   * The expressions of the filters that follow a source at once, as one condition. Not of upserts:
   * a row that is filtered out would leave the former one of its key standing.
   */
  private @Nullable Supplier<CompiledPredicate> filterFor(TopologyNode source, Schema schema) {
    PortRef output = new PortRef(source.name(), NodeConfig.MAIN_PORT);
    if (!connections.isNamed(source)
        || analysis.changes(output).mode() == Changes.Mode.UPSERT
        || !connections.can(source, Capability.FILTER)
        || PromiseCheck.feedsEventTime(analysis, source)) {
      return null;
    }
    List<String> conditions = new ArrayList<>();
    TopologyNode at = source;
    while (true) {
      List<TopologyNode> readers = analysis.readers(new PortRef(at.name(), NodeConfig.MAIN_PORT));
      if (readers.size() != 1
          || !(readers.get(0).config() instanceof TransformConfig.Filter filter)
          || !(filter.criterion() instanceof Criterion.Text text)
          || analysis.inputs(readers.get(0)).size() != 1) {
        break;
      }
      conditions.add("(" + text.text() + ")");
      at = readers.get(0);
    }
    if (conditions.isEmpty()) {
      return null;
    }
    Expression condition = Expression.parse(String.join(" and ", conditions));
    return condition.compilePredicate(schema, expressions).isDeterministic()
        ? () -> condition.compilePredicate(schema, expressions)
        : null;
  }

  // Transforms

  private void placeTransform(TopologyNode node, TransformConfig config) {
    List<Flow> inputs =
        config instanceof TransformConfig.Sort sort
            ? toSort(node, sort)
            : plan.together(node, plan.inputsOf(node), 0);
    Schema input = inputs.get(0).schema();
    Traits traits = Placement.traitsOf(inputs);
    TransformPlanner.Planned planned =
        transforms.plan(
            config, input, analysis.output(new PortRef(node.name(), NodeConfig.MAIN_PORT)));
    Traits after = transforms.after(config, traits.and(planned.deterministic()));
    OperatorDraft operator =
        plan.append(
            inputs,
            plan.spec(
                node.name(), config.describe(), planned.factory(), config, after.deterministic()));
    plan.flow(node, NodeConfig.MAIN_PORT, operator, 0, planned.output(), after);
    plan.placed(node, planned.output());
    List<String> ports = config.ports();
    for (int i = 0; i < ports.size(); i++) {
      plan.flow(node, ports.get(i), operator, i + 1, planned.output(), after);
    }
  }

  /** The order in which the rows of a key arrive may differ from run to run. */
  private void placeProcess(TopologyNode node, TransformConfig.ProcessCode config) {
    List<String> key = Objects.requireNonNull(analysis.keyOf(node));
    List<Flow> keyed =
        plan.inputsOf(node).stream()
            .map(flow -> flow.withTraits(keyed(flow.traits(), key)))
            .toList();
    List<Flow> inputs = plan.together(node, keyed, 0);
    Schema input = inputs.get(0).schema();
    Traits traits = Placement.traitsOf(inputs);
    Schema output =
        Objects.requireNonNull(analysis.output(new PortRef(node.name(), NodeConfig.MAIN_PORT)));
    Map<String, Schema> sideOutputs = new LinkedHashMap<>();
    for (String port : config.ports()) {
      sideOutputs.put(
          port, Objects.requireNonNull(analysis.output(new PortRef(node.name(), port))));
    }
    KeyedProcess process =
        new KeyedProcess(
            functionOf(config), key, config.states(), config.timeToLive(), output, sideOutputs);
    OperatorDraft operator =
        plan.append(
            inputs,
            plan.spec(
                node.name(), config.describe(), factories.process(process, input), config, false));
    Traits after = traits.and(false).partitionedBy(Optional.empty());
    plan.flow(node, NodeConfig.MAIN_PORT, operator, 0, output, after);
    plan.placed(node, output);
    int number = 1;
    for (Map.Entry<String, Schema> port : sideOutputs.entrySet()) {
      plan.flow(node, port.getKey(), operator, number++, port.getValue(), after);
    }
  }

  private static Traits keyed(Traits traits, List<String> key) {
    boolean isTogether =
        traits.wantedKey().isEmpty() && traits.partitionedBy().filter(key::equals).isPresent();
    return isTogether ? traits : traits.wantedKey(key);
  }

  private KeyedProcessFunction functionOf(TransformConfig.ProcessCode config) {
    KeyedProcessFunction function = config.function();
    return function != null
        ? function
        : Objects.requireNonNull(
            processFunctions.find(Objects.requireNonNull(config.functionName())));
  }

  /**
   * The rows of a key together on one subtask; all of them where there is no key. They are state,
   * so that they have the same fields at any parallelism.
   */
  private List<Flow> toSort(TopologyNode node, TransformConfig.Sort sort) {
    Set<String> used = plan.needs.ofInput(node);
    List<Flow> slim =
        plan.inputsOf(node).stream().map(flow -> plan.slim(node, flow, used)).toList();
    if (sort.key().isEmpty()) {
      return plan.together(node, slim, 1);
    }
    List<Flow> keyed =
        slim.stream().map(flow -> flow.withTraits(keyed(flow.traits(), sort.key()))).toList();
    return plan.together(node, keyed, 0);
  }

  private static int atLeastOne(int wanted, int otherwise) {
    return wanted > 0 ? wanted : otherwise;
  }
}
