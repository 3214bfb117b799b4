package io.fluxcore.domain.topology;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a topology with their references resolved, in topological order, which follows the
 * declaration where there is a choice. What cannot be resolved is told and left out.
 */
final class TopologyGraph {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,127}");

  private final List<Diagnostic> problems = new ArrayList<>();
  private final Map<String, TopologyNode> byName = new LinkedHashMap<>();
  private final Map<String, List<PortRef>> inputs = new HashMap<>();
  private final Map<String, List<TopologyNode>> readers = new HashMap<>();
  private final List<TopologyNode> order = new ArrayList<>();

  TopologyGraph(StreamTopology topology) {
    for (TopologyNode node : topology.nodes()) {
      addNode(node);
    }
    checkEnds();
    for (TopologyNode node : byName.values()) {
      inputs.put(node.name(), resolve(node));
    }
    sort();
    for (TopologyNode node : order) {
      if (!(node.config() instanceof SinkConfig) && readers(node.name()).isEmpty()) {
        problems.add(
            Diagnostic.warning(
                "FLX-TOPO-0009",
                place(node),
                "nothing reads '" + node.name() + "'",
                "add a sink that names it, or leave it out"));
      }
    }
  }

  static Place place(TopologyNode node) {
    return Place.of("node '" + node.name() + "'");
  }

  static Place place(TopologyNode node, String option) {
    return Place.of("node '" + node.name() + "'." + option);
  }

  private void addNode(TopologyNode node) {
    if (!NAME.matcher(node.name()).matches()) {
      problems.add(
          Diagnostic.error(
              "FLX-TOPO-0004",
              place(node),
              "'" + node.name() + "' cannot be the name of a node",
              "use up to 128 letters, digits, '-' and '_'; a '.' would name a port"));
    }
    if (byName.putIfAbsent(node.name(), node) != null) {
      problems.add(
          Diagnostic.error(
              "FLX-TOPO-0003",
              place(node),
              "two nodes are named '" + node.name() + "'",
              "give one of them another name"));
    }
  }

  private void checkEnds() {
    if (byName.values().stream().noneMatch(n -> n.config() instanceof SourceConfig)) {
      problems.add(
          Diagnostic.error(
              "FLX-TOPO-0001", Place.WHOLE, "the topology has no source", "add a source"));
    }
    if (byName.values().stream().noneMatch(n -> n.config() instanceof SinkConfig)) {
      problems.add(
          Diagnostic.error("FLX-TOPO-0002", Place.WHOLE, "the topology has no sink", "add a sink"));
    }
  }

  private List<PortRef> resolve(TopologyNode node) {
    if (node.config() instanceof SourceConfig) {
      return List.of();
    }
    if (node.inputs().isEmpty()) {
      problems.add(
          Diagnostic.error(
              "FLX-TOPO-0008",
              place(node),
              "'" + node.name() + "' has no input",
              "declare it after the node that it reads, or name that node"));
    }
    if (node.config() instanceof OperatorConfig operator && operator.inputNames().size() > 1) {
      return resolveEach(node, operator.inputNames());
    }
    Set<PortRef> resolved = new LinkedHashSet<>();
    for (PortRef declared : node.inputs()) {
      PortRef ref = withMainPort(declared);
      if (exists(node, ref) && !resolved.add(ref)) {
        problems.add(
            Diagnostic.error(
                "FLX-TOPO-0010",
                place(node),
                "'" + node.name() + "' reads '" + ref + "' twice",
                "name it once"));
      }
    }
    return List.copyOf(resolved);
  }

  /** One output for each input, which may be the same: a stream may be joined with itself. */
  private List<PortRef> resolveEach(TopologyNode node, List<String> inputNames) {
    List<PortRef> refs = node.inputs().stream().map(this::withMainPort).toList();
    if (!refs.isEmpty() && refs.size() != inputNames.size()) {
      problems.add(
          Diagnostic.error(
              "FLX-TOPO-0053",
              place(node, "from"),
              "'" + node.name() + "' reads " + String.join(", ", names(refs)),
              "name " + inputNames.size() + " nodes: " + String.join(", ", inputNames)));
      return List.of();
    }
    return refs.stream().allMatch(ref -> exists(node, ref)) ? refs : List.of();
  }

  private static List<String> names(List<PortRef> refs) {
    return refs.stream().map(PortRef::toString).toList();
  }

  /** A route's port {@code default} is its main one. */
  private PortRef withMainPort(PortRef ref) {
    TopologyNode upstream = byName.get(ref.node());
    return upstream != null
            && upstream.config() instanceof TransformConfig.Route
            && ref.port().equals(TransformConfig.DEFAULT_PORT)
        ? new PortRef(ref.node(), NodeConfig.MAIN_PORT)
        : ref;
  }

  private boolean exists(TopologyNode reader, PortRef ref) {
    TopologyNode upstream = byName.get(ref.node());
    if (upstream == null) {
      problems.add(
          Diagnostic.error(
              "FLX-TOPO-0005",
              place(reader),
              "'" + reader.name() + "' reads '" + ref + "', but there is no such node",
              NearestName.remedy(ref.node(), byName.keySet(), "nodes are")));
      return false;
    }
    if (upstream.config() instanceof SinkConfig) {
      problems.add(
          Diagnostic.error(
              "FLX-TOPO-0006",
              place(reader),
              "'" + reader.name() + "' reads the sink '" + ref.node() + "', which has no output",
              "read the node before the sink"));
      return false;
    }
    List<String> ports = upstream.config().ports();
    if (!ref.port().isEmpty() && !ports.contains(ref.port())) {
      problems.add(
          Diagnostic.error(
              "FLX-TOPO-0006",
              place(reader),
              "'" + ref.node() + "' has no output '" + ref.port() + "'",
              ports.isEmpty()
                  ? "its only output is '" + ref.node() + "'"
                  : NearestName.remedy(ref.port(), ports, "its outputs are the main one and")));
      return false;
    }
    return true;
  }

  /** Kahn's algorithm; among nodes that are ready the first declared goes first. */
  private void sort() {
    Set<String> placed = new HashSet<>();
    List<TopologyNode> left = new ArrayList<>(byName.values());
    boolean progress = true;
    while (progress) {
      progress = false;
      for (int i = 0; i < left.size(); i++) {
        TopologyNode node = left.get(i);
        if (inputs(node).stream().allMatch(ref -> placed.contains(ref.node()))) {
          left.remove(i);
          placed.add(node.name());
          order.add(node);
          progress = true;
          break;
        }
      }
    }
    for (TopologyNode node : order) {
      for (PortRef ref : inputs(node)) {
        List<TopologyNode> known = readers.computeIfAbsent(ref.node(), name -> new ArrayList<>());
        if (!known.contains(node)) {
          known.add(node);
        }
      }
    }
    if (!left.isEmpty()) {
      reportCycle(left);
    }
  }

  private void reportCycle(List<TopologyNode> left) {
    Set<String> candidates = new HashSet<>();
    left.forEach(n -> candidates.add(n.name()));
    Deque<String> path = new ArrayDeque<>();
    String at = left.get(0).name();
    while (!path.contains(at)) {
      path.addLast(at);
      at =
          inputs.getOrDefault(at, List.of()).stream()
              .map(PortRef::node)
              .filter(candidates::contains)
              .findFirst()
              .orElse(at);
    }
    while (!path.getFirst().equals(at)) {
      path.removeFirst();
    }
    List<String> cycle = new ArrayList<>(path);
    Collections.reverse(cycle);
    cycle.add(0, at);
    problems.add(
        Diagnostic.error(
            "FLX-TOPO-0007",
            Place.of("node '" + at + "'"),
            "nodes read each other in a circle: " + String.join(" → ", cycle),
            "cut the circle: a topology is acyclic"));
  }

  /**
   * The fields by which a process function or aggregate is keyed: its own, or those of the {@code
   * keyBy} above it, under the names that they have by then; null where there is none, or not the
   * same one above all inputs.
   */
  @Nullable List<String> keyOf(TopologyNode node) {
    if (node.config() instanceof TransformConfig.ProcessCode process
        && !process.keyBy().isEmpty()) {
      return process.keyBy();
    }
    if (node.config() instanceof AggregateConfig aggregate && !aggregate.groupBy().isEmpty()) {
      return aggregate.groupBy();
    }
    return keyAbove(node);
  }

  private @Nullable List<String> keyAbove(TopologyNode node) {
    List<String> common = null;
    for (PortRef ref : inputs(node)) {
      List<String> key = keyAfter(node(ref.node()));
      if (key == null || (common != null && !common.equals(key))) {
        return null;
      }
      common = key;
    }
    return common;
  }

  private @Nullable List<String> keyAfter(TopologyNode node) {
    NodeConfig config = node.config();
    if (config instanceof TransformConfig.KeyBy keyBy) {
      return keyBy.fields();
    }
    if (config instanceof TransformConfig.Filter
        || config instanceof TransformConfig.Peek
        || config instanceof TransformConfig.Route
        || config instanceof TransformConfig.Union
        || config instanceof WindowConfig) {
      return keyAbove(node);
    }
    if (config instanceof TransformConfig.Rename || config instanceof TransformConfig.Project) {
      List<String> above = keyAbove(node);
      return above == null ? null : renamed((TransformConfig) config, above);
    }
    if (config instanceof OperatorConfig operator && operator.inputNames().size() == 1) {
      List<String> above = keyAbove(node);
      return above == null ? null : passed(operator, above);
    }
    return null;
  }

  private static @Nullable List<String> passed(OperatorConfig operator, List<String> key) {
    List<String> names = new ArrayList<>();
    for (String field : key) {
      String name = operator.passedAs(0, field);
      if (name == null) {
        return null;
      }
      names.add(name);
    }
    return names;
  }

  /** The names that fields have after a renaming or projection; null where one is gone. */
  static @Nullable List<String> renamed(TransformConfig config, List<String> key) {
    List<String> names = new ArrayList<>();
    for (String field : key) {
      String name =
          config instanceof TransformConfig.Rename rename
              ? rename.names().getOrDefault(field, field)
              : nameIn((TransformConfig.Project) config, field);
      if (name == null) {
        return null;
      }
      names.add(name);
    }
    return names;
  }

  private static @Nullable String nameIn(TransformConfig.Project project, String field) {
    for (Map.Entry<String, String> entry : project.fields().entrySet()) {
      if (field.equals(ExpressionUse.plainField(entry.getValue()))) {
        return entry.getKey();
      }
    }
    return project.keepOthers() && !project.fields().containsKey(field) ? field : null;
  }

  List<Diagnostic> problems() {
    return problems;
  }

  List<TopologyNode> order() {
    return order;
  }

  TopologyNode node(String name) {
    TopologyNode node = byName.get(name);
    if (node == null) {
      throw new IllegalArgumentException("there is no node '" + name + "'");
    }
    return node;
  }

  /** The outputs that a node reads and that exist. */
  List<PortRef> inputs(TopologyNode node) {
    return inputs.getOrDefault(node.name(), List.of());
  }

  /**
   * The outputs that flow into an input of a node and that exist: all of them where the node has
   * one input, else the one that was named in its place.
   */
  List<PortRef> inputs(TopologyNode node, int input) {
    List<PortRef> all = inputs(node);
    if (!(node.config() instanceof OperatorConfig operator) || operator.inputNames().size() == 1) {
      return all;
    }
    return input < all.size() ? List.of(all.get(input)) : List.of();
  }

  /** The window of an aggregate, or null if it reads none. */
  @Nullable WindowConfig windowOf(TopologyNode aggregate) {
    for (PortRef ref : inputs(aggregate)) {
      if (node(ref.node()).config() instanceof WindowConfig window) {
        return window;
      }
    }
    return null;
  }

  /** The nodes that read any output of a node. */
  List<TopologyNode> readers(String name) {
    return readers.getOrDefault(name, List.of());
  }

  /** The nodes that read one output. */
  List<TopologyNode> readers(PortRef ref) {
    return readers(ref.node()).stream().filter(n -> inputs(n).contains(ref)).distinct().toList();
  }
}
