package io.fluxcore.application.planner;

import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.RowInput;
import io.fluxcore.application.planner.Flow.Traits;
import io.fluxcore.application.planner.PlanDraft.OperatorDraft;
import io.fluxcore.application.planner.PlanDraft.OperatorSpec;
import io.fluxcore.application.planner.PlanDraft.StageDraft;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.WindowConfig;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The plan in the making: the flows that there are, and how they are brought to the operators that
 * read them. What is added for that has a suffix: {@code #out} parts a source's rows, {@code #in}
 * receives those of several stages, {@code #select} leaves columns behind, {@code #normalize} makes
 * retractions of upserts, {@code #upserts} and {@code #materialize} the other way round.
 */
final class Placement {
  final TopologyAnalysis analysis;
  final JobConfig job;
  final OperatorFactories factories;
  final FieldNeeds needs;
  final PlanDraft draft = new PlanDraft();
  private final Map<PortRef, Flow> flows = new HashMap<>();
  private final Map<StageDraft, OperatorDraft> sourceOutputs = new HashMap<>();
  private final Map<PortRef, Flow> normalised = new HashMap<>();
  private final Set<String> operatorIds = new HashSet<>();
  private final Map<String, Schema> outputs = new LinkedHashMap<>();

  Placement(TopologyAnalysis analysis, JobConfig job, OperatorFactories factories) {
    this.analysis = analysis;
    this.job = job;
    this.factories = factories;
    this.needs = new FieldNeeds(analysis, factories.expressions());
  }

  /** The fields of the rows at the main port of each node that was placed. */
  Map<String, Schema> outputs() {
    return outputs;
  }

  /** Says what the rows of a node are, of a sink those that it writes. */
  void placed(TopologyNode node, Schema schema) {
    outputs.put(node.name(), schema);
  }

  /** A flow of a source. */
  void flow(TopologyNode source, Flow flow) {
    flows.put(new PortRef(source.name(), NodeConfig.MAIN_PORT), flow);
  }

  /** The flows that a node reads. */
  List<Flow> inputsOf(TopologyNode node) {
    return inputsOf(node, analysis.inputs(node));
  }

  /** Some of the flows that a node reads; upsert streams that it cannot take as retractions. */
  List<Flow> inputsOf(TopologyNode node, List<PortRef> refs) {
    return refs.stream()
        .map(ref -> analysis.normalises(node, ref) ? normalised(ref) : flowOf(ref))
        .toList();
  }

  private Flow flowOf(PortRef ref) {
    return Objects.requireNonNull(flows.get(ref));
  }

  /** An upsert stream as one that retracts, made once for all that read it so. */
  Flow normalised(PortRef ref) {
    Flow known = normalised.get(ref);
    if (known != null) {
      return known;
    }
    TopologyNode node = analysis.node(ref.node());
    List<String> key = Objects.requireNonNull(analysis.changes(ref).key());
    Flow flow = flowOf(ref);
    Flow keyed =
        flow.traits().partitionedBy().filter(key::equals).isPresent()
            ? flow
            : flow.withTraits(flow.traits().wantedKey(key));
    boolean isTogether = flow.stage().parallelism == 1 && job.parallelism() == 1;
    Set<String> all = new HashSet<>(flow.schema().fieldNames());
    Flow input =
        isTogether || !mustMove(keyed)
            ? flow
            : move(node, List.of(keyed), job.parallelism(), all).get(0);
    OperatorDraft operator =
        append(
            List.of(input),
            spec(
                uniqueId(node.name() + "#normalize"),
                "latest row by " + String.join(", ", key),
                factories.latestRow(key, input.schema()),
                node.config(),
                input.traits().deterministic()));
    Flow result = new Flow(operator.stage, operator, 0, input.schema(), input.traits());
    normalised.put(ref, result);
    return result;
  }

  void flow(
      TopologyNode node,
      String port,
      OperatorDraft from,
      int number,
      Schema schema,
      Traits traits) {
    flows.put(new PortRef(node.name(), port), new Flow(from.stage, from, number, schema, traits));
  }

  static Traits traitsOf(List<Flow> inputs) {
    return inputs.stream().map(Flow::traits).reduce(Traits::merge).orElseThrow();
  }

  /**
   * The flows of a node's inputs, in one stage: where they are, or behind exchanges.
   *
   * @param wanted parallelism, or 0 to keep it
   */
  List<Flow> together(TopologyNode node, List<Flow> inputs, int wanted) {
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
    return move(node, inputs, parallelism, needs.ofInput(node));
  }

  private List<Flow> move(
      TopologyNode node, List<Flow> inputs, int parallelism, Set<String> fields) {
    List<Flow> slim = inputs.stream().map(flow -> slim(node, flow, fields)).toList();
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

  static int[] ordinals(Schema schema, List<String> fields) {
    return fields.stream().mapToInt(schema::ordinal).toArray();
  }

  /** The same flows with the same columns in the same order, where there are several. */
  List<Flow> aligned(TopologyNode node, List<Flow> inputs) {
    return aligned(node, inputs, needs.ofInput(node));
  }

  /** The same with those of these columns that are there. */
  List<Flow> aligned(TopologyNode node, List<Flow> inputs, Set<String> fields) {
    if (inputs.size() == 1) {
      return inputs;
    }
    Schema target = trimmed(inputs.get(0).schema(), fields);
    return inputs.stream().map(flow -> select(node, flow, target)).toList();
  }

  /** The flow without the columns that nothing after an exchange uses. */
  Flow slim(TopologyNode node, Flow flow) {
    return slim(node, flow, needs.ofInput(node));
  }

  /** The flow with no other columns than these and those of the key that it is wanted by. */
  Flow slim(TopologyNode node, Flow flow, Set<String> used) {
    Set<String> fields = new HashSet<>(used);
    flow.traits().wantedKey().ifPresent(fields::addAll);
    return select(node, flow, trimmed(flow.schema(), fields));
  }

  static Schema trimmed(Schema schema, Set<String> fields) {
    return Schema.of(schema.fields().stream().filter(f -> fields.contains(f.name())).toList());
  }

  Flow select(TopologyNode node, Flow flow, Schema target) {
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

  /** Adds an operator of one input behind flows of one stage. */
  OperatorDraft append(List<Flow> inputs, OperatorSpec spec) {
    OperatorDraft operator = appendEach(List.of(inputs), spec);
    operator.rows = rowsOf(inputs);
    return operator;
  }

  /** Adds an operator behind flows of one stage: those of each of its inputs. */
  OperatorDraft appendEach(List<List<Flow>> inputs, OperatorSpec spec) {
    List<Flow> all = inputs.stream().flatMap(List::stream).toList();
    StageDraft stage = all.get(0).stage();
    if (all.size() == 1 && all.get(0).operator() == null && isOnlyReader(stage)) {
      return draft.operator(stage, spec);
    }
    all.forEach(this::operatorOf);
    OperatorDraft operator = draft.operator(stage, spec);
    for (int i = 0; i < inputs.size(); i++) {
      for (Flow flow : inputs.get(i)) {
        draft.inside(operatorOf(flow), flow.port(), operator, i);
      }
    }
    return operator;
  }

  /** How single rows are given to an operator behind these flows. */
  static RowInput rowsOf(List<Flow> inputs) {
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

  /**
   * How many inputs of operators read an output: a join with itself has two. A window stands for
   * its aggregates.
   */
  private int physicalReaders(PortRef output) {
    int count = 0;
    for (TopologyNode reader : analysis.readers(output)) {
      count +=
          reader.config() instanceof WindowConfig
              ? physicalReaders(new PortRef(reader.name(), NodeConfig.MAIN_PORT))
              : (int) reader.inputs().stream().filter(output::equals).count();
    }
    return count;
  }

  /** The operator that makes a flow; a source that is not followed by one gets one. */
  OperatorDraft operatorOf(Flow flow) {
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

  OperatorSpec spec(
      String id,
      String description,
      Supplier<Operator> factory,
      NodeConfig config,
      boolean deterministic) {
    return new OperatorSpec(id, description, factory, errors(config), deterministic);
  }

  ErrorPolicy errors(NodeConfig config) {
    ErrorPolicy own = config.errors();
    return own == null ? job.errors() : own;
  }

  String uniqueId(String id) {
    String unique = id;
    for (int n = 2; !operatorIds.add(unique); n++) {
      unique = id + n;
    }
    return unique;
  }
}
