package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a job does, as data: named nodes and which outputs each reads. Immutable. Building it checks
 * nothing; what is wrong with it is told by its validation, all at once.
 *
 * <p>A topology is <em>portable</em> when it holds only text (expressions, registered functions,
 * connectors by name), and <em>bound</em> when it holds objects of the application (lambdas, custom
 * connectors). Two portable topologies that say the same are equal.
 */
public final class StreamTopology {
  private final List<TopologyNode> nodes;

  private StreamTopology(List<TopologyNode> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The nodes, in the order in which they were declared. */
  public List<TopologyNode> nodes() {
    return nodes;
  }

  /** Whether the topology can be stored as text. */
  public boolean isPortable() {
    return boundParts().isEmpty();
  }

  /** What makes the topology bound, in words: {@code 'filter-events': predicate lambda}. */
  public List<String> boundParts() {
    List<String> parts = new ArrayList<>();
    for (TopologyNode node : nodes) {
      for (String part : node.config().boundParts()) {
        parts.add("'" + node.name() + "': " + part);
      }
    }
    return List.copyOf(parts);
  }

  /**
   * Everything that is wrong, and worth a warning, as far as it can be told without the connectors.
   */
  public List<Diagnostic> validate(ExpressionContext expressions) {
    return TopologyAnalysis.of(this, Map.of(), expressions).findings();
  }

  /**
   * Whether both are declared in the same words. For portable topologies that is equality; code is
   * taken to be the same where it stands in the same place, since nothing more can be known of it.
   */
  public boolean saysTheSameAs(StreamTopology other) {
    return equals(other)
        || (!isPortable() && !other.isPortable() && toString().equals(other.toString()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StreamTopology t && nodes.equals(t.nodes);
  }

  @Override
  public int hashCode() {
    return nodes.hashCode();
  }

  /** The declaration, one node per line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (TopologyNode node : nodes) {
      text.append(node.name()).append(": ").append(node.config().describe());
      if (!node.inputs().isEmpty()) {
        text.append(" ← ");
        text.append(String.join(", ", node.inputs().stream().map(PortRef::toString).toList()));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** The same with other sinks, each under its name and with its inputs. */
  public StreamTopology withSinks(BiFunction<String, SinkConfig, SinkConfig> others) {
    return new StreamTopology(
        nodes.stream()
            .map(
                node ->
                    node.config() instanceof SinkConfig sink
                        ? new TopologyNode(
                            node.name(), others.apply(node.name(), sink), node.inputs())
                        : node)
            .toList());
  }

  /**
   * The same with one more sink.
   *
   * @param upstream the node, or {@code node.port}, that it reads
   */
  public StreamTopology withSink(String name, SinkConfig config, String upstream) {
    List<TopologyNode> more = new ArrayList<>(nodes);
    more.add(new TopologyNode(name, config, List.of(PortRef.parse(upstream))));
    return new StreamTopology(more);
  }

  /** The same with another configuration of a node with state. */
  public StreamTopology with(String name, OperatorConfig config) {
    return new StreamTopology(
        nodes.stream()
            .map(
                node ->
                    node.name().equals(name) ? new TopologyNode(name, config, node.inputs()) : node)
            .toList());
  }

  /**
   * The same with what is meant but not said: the aggregate functions that names stand for, and for
   * aggregates without groups and other nodes with state the key of the {@code keyBy} above them.
   * Names that are not registered stay, and {@link #validate} tells of them.
   */
  public StreamTopology resolve(AggregateCatalogue catalogue) {
    TopologyGraph graph = new TopologyGraph(this);
    boolean isSound = graph.problems().stream().noneMatch(Diagnostic::isError);
    List<TopologyNode> resolved = new ArrayList<>();
    for (TopologyNode node : nodes) {
      List<String> key = isSound ? graph.keyOf(node) : null;
      NodeConfig config = node.config();
      if (config instanceof AggregateConfig aggregate) {
        config = aggregate.resolve(catalogue, key);
      } else if (config instanceof OperatorConfig operator && key != null) {
        config = operator.keyedBy(key);
      }
      resolved.add(new TopologyNode(node.name(), config, node.inputs()));
    }
    return new StreamTopology(resolved);
  }

  /**
   * Collects nodes. A node that names no upstream reads the one declared before it, sinks not
   * counted, so that a plain sequence is a chain; naming upstream nodes makes a directed acyclic
   * graph. An upstream is {@code name}, or {@code name.port} for another output than the main one.
   * A window belongs to the aggregate that reads it. Not thread-safe.
   */
  public static final class Builder {
    private final List<TopologyNode> nodes = new ArrayList<>();
    private @Nullable String last;

    private Builder() {}

    public Builder source(String name, SourceConfig config) {
      nodes.add(new TopologyNode(name(name), config(config), List.of()));
      last = name;
      return this;
    }

    public Builder transform(String name, TransformConfig config, String... upstream) {
      return add(name, config, upstream);
    }

    /** A node with state: de-duplication, a ranking, a pattern, and others of their kind. */
    public Builder transform(String name, OperatorConfig config, String... upstream) {
      return add(name, config, upstream);
    }

    /** A node that looks for sequences of events. */
    public Builder pattern(String name, PatternConfig config, String... upstream) {
      return add(name, config, upstream);
    }

    /**
     * A join of two streams.
     *
     * @param left upstream of the left input
     * @param right upstream of the right input
     */
    public Builder join(String name, JoinConfig config, String left, String right) {
      return add(name, config, left, right);
    }

    /** A join of a stream with a table outside. */
    public Builder join(String name, LookupConfig config, String... upstream) {
      return add(name, config, upstream);
    }

    /** A join of a stream with a table outside that is held in memory. */
    public Builder join(String name, FullLookupConfig config, String... upstream) {
      return add(name, config, upstream);
    }

    public Builder window(String name, WindowConfig config, String... upstream) {
      return add(name, config, upstream);
    }

    public Builder aggregate(String name, AggregateConfig config, String... upstream) {
      return add(name, config, upstream);
    }

    public Builder sink(String name, SinkConfig config, String... upstream) {
      nodes.add(new TopologyNode(name(name), config(config), inputs(upstream)));
      return this;
    }

    private Builder add(String name, NodeConfig config, String... upstream) {
      nodes.add(new TopologyNode(name(name), config(config), inputs(upstream)));
      last = name;
      return this;
    }

    private List<PortRef> inputs(String... upstream) {
      if (upstream.length > 0) {
        return Arrays.stream(upstream).map(PortRef::parse).toList();
      }
      return last == null ? List.of() : List.of(new PortRef(last, NodeConfig.MAIN_PORT));
    }

    private static String name(String name) {
      return Objects.requireNonNull(name, "name");
    }

    private static <C extends NodeConfig> C config(C config) {
      return Objects.requireNonNull(config, "config");
    }

    public StreamTopology build() {
      return new StreamTopology(nodes);
    }
  }
}
