package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.WindowAggregation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of every output do to what came before, upstream first. Where a node cannot take an
 * upsert stream, one that retracts is made of it before.
 */
final class RowChanges {
  private final TopologyGraph graph;
  private final Map<PortRef, Changes> outputs = new HashMap<>();
  private final Set<String> refiring = new HashSet<>();
  private final Set<PortRef> ordered = new HashSet<>();

  /**
   * Works it out.
   *
   * @param sources by name, what the rows of sources do; those that are not named append
   */
  RowChanges(TopologyGraph graph, Map<String, Changes> sources) {
    this.graph = graph;
    for (TopologyNode node : graph.order()) {
      Changes main =
          node.config() instanceof SourceConfig source
              ? ofSource(source, sources.getOrDefault(node.name(), Changes.appends()))
              : mainOutput(node);
      PortRef output = new PortRef(node.name(), NodeConfig.MAIN_PORT);
      outputs.put(output, main);
      if (givesInOrder(node, main)) {
        ordered.add(output);
      }
      for (String port : node.config().ports()) {
        outputs.put(new PortRef(node.name(), port), sideOutput(node));
      }
    }
  }

  private static Changes ofSource(SourceConfig source, Changes own) {
    return source.primaryKey().isEmpty() ? own : Changes.upserts(source.primaryKey());
  }

  /** What the rows of an output do. */
  Changes of(PortRef output) {
    return outputs.getOrDefault(output, Changes.appends());
  }

  /** What the rows do that come to an input of a node, after normalisation. */
  Changes ofInput(TopologyNode node, int input) {
    Changes all = null;
    for (PortRef ref : graph.inputs(node, input)) {
      Changes one = taken(node, ref);
      all = all == null ? one : all.and(one);
    }
    return all == null ? Changes.appends() : all;
  }

  /**
   * Whether the changes of the row that a key names come in order, however many subtasks there are.
   */
  boolean isInOrder(PortRef output) {
    return ordered.contains(output);
  }

  private boolean givesInOrder(TopologyNode node, Changes main) {
    NodeConfig config = node.config();
    List<String> key = main.key();
    if (key == null) {
      return false;
    }
    if (config instanceof SourceConfig || config instanceof AggregateConfig) {
      return true;
    }
    if (config instanceof OperatorConfig operator) {
      return isMadeByOneSubtask(operator, key);
    }
    List<PortRef> inputs = graph.inputs(node);
    return inputs.size() == 1
        && (normalises(node, inputs.get(0)) || isInOrder(inputs.get(0)))
        && (!(config instanceof TransformConfig.KeyBy keyBy) || key.containsAll(keyBy.fields()));
  }

  /** Whether the key of an operator's results has the key by which one of its inputs is parted. */
  private static boolean isMadeByOneSubtask(OperatorConfig operator, List<String> key) {
    for (int i = 0; i < operator.inputNames().size(); i++) {
      int input = i;
      if (operator.key(input).stream()
          .map(field -> operator.passedAs(input, field))
          .allMatch(name -> name != null && key.contains(name))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a result may come to a node again, as an insertion. */
  boolean comesAgain(TopologyNode node) {
    return graph.inputs(node).stream().anyMatch(ref -> refiring.contains(ref.node()));
  }

  /** Whether an upsert stream is made into one that retracts before a node takes it. */
  boolean normalises(TopologyNode node, PortRef input) {
    return of(input).mode() == Changes.Mode.UPSERT && !takesUpserts(node, input);
  }

  private Changes taken(TopologyNode node, PortRef input) {
    return normalises(node, input) ? Changes.retracts(of(input).key()) : of(input);
  }

  /** A condition that a new row does not meet would leave the former one standing. */
  private boolean takesUpserts(TopologyNode node, PortRef input) {
    NodeConfig config = node.config();
    if (config instanceof OperatorConfig operator) {
      return takesUpserts(node, operator, input);
    }
    if (config instanceof SinkConfig
        || config instanceof TransformConfig.Peek
        || config instanceof TransformConfig.KeyBy) {
      return graph.inputs(node).size() == 1;
    }
    if (config instanceof TransformConfig.Rename || config instanceof TransformConfig.Project) {
      return graph.inputs(node).size() == 1 && renamed(config, of(input).key()) != null;
    }
    return false;
  }

  /** Each of its inputs that reads an output takes them, and no other output flows into it. */
  private boolean takesUpserts(TopologyNode node, OperatorConfig operator, PortRef output) {
    for (int i = 0; i < operator.inputNames().size(); i++) {
      List<PortRef> read = graph.inputs(node, i);
      if (read.contains(output) && (!operator.takesUpserts(i) || read.size() > 1)) {
        return false;
      }
    }
    return true;
  }

  private Changes mainOutput(TopologyNode node) {
    NodeConfig config = node.config();
    if (config instanceof OperatorConfig operator) {
      List<Changes> inputs = new ArrayList<>();
      for (int i = 0; i < operator.inputNames().size(); i++) {
        inputs.add(ofInput(node, i));
      }
      return operator.changes(inputs);
    }
    if (config instanceof AggregateConfig aggregate) {
      return aggregate(node, aggregate);
    }
    if (config instanceof TransformConfig.ProcessCode) {
      return Changes.appends();
    }
    Changes input = ofInput(node, 0);
    if (comesAgain(node)) {
      refiring.add(node.name());
    }
    return input.withKey(renamed(config, input.key()));
  }

  /** Rows that are late or failed leave as they came. */
  private Changes sideOutput(TopologyNode node) {
    NodeConfig config = node.config();
    return config instanceof TransformConfig.ProcessCode
        ? Changes.appends()
        : ofInput(node, 0).withKey(null);
  }

  private Changes aggregate(TopologyNode node, AggregateConfig aggregate) {
    WindowConfig window = graph.windowOf(node);
    if (window == null) {
      return aggregate.overAllRows().changes(List.of(ofInput(node, 0)));
    }
    List<String> key = new ArrayList<>(aggregate.groupBy());
    if (window.givesEventTime()) {
      key.add(WindowAggregation.WINDOW_START);
      key.add(WindowAggregation.WINDOW_END);
    }
    if (window.accumulation() == Accumulation.RETRACTING) {
      return Changes.retracts(key);
    }
    if (window.accumulation() == Accumulation.ACCUMULATING
        && (window.trigger().isEarly() || !window.allowedLateness().isZero())) {
      refiring.add(node.name());
    }
    return new Changes(Changes.Mode.APPEND, key);
  }

  /** The names that the fields of a key have after a node; null where one is gone or made anew. */
  private static @Nullable List<String> renamed(NodeConfig config, @Nullable List<String> key) {
    if (key == null
        || config instanceof TransformConfig.MapCode
        || config instanceof TransformConfig.FlatMap
        || config instanceof TransformConfig.Unnest) {
      return null;
    }
    return config instanceof TransformConfig.Rename || config instanceof TransformConfig.Project
        ? TopologyGraph.renamed((TransformConfig) config, key)
        : key;
  }
}
