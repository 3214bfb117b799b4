package io.fluxcore.application.planner;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.Criterion;
import io.fluxcore.domain.topology.InputField;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which fields of its input each node needs: those that it uses, and those that the nodes after it
 * use. Code and sinks use all. A computed field that nothing uses is computed all the same, since
 * its errors count; one that is handed on as it is has none.
 */
final class FieldNeeds {
  private final TopologyAnalysis analysis;
  private final ExpressionContext expressions;
  private final Map<String, List<Set<String>>> inputs = new HashMap<>();

  FieldNeeds(TopologyAnalysis analysis, ExpressionContext expressions) {
    this.analysis = analysis;
    this.expressions = expressions;
    List<TopologyNode> order = analysis.order();
    for (int i = order.size() - 1; i >= 0; i--) {
      TopologyNode node = order.get(i);
      List<Set<String>> needed =
          node.config() instanceof OperatorConfig operator
              ? neededOfEach(node, operator)
              : List.of(needed(node));
      addKeys(node, needed);
      inputs.put(node.name(), needed);
    }
  }

  /** The fields of its input that a node needs, those of a source by themselves. */
  Set<String> ofInput(TopologyNode node) {
    return ofInput(node, 0);
  }

  /** The fields of one of its inputs that a node needs. */
  Set<String> ofInput(TopologyNode node, int input) {
    return Objects.requireNonNull(inputs.get(node.name())).get(input);
  }

  /** The fields of an output that are needed after it. */
  Set<String> ofOutput(TopologyNode node, String port) {
    PortRef output = new PortRef(node.name(), port);
    Set<String> result = new LinkedHashSet<>();
    for (TopologyNode reader : analysis.readers(output)) {
      List<Set<String>> needed = Objects.requireNonNull(inputs.get(reader.name()));
      for (int i = 0; i < needed.size(); i++) {
        if (analysis.inputs(reader, i).contains(output)) {
          result.addAll(needed.get(i));
        }
      }
    }
    return result;
  }

  /** The keys by which upserts are told from each other. */
  private void addKeys(TopologyNode node, List<Set<String>> needed) {
    if (node.config() instanceof SourceConfig source) {
      needed.get(0).addAll(source.primaryKey());
    }
    for (int i = 0; i < needed.size(); i++) {
      for (PortRef ref : analysis.inputs(node, i)) {
        Changes changes = analysis.changes(ref);
        if (changes.mode() == Changes.Mode.UPSERT && changes.key() != null) {
          needed.get(i).addAll(changes.key());
        }
      }
    }
  }

  /** What an operator looks at itself, and what it hands on that is needed after it. */
  private List<Set<String>> neededOfEach(TopologyNode node, OperatorConfig operator) {
    List<String> ports = new ArrayList<>(operator.ports());
    ports.add(NodeConfig.MAIN_PORT);
    List<Set<String>> needed = new ArrayList<>();
    for (int i = 0; i < operator.inputNames().size(); i++) {
      Set<String> fields = new LinkedHashSet<>(operator.key(i));
      operator.uses(i, expressions).forEach(use -> fields.add(use.field()));
      if (operator.usesAllFields(i, analysis.inputChanges(node, i))) {
        fields.addAll(all(node, i));
      }
      needed.add(fields);
    }
    for (String port : ports) {
      for (String field : ofOutput(node, port)) {
        InputField origin = operator.origin(port, field);
        if (origin != null) {
          needed.get(origin.input()).add(origin.field());
        }
      }
    }
    return needed;
  }

  private Set<String> all(TopologyNode node) {
    return all(node, 0);
  }

  private Set<String> all(TopologyNode node, int input) {
    List<PortRef> refs = analysis.inputs(node, input);
    Schema schema = Objects.requireNonNull(analysis.output(refs.get(0)), node.name());
    return new LinkedHashSet<>(schema.fieldNames());
  }

