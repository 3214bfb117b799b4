package io.fluxcore.application.planner;

import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.RowInput;
import io.fluxcore.application.planner.Flow.Traits;
import io.fluxcore.application.planner.PlanDraft.OperatorDraft;
import io.fluxcore.application.planner.PlanDraft.OperatorSpec;
import io.fluxcore.application.planner.PlanDraft.StageDraft;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.process.KeyedProcess;
import io.fluxcore.domain.process.KeyedProcessFunction;
import io.fluxcore.domain.process.ProcessFunctions;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.Criterion;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.WindowAggregation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
  private final JobConfig job;
  private final ExpressionContext expressions;
  private final SketchFactory sketches;
  private final ProcessFunctions processFunctions;
  private final OperatorFactories factories;
  private final FieldNeeds needs;
  private final TransformPlanner transforms;
  private final PlanDraft draft = new PlanDraft();
  private final Map<PortRef, Flow> flows = new HashMap<>();
  private final Map<StageDraft, OperatorDraft> sourceOutputs = new HashMap<>();
  private final Set<String> operatorIds = new HashSet<>();
  private final Map<String, Schema> outputs = new LinkedHashMap<>();
  private final Map<String, Sink> sinks = new LinkedHashMap<>();

  PlanBuilder(
      TopologyAnalysis analysis,
      Connections connections,
      JobConfig job,
      ExpressionContext expressions,
      SketchFactory sketches,
      ProcessFunctions processFunctions) {
    this.sketches = sketches;
    this.processFunctions = processFunctions;
    this.analysis = analysis;
    this.connections = connections;
    this.job = job;
    this.expressions = expressions;
    this.factories = new OperatorFactories(expressions);
    this.needs = new FieldNeeds(analysis);
    this.transforms = new TransformPlanner(factories);
  }

  ExecutionPlan build() {
    for (TopologyNode node : analysis.order()) {
      NodeConfig config = node.config();
      if (config instanceof SourceConfig source) {
        placeSource(node, source);
      } else if (config instanceof AggregateConfig aggregate) {
        placeAggregate(node, aggregate);
      } else if (config instanceof SinkConfig sink) {
        placeSink(node, sink);
      } else if (config instanceof TransformConfig.ProcessCode process) {
        placeProcess(node, process);
      } else if (config instanceof TransformConfig transform) {
        placeTransform(node, transform);
      }
    }
    return draft.build(outputs, DeliveryCheck.promise(analysis, connections, job), sinks);
  }

  // Sources

  private void placeSource(TopologyNode node, SourceConfig config) {
    PortRef output = new PortRef(node.name(), NodeConfig.MAIN_PORT);
    Schema full = Objects.requireNonNull(analysis.output(output));
    Set<String> used = new HashSet<>(needs.ofInput(node));
    if (config.timestampField() != null) {
      used.add(config.timestampField());
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
            isOpen(node, config) && needs.needsRaw(output),
            filterFor(node, schema),
            config.time(),
            config.timestampField(),
            config.watermarks(),
            errors(config),
            connections.can(node, Capability.REPLAYABLE) && connections.source(node).isReplayable(),
            config.shedding());
    StageDraft stage = draft.stage(atLeastOne(config.parallelism(), job.parallelism()), planned);
    Traits traits =
        new Traits(
            Optional.empty(),
            Optional.empty(),
            true,
            config.shedding() == null,
            config.time() == TimeCharacteristic.EVENT
                && config.watermarks().silenceFallback() == null);
    Flow flow = new Flow(stage, null, 0, schema, traits);
    flows.put(output, config.shedding() == null ? flow : apart(node, flow));
    outputs.put(node.name(), schema);
  }

  /** A source that sheds is alone in its stage: in what is fused with it, it could not go on. */
  private Flow apart(TopologyNode node, Flow flow) {
    OperatorDraft entry =
        draft.operator(
            draft.stage(flow.stage().parallelism, null),
            spec(
                uniqueId(node.name() + "#in"),
                "pass",
                factories.pass(),
                node.config(),
                flow.traits().deterministic()));
    draft.exchange(
        operatorOf(flow), flow.port(), entry, 0, new Partitioning.Forward(), flow.schema());
    return new Flow(entry.stage, entry, 0, flow.schema(), flow.traits());
  }

  private boolean isOpen(TopologyNode node, SourceConfig config) {
    Schema declared = config.schema() != null ? config.schema() : connections.source(node).schema();
    return declared == null || declared.isOpen();
  }

  /** The expressions of the filters that follow a source at once, as one condition. */
  private @Nullable Supplier<CompiledPredicate> filterFor(TopologyNode source, Schema schema) {
    if (!connections.isNamed(source)
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

  // Transforms and sinks

  private void placeTransform(TopologyNode node, TransformConfig config) {
    List<Flow> inputs =
        config instanceof TransformConfig.Sort sort
            ? toSort(node, sort)
            : together(node, inputsOf(node), 0);
    Schema input = inputs.get(0).schema();
    Traits traits = traitsOf(inputs);
    TransformPlanner.Planned planned =
        transforms.plan(
            config, input, analysis.output(new PortRef(node.name(), NodeConfig.MAIN_PORT)));
    Traits after = transforms.after(config, traits.and(planned.deterministic()));
    OperatorDraft operator =
        append(
            inputs,
            spec(node.name(), config.describe(), planned.factory(), config, after.deterministic()));
    flow(node, NodeConfig.MAIN_PORT, operator, 0, planned.output(), after);
    outputs.put(node.name(), planned.output());
    List<String> ports = config.ports();
    for (int i = 0; i < ports.size(); i++) {
      flow(node, ports.get(i), operator, i + 1, planned.output(), after);
    }
  }

  /** The order in which the rows of a key arrive may differ from run to run. */
  private void placeProcess(TopologyNode node, TransformConfig.ProcessCode config) {
    List<String> key = Objects.requireNonNull(analysis.keyOf(node));
    List<Flow> keyed =
        inputsOf(node).stream().map(flow -> flow.withTraits(keyed(flow.traits(), key))).toList();
    List<Flow> inputs = together(node, keyed, 0);
    Schema input = inputs.get(0).schema();
    Traits traits = traitsOf(inputs);
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
        append(
            inputs,
            spec(node.name(), config.describe(), factories.process(process, input), config, false));
    Traits after = traits.and(false).partitionedBy(Optional.empty());
    flow(node, NodeConfig.MAIN_PORT, operator, 0, output, after);
    outputs.put(node.name(), output);
    int number = 1;
    for (Map.Entry<String, Schema> port : sideOutputs.entrySet()) {
      flow(node, port.getKey(), operator, number++, port.getValue(), after);
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

  /** The rows of a key together on one subtask; all of them where there is no key. */
  private List<Flow> toSort(TopologyNode node, TransformConfig.Sort sort) {
    if (sort.key().isEmpty()) {
      return together(node, inputsOf(node), 1);
    }
    List<Flow> keyed =
        inputsOf(node).stream()
            .map(flow -> flow.withTraits(keyed(flow.traits(), sort.key())))
            .toList();
    return together(node, keyed, 0);
  }

  private void placeSink(TopologyNode node, SinkConfig config) {
    List<Flow> flowsIn = inputsOf(node);
    int wanted =
        config.parallelism() > 0
            ? config.parallelism()
            : connections.can(node, Capability.PARALLEL) ? 0 : 1;
    List<Flow> inputs = together(node, flowsIn, wanted);
    Sink sink = connections.sink(node, config, inputs.get(0).schema());
    outputs.put(node.name(), inputs.get(0).schema());
    boolean deterministic = traitsOf(inputs).deterministic();
    if (!deterministic) {
      DeliveryCheck.requireTransactions(node, connections, job);
    }
    if (sink != null) {
      sinks.put(node.name(), sink);
      DeliveryCheck.requirePromise(node, sink, connections, job);
      append(
          inputs,
          spec(
              node.name(),
              config.describe(),
              factories.sink(sink, visibility()),
              config,
              deterministic));
    }
  }

  private WriterContext.Visibility visibility() {
    if (job.checkpointInterval() != null) {
      return WriterContext.Visibility.AT_CHECKPOINTS;
    }
    boolean ends =
        analysis.order().stream()
            .filter(node -> node.config() instanceof SourceConfig)
            .allMatch(node -> connections.source(node).isBounded());
    return ends ? WriterContext.Visibility.AT_END : WriterContext.Visibility.AT_FLUSH;
  }

  // Aggregates

  private void placeAggregate(TopologyNode node, AggregateConfig config) {
    WindowConfig window = analysis.windowOf(node).orElseThrow();
    PortRef windowRef = analysis.inputs(node).get(0);
    List<Flow> inputs =
        aligned(node, inputsOf(analysis.node(windowRef.node()))).stream()
            .map(flow -> flow.withTraits(flow.traits().withoutWantedKey()))
            .toList();
    Schema input = inputs.get(0).schema();
    Traits traits = traitsOf(inputs);
    WindowAggregation aggregation =
        config.over(window, new AggregateContext(expressions, sketches, !traits.insertOnly()));
    boolean deterministic =
        traits.deterministic()
            && aggregation.program(input).isDeterministic()
            && window.isDeterministic()
            && (traits.ownTime() || !window.needsEventTime());
    String description = window.describe() + ": " + config.describe();
    OperatorDraft operator;
    if (isLocal(inputs, config.groupBy())) {
      operator =
          append(
              inputs,
              spec(
                  node.name(),
                  description,
                  factories.window(aggregation, input),
                  config,
                  deterministic));
    } else {
      operator = exchange(node, config, aggregation, inputs, description, deterministic);
    }
    Schema late =
        operator.stage == inputs.get(0).stage() ? input : inputAfterExchange(node, inputs);
    Traits after =
        new Traits(
            Optional.of(config.groupBy()),
            Optional.empty(),
            window.accumulation() != Accumulation.RETRACTING,
            deterministic,
            true);
    flow(node, NodeConfig.MAIN_PORT, operator, 0, aggregation.outputSchema(input), after);
    outputs.put(node.name(), aggregation.outputSchema(input));
    flow(
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
    int wanted = groupBy.isEmpty() ? 1 : job.parallelism();
    return stage.parallelism == wanted
        && (wanted == 1
            || inputs.stream()
                .allMatch(
                    flow -> flow.traits().partitionedBy().filter(groupBy::equals).isPresent()));
  }

  private Schema inputAfterExchange(TopologyNode node, List<Flow> inputs) {
    return trimmed(inputs.get(0).schema(), needs.ofInput(node));
  }

  private OperatorDraft exchange(
      TopologyNode node,
      AggregateConfig config,
      WindowAggregation aggregation,
      List<Flow> inputs,
      String description,
      boolean deterministic) {
    int parallelism = config.groupBy().isEmpty() ? 1 : job.parallelism();
    List<Flow> slim = inputs.stream().map(flow -> slim(node, flow)).toList();
    Schema input = slim.get(0).schema();
    boolean twoPhases = traitsOf(slim).insertOnly() && aggregation.canPreAggregate(input);
    List<OperatorDraft> senders = new ArrayList<>();
    for (Flow flow : slim) {
      senders.add(
          twoPhases
              ? append(
                  List.of(flow),
                  spec(
                      uniqueId(node.name() + "#pre"),
                      "partial " + config.describe(),
                      factories.preAggregate(aggregation, input),
                      config,
                      flow.traits().deterministic()))
              : operatorOf(flow));
    }
    StageDraft stage = draft.stage(parallelism, null);
    OperatorDraft receiver =
        draft.operator(
            stage,
            spec(
                node.name(),
                description,
                twoPhases
                    ? factories.finalAggregate(aggregation, input)
                    : factories.window(aggregation, input),
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
        draft.exchange(
            senders.get(i), 0, receiver, WindowAggregation.PARTIALS_INPUT, byPartialKey, partials);
        draft.exchange(
            senders.get(i),
            WindowAggregation.ROWS_PORT,
            receiver,
            WindowAggregation.ROWS_INPUT,
            byRowKey,
            input);
      } else {
        draft.exchange(senders.get(i), slim.get(i).port(), receiver, 0, byRowKey, input);
      }
    }
    return receiver;
  }

  // Flows

  private List<Flow> inputsOf(TopologyNode node) {
    return analysis.inputs(node).stream()
        .map(ref -> Objects.requireNonNull(flows.get(ref)))
        .toList();
  }

  private void flow(
      TopologyNode node,
      String port,
      OperatorDraft from,
      int number,
      Schema schema,
      Traits traits) {
    flows.put(new PortRef(node.name(), port), new Flow(from.stage, from, number, schema, traits));
  }

  private static Traits traitsOf(List<Flow> inputs) {
    return inputs.stream().map(Flow::traits).reduce(Traits::merge).orElseThrow();
  }

  /**
   * The flows of a node's inputs, in one stage: where they are, or behind exchanges.
   *
   * @param wanted parallelism, or 0 to keep it
   */
  private List<Flow> together(TopologyNode node, List<Flow> inputs, int wanted) {
    List<Flow> same = aligned(node, inputs);
    StageDraft first = same.get(0).stage();
    int parallelism =
        wanted > 0 ? wanted : same.stream().mapToInt(f -> f.stage().parallelism).max().orElse(1);
    boolean sameStage = same.stream().allMatch(flow -> flow.stage() == first);
    boolean needsKey = same.stream().anyMatch(this::mustMove);
    if (sameStage && !needsKey && parallelism == first.parallelism) {
      return same;
    }
    int target = needsKey && wanted == 0 ? Math.max(parallelism, job.parallelism()) : parallelism;
    return move(node, same, target);
  }

  private boolean mustMove(Flow flow) {
    return flow.traits().wantedKey().isPresent()
        && (flow.stage().parallelism > 1 || job.parallelism() > 1);
  }

  /** Brings flows into a new stage, whose first operator passes them on. */
  private List<Flow> move(TopologyNode node, List<Flow> inputs, int parallelism) {
    List<Flow> slim = inputs.stream().map(flow -> slim(node, flow)).toList();
    StageDraft stage = draft.stage(parallelism, null);
    OperatorDraft entry =
        draft.operator(
            stage,
            spec(
                uniqueId(node.name() + "#in"),
                "pass",
                factories.pass(),
                node.config(),
                traitsOf(slim).deterministic()));
    Traits traits = null;
    for (Flow flow : slim) {
      Optional<List<String>> key =
          flow.traits().wantedKey().or(() -> flow.traits().partitionedBy());
      boolean asItIs =
          flow.stage().parallelism == parallelism && flow.traits().wantedKey().isEmpty();
      Partitioning partitioning =
          asItIs
              ? new Partitioning.Forward()
              : key.isPresent() && parallelism > 1
                  ? new Partitioning.ByKey(ordinals(flow.schema(), key.get()))
                  : new Partitioning.Rebalance();
      draft.exchange(operatorOf(flow), flow.port(), entry, 0, partitioning, flow.schema());
      Traits moved = flow.traits().partitionedBy(key);
      traits = traits == null ? moved : traits.merge(moved);
    }
    return List.of(new Flow(stage, entry, 0, slim.get(0).schema(), Objects.requireNonNull(traits)));
  }

  private static int[] ordinals(Schema schema, List<String> fields) {
    return fields.stream().mapToInt(schema::ordinal).toArray();
  }

  /** The same flows with the same columns in the same order, where there are several. */
  private List<Flow> aligned(TopologyNode node, List<Flow> inputs) {
    if (inputs.size() == 1) {
      return inputs;
    }
    Schema target = trimmed(inputs.get(0).schema(), needs.ofInput(node));
    return inputs.stream().map(flow -> select(node, flow, target)).toList();
  }

  /** The flow without the columns that nothing after an exchange uses. */
  private Flow slim(TopologyNode node, Flow flow) {
    Set<String> fields = new HashSet<>(needs.ofInput(node));
    flow.traits().wantedKey().ifPresent(fields::addAll);
    return select(node, flow, trimmed(flow.schema(), fields));
  }

  private static Schema trimmed(Schema schema, Set<String> fields) {
    return Schema.of(schema.fields().stream().filter(f -> fields.contains(f.name())).toList());
  }

  private Flow select(TopologyNode node, Flow flow, Schema target) {
    if (flow.schema().equals(target)) {
      return flow;
    }
    OperatorDraft operator =
        append(
            List.of(flow),
            spec(
                uniqueId(node.name() + "#select"),
                "select " + String.join(", ", target.fieldNames()),
                factories.select(flow.schema(), target.fieldNames()),
                node.config(),
                flow.traits().deterministic()));
    return new Flow(operator.stage, operator, 0, target, flow.traits());
  }

  /** Adds an operator behind flows of one stage. */
  private OperatorDraft append(List<Flow> inputs, OperatorSpec spec) {
    StageDraft stage = inputs.get(0).stage();
    RowInput rows = rowsOf(inputs);
    if (inputs.size() == 1 && inputs.get(0).operator() == null && isOnlyReader(stage)) {
      OperatorDraft operator = draft.operator(stage, spec);
      operator.rows = rows;
      return operator;
    }
    List<OperatorDraft> before = inputs.stream().map(this::operatorOf).toList();
    OperatorDraft operator = draft.operator(stage, spec);
    operator.rows = rows;
    for (int i = 0; i < before.size(); i++) {
      draft.inside(before.get(i), inputs.get(i).port(), operator, 0);
    }
    return operator;
  }

  /** How single rows are given to an operator behind these flows. */
  private static RowInput rowsOf(List<Flow> inputs) {
    Schema schema = inputs.get(0).schema();
    int[] key =
        traitsOf(inputs)
            .partitionedBy()
            .filter(fields -> fields.stream().allMatch(field -> schema.indexOf(field) >= 0))
            .map(fields -> ordinals(schema, fields))
            .orElse(null);
    return new RowInput(0, schema, key);
  }

  private boolean isOnlyReader(StageDraft stage) {
    if (stage.source == null || !stage.operators.isEmpty()) {
      return false;
    }
    return physicalReaders(new PortRef(stage.source.operatorId(), NodeConfig.MAIN_PORT)) == 1;
  }

  /** How many operators read an output; a window stands for its aggregates. */
  private int physicalReaders(PortRef output) {
    int count = 0;
    for (TopologyNode reader : analysis.readers(output)) {
      count +=
          reader.config() instanceof WindowConfig
              ? physicalReaders(new PortRef(reader.name(), NodeConfig.MAIN_PORT))
              : 1;
    }
    return count;
  }

  /** The operator that makes a flow; a source that is not followed by one gets one. */
  private OperatorDraft operatorOf(Flow flow) {
    if (flow.operator() != null) {
      return flow.operator();
    }
    return sourceOutputs.computeIfAbsent(
        flow.stage(),
        stage -> {
          PlannedSource source = Objects.requireNonNull(stage.source);
          String id = uniqueId(source.operatorId() + "#out");
          return draft.operator(
              stage,
              new OperatorSpec(
                  id, "pass", factories.pass(), source.errors(), source.shedding() == null));
        });
  }

  private OperatorSpec spec(
      String id,
      String description,
      Supplier<Operator> factory,
      NodeConfig config,
      boolean deterministic) {
    return new OperatorSpec(id, description, factory, errors(config), deterministic);
  }

  private ErrorPolicy errors(NodeConfig config) {
    ErrorPolicy own = config.errors();
    return own == null ? job.errors() : own;
  }

  private String uniqueId(String id) {
    String unique = id;
    for (int n = 2; !operatorIds.add(unique); n++) {
      unique = id + n;
    }
    return unique;
  }

  private static int atLeastOne(int wanted, int otherwise) {
    return wanted > 0 ? wanted : otherwise;
  }
}
