package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a topology asks of its open sources, followed back through the nodes to where
 * they come from. A field has the type that its first use demands. A use that is content with any
 * type (a group, a plain field of a projection) only suggests one, which holds when no other use
 * demands more.
 */
final class FieldDemands {
  private final TopologyGraph graph;
  private final Map<String, Map<String, Demand>> bySource = new HashMap<>();

  private record Demand(DataType type, boolean firm) {}

  FieldDemands(TopologyGraph graph) {
    this.graph = graph;
  }

  /** What a use of a field of this output says about its type. */
  void add(PortRef output, String field, DataType type, boolean firm) {
    TopologyNode node = graph.node(output.node());
    NodeConfig config = node.config();
    if (config instanceof SourceConfig) {
      Map<String, Demand> fields =
          bySource.computeIfAbsent(node.name(), name -> new LinkedHashMap<>());
      Demand known = fields.get(field);
      if (known == null || (firm && !known.firm())) {
        fields.put(field, new Demand(type, firm));
      }
    } else if (config instanceof TransformConfig.Rename rename) {
      String before = nameBefore(rename, field);
      if (before != null) {
        addToInputs(node, before, type, firm);
      }
    } else if (config instanceof TransformConfig.Project project) {
      String text = project.fields().get(field);
      if (text == null && project.keepOthers()) {
        addToInputs(node, field, type, firm);
      } else if (text != null) {
        String plain = ExpressionUse.plainField(text);
        if (plain != null) {
          addToInputs(node, plain, type, firm);
        }
      }
    } else if (config instanceof TransformConfig.Unnest unnest) {
      if (!unnest.makes(field)) {
        addToInputs(node, field, type, firm);
      }
    } else if (config instanceof OperatorConfig operator) {
      InputField origin = operator.origin(output.port(), field);
      if (origin != null) {
        graph.inputs(node, origin.input()).forEach(input -> add(input, origin.field(), type, firm));
      }
    } else if (passesFields(config) || output.port().equals(WindowConfig.LATE_PORT)) {
      addToInputs(node, field, type, firm);
    }
  }

  private static boolean passesFields(NodeConfig config) {
    return config instanceof WindowConfig
        || config instanceof TransformConfig.Filter
        || config instanceof TransformConfig.KeyBy
        || config instanceof TransformConfig.Union
        || config instanceof TransformConfig.Route
        || config instanceof TransformConfig.Peek;
  }

  /** The name that a field had before a renaming; null when it has gone. */
  static @Nullable String nameBefore(TransformConfig.Rename rename, String field) {
    for (Map.Entry<String, String> entry : rename.names().entrySet()) {
      if (entry.getValue().equals(field)) {
        return entry.getKey();
      }
    }
    return rename.names().containsKey(field) ? null : field;
  }

  private void addToInputs(TopologyNode node, String field, DataType type, boolean firm) {
    for (PortRef input : graph.inputs(node)) {
      add(input, field, type, firm);
    }
  }

  /** A source's schema with the fields that are asked of it; closed ones stay as they are. */
  Schema close(String source, Schema declared) {
    if (!declared.isOpen()) {
      return declared;
    }
    List<Field> fields = new ArrayList<>(declared.fields());
    bySource
        .getOrDefault(source, Map.of())
        .forEach(
            (name, demand) -> {
              if (declared.find(name) == null) {
                fields.add(new Field(name, demand.type()));
              }
            });
    return Schema.of(fields);
  }
}
