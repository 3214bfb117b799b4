package io.fluxcore.application.planner;

import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.planner.Flow.Traits;
import io.fluxcore.application.planner.PlanDraft.OperatorDraft;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Places sinks, and before them what makes the changes that come into those that the sink takes:
 * {@code #normalize} retractions of upserts; {@code #upserts} upserts of changes by the sink's key
 * or a part of it, which only leaves rows out; {@code #materialize} upserts by the sink's key of
 * whatever else, with state.
 */
final class SinkPlacement {
  private final Placement plan;
  private final Connections connections;
  private final Map<String, Sink> sinks = new LinkedHashMap<>();

  SinkPlacement(Placement plan, Connections connections) {
    this.plan = plan;
    this.connections = connections;
  }

  /** The sinks by name of their node. */
  Map<String, Sink> placed() {
    return sinks;
  }

  void place(TopologyNode node, SinkConfig config) {
    Changes changes = plan.analysis.inputChanges(node, 0);
    int wanted = parallelism(node, config);
    List<Flow> inputs = plan.inputsOf(node);
    if (!changes.isAppend()) {
      inputs = plan.aligned(node, inputs);
      Sink asked = connections.sink(node, config, inputs.get(0).schema(), changes);
      if (asked == null) {
        return;
      }
      inputs = asTaken(node, inputs, changes, connections.takes(node, asked), wanted);
    }
    inputs = plan.together(node, inputs, wanted);
    Schema schema = inputs.get(0).schema();
    Sink sink = connections.sink(node, config, schema, changes);
    plan.placed(node, schema);
    boolean deterministic = Placement.traitsOf(inputs).deterministic();
    if (!deterministic) {
      DeliveryCheck.requireTransactions(node, connections, plan.job);
    }
    if (sink != null) {
      sinks.put(node.name(), sink);
      DeliveryCheck.requirePromise(node, sink, connections, plan.job);
      plan.append(
          inputs,
          plan.spec(
              node.name(),
              config.describe() + written(changes, connections.takes(node, sink)),
              plan.factories.sink(sink, visibility()),
              config,
              deterministic));
    }
  }

  /** What a sink of rows that only add is said to take is of no matter, unless it is their key. */
  private static String written(Changes changes, Changes takes) {
    return switch (takes.mode()) {
      case APPEND -> "";
      case UPSERT -> ", upserts by " + String.join(", ", keyOf(takes));
      case RETRACT -> changes.isAppend() ? "" : ", changes with their kinds";
    };
  }

  private static List<String> keyOf(Changes changes) {
    return Objects.requireNonNull(changes.key());
  }

  /** The parallelism of a sink; 0: that of its input. */
  private int parallelism(TopologyNode node, SinkConfig config) {
    return config.parallelism() > 0
        ? config.parallelism()
        : connections.can(node, Capability.PARALLEL) ? 0 : 1;
  }

  /** Flows that bring changes as the sink takes them. */
  private List<Flow> asTaken(
      TopologyNode node, List<Flow> inputs, Changes changes, Changes takes, int wanted) {
    List<PortRef> refs = plan.analysis.inputs(node);
    boolean isOrdered = refs.size() == 1 && plan.analysis.isInOrder(refs.get(0));
    List<String> rowKey = changes.key();
    if (takes.isAppend()) {
      connections.found(
          onlyAdds(
              node,
              changes,
              "as it is configured, this sink can only add rows",
              "configure it, as the page of its connector says, or use a sink"));
      return inputs;
    }
    if (takes.mode() == Changes.Mode.RETRACT) {
      if (changes.mode() == Changes.Mode.UPSERT) {
        return List.of(inOrder(plan.normalised(refs.get(0)), rowKey, wanted));
      }
      return isOrdered ? List.of(inOrder(inputs.get(0), rowKey, wanted)) : inputs;
    }
    Set<String> key = Set.copyOf(keyOf(takes));
    boolean isSameKey = rowKey != null && key.equals(Set.copyOf(rowKey));
    if (changes.mode() == Changes.Mode.UPSERT && !(isSameKey && isOrdered)) {
      inputs = List.of(plan.normalised(refs.get(0)));
      isOrdered = true;
    }
    if (rowKey != null && isOrdered && key.containsAll(rowKey)) {
      Flow input = inOrder(inputs.get(0), rowKey, wanted);
      return List.of(upserts(node, input, keyOf(takes), isSameKey, wanted));
    }
    return List.of(materialized(node, inputs, keyOf(takes), wanted));
  }

  /** If rows are to go to other subtasks, those of one key are to go to the same. */
  private static Flow inOrder(Flow flow, @Nullable List<String> key, int wanted) {
    Traits traits = flow.traits();
    boolean stays = wanted == 0 || wanted == flow.stage().parallelism;
    return key == null
            || stays
            || traits.wantedKey().isPresent()
            || traits.partitionedBy().isPresent()
        ? flow
        : flow.withTraits(traits.wantedKey(key));
  }

  private Flow upserts(
      TopologyNode node, Flow input, List<String> key, boolean keepsKey, int wanted) {
    String words =
        keepsKey
            ? "former rows left out, the new ones replace them by "
            : "former rows as deletions by ";
    return behind(
        node,
        plan.together(node, List.of(input), wanted),
        "#upserts",
        words + String.join(", ", key),
        plan.factories.upserts(keepsKey),
        true);
  }

  private Flow materialized(TopologyNode node, List<Flow> inputs, List<String> key, int wanted) {
    List<Flow> keyed =
        inputs.stream()
            .map(
                flow ->
                    flow.traits().wantedKey().isEmpty()
                            && flow.traits().partitionedBy().filter(key::equals).isPresent()
                        ? flow
                        : flow.withTraits(flow.traits().wantedKey(key)))
            .toList();
    List<Flow> together = plan.together(node, keyed, wanted);
    Flow last =
        behind(
            node,
            together,
            "#materialize",
            "last row standing by " + String.join(", ", key),
            plan.factories.materialize(key, together.get(0).schema()),
            false);
    return last.withTraits(last.traits().partitionedBy(Optional.of(key)));
  }

  private Flow behind(
      TopologyNode node,
      List<Flow> inputs,
      String suffix,
      String description,
      Supplier<Operator> factory,
      boolean isDeterministic) {
    Traits traits = Placement.traitsOf(inputs).and(isDeterministic);
    OperatorDraft operator =
        plan.append(
            inputs,
            plan.spec(
                plan.uniqueId(node.name() + suffix),
                description,
                factory,
                node.config(),
                traits.deterministic()));
    return new Flow(operator.stage, operator, 0, inputs.get(0).schema(), traits);
  }

  /** What is said of changes into a sink that can only add rows. */
  static Diagnostic onlyAdds(TopologyNode node, Changes changes, String problem, String remedy) {
    List<String> key = changes.key();
    String named =
        key == null
            ? "nothing is known to name a row: where fields do, write by these as key"
            : key.isEmpty()
                ? "there is one row"
                : "a row is named by " + String.join(", ", key) + ", which a sink may write by";
    return Diagnostic.error(
        "FLX-PLAN-0002",
        Place.of("node '" + node.name() + "'"),
        "rows are changed and taken back above, and " + problem,
        remedy
            + " that writes changes, by a key or with their kinds ("
            + named
            + "); or give it a stream that only adds rows: of a window, one without 'retracting'");
  }

  private WriterContext.Visibility visibility() {
    if (plan.job.checkpointInterval() != null) {
      return WriterContext.Visibility.AT_CHECKPOINTS;
    }
    boolean ends =
        plan.analysis.order().stream()
            .filter(node -> node.config() instanceof SourceConfig)
            .allMatch(node -> connections.source(node).isBounded());
    return ends ? WriterContext.Visibility.AT_END : WriterContext.Visibility.AT_FLUSH;
  }
}