  private Set<String> needed(TopologyNode node) {
    NodeConfig config = node.config();
    if (config instanceof SinkConfig
        || config instanceof TransformConfig.Peek
        || config instanceof TransformConfig.MapCode
        || config instanceof TransformConfig.FlatMap
        || config instanceof TransformConfig.ProcessCode) {
      return all(node);
    }
    if (config instanceof AggregateConfig aggregate) {
      Set<String> result = new LinkedHashSet<>(aggregate.groupBy());
      aggregate.aggregations().forEach(call -> result.addAll(call.fields()));
      result.addAll(ofOutput(node, WindowConfig.LATE_PORT));
      return result;
    }
    if (config instanceof TransformConfig.Project project) {
      return project(node, project);
    }
    Set<String> result = new LinkedHashSet<>(ofOutput(node, NodeConfig.MAIN_PORT));
    if (config instanceof TransformConfig.Filter filter && filter.criterion() != null) {
      add(result, filter.criterion(), node);
    } else if (config instanceof TransformConfig.KeyBy keyBy) {
      result.addAll(keyBy.fields());
    } else if (config instanceof TransformConfig.Sort sort) {
      result.addAll(sort.key());
      sort.thenBy().forEach(field -> result.add(field.name()));
      result.addAll(ofOutput(node, WindowConfig.LATE_PORT));
    } else if (config instanceof TransformConfig.Unnest unnest) {
      result.removeIf(unnest::makes);
      result.add(unnest.field());
    } else if (config instanceof TransformConfig.Rename rename) {
      return before(rename, result);
    } else if (config instanceof TransformConfig.Route route) {
      for (TransformConfig.Branch branch : route.branches()) {
        result.addAll(ofOutput(node, branch.port()));
        add(result, branch.criterion(), node);
      }
    }
    return result;
  }

  private Set<String> project(TopologyNode node, TransformConfig.Project project) {
    Set<String> after = ofOutput(node, NodeConfig.MAIN_PORT);
    Set<String> result = new LinkedHashSet<>();
    if (project.keepOthers()) {
      result.addAll(after);
      result.removeAll(project.fields().keySet());
    }
    project
        .fields()
        .forEach(
            (name, text) -> {
              Expression expression = Expression.parse(text);
              if (after.contains(name) || expression.columnName() == null) {
                result.addAll(expression.fields());
              }
            });
    return result;
  }

  private static Set<String> before(TransformConfig.Rename rename, Set<String> after) {
    Map<String, String> oldNames = new HashMap<>();
    rename.names().forEach((old, name) -> oldNames.put(name, old));
    Set<String> result = new LinkedHashSet<>();
    after.forEach(name -> result.add(oldNames.getOrDefault(name, name)));
    return result;
  }

  private void add(Set<String> fields, Criterion criterion, TopologyNode node) {
    if (criterion instanceof Criterion.Text text) {
      fields.addAll(Expression.parse(text.text()).fields());
    } else {
      fields.addAll(all(node));
    }
  }

  /** Whether code or a sink sees the events of an output as they were read. */
  boolean needsRaw(PortRef output) {
    for (TopologyNode reader : analysis.readers(output)) {
      if (seesRaw(reader.config()) || passesRaw(reader)) {
        return true;
      }
    }
    return false;
  }

  private static boolean seesRaw(NodeConfig config) {
    return config instanceof SinkConfig
        || config instanceof TransformConfig.Peek
        || config instanceof TransformConfig.MapCode
        || config instanceof TransformConfig.FlatMap
        || config instanceof TransformConfig.ProcessCode
        || (config instanceof TransformConfig.Filter filter
            && !(filter.criterion() instanceof Criterion.Text))
        || (config instanceof TransformConfig.Route route
            && route.branches().stream().anyMatch(b -> !(b.criterion() instanceof Criterion.Text)));
  }

  private boolean passesRaw(TopologyNode reader) {
    NodeConfig config = reader.config();
    boolean ends =
        config instanceof AggregateConfig
            || config instanceof TransformConfig.Sort
            || (config instanceof OperatorConfig operator && !operator.passesRecords())
            || (config instanceof TransformConfig.Project project && !project.keepOthers());
    if (!ends && needsRaw(new PortRef(reader.name(), NodeConfig.MAIN_PORT))) {
      return true;
    }
    return config.ports().stream().anyMatch(port -> needsRaw(new PortRef(reader.name(), port)));
  }
}
