package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.Map;

/** Collects, in the order of the topology, what each node asks of the fields that it reads. */
final class DemandCollector {
  private final TopologyGraph graph;
  private final FieldDemands demands;
  private final ExpressionContext expressions;

  DemandCollector(TopologyGraph graph, FieldDemands demands, ExpressionContext expressions) {
    this.graph = graph;
    this.expressions = expressions;
    this.demands = demands;
  }

  void run() {
    for (TopologyNode node : graph.order()) {
      NodeConfig config = node.config();
      if (config instanceof SourceConfig source) {
        source(node, source);
      } else if (config instanceof TransformConfig transform) {
        transform(node, transform);
      } else if (config instanceof AggregateConfig aggregate) {
        aggregate.groupBy().forEach(field -> suggest(node, field, DataType.STRING));
        aggregate.aggregations().forEach(call -> aggregate(node, call));
      } else if (config instanceof OperatorConfig operator) {
        operator(node, operator);
      }
    }
  }

  private void source(TopologyNode node, SourceConfig source) {
    PortRef output = new PortRef(node.name(), NodeConfig.MAIN_PORT);
    if (source.timestampField() != null) {
      demands.add(output, source.timestampField(), DataType.TIMESTAMP_TZ, false);
    }
    if (source.timestampExpression() != null) {
      ExpressionUse.demands(source.timestampExpression(), expressions)
          .forEach((field, type) -> demands.add(output, field, type, false));
    }
    source.primaryKey().forEach(field -> demands.add(output, field, DataType.STRING, false));
    if (source.shedding() != null && source.shedding().priorityField() != null) {
      demands.add(output, source.shedding().priorityField(), DataType.DOUBLE, false);
    }
  }

  private void transform(TopologyNode node, TransformConfig transform) {
    if (transform instanceof TransformConfig.Filter filter
        && filter.criterion() instanceof Criterion.Text text) {
      condition(node, text.text());
    } else if (transform instanceof TransformConfig.Project project) {
      project.fields().values().forEach(text -> expression(node, text));
    } else if (transform instanceof TransformConfig.KeyBy keyBy) {
      keyBy.fields().forEach(field -> suggest(node, field, DataType.STRING));
    } else if (transform instanceof TransformConfig.ProcessCode process) {
      process.keyBy().forEach(field -> suggest(node, field, DataType.STRING));
    } else if (transform instanceof TransformConfig.Sort sort) {
      sort.key().forEach(field -> suggest(node, field, DataType.STRING));
      sort.thenBy().forEach(field -> suggest(node, field.name(), DataType.DOUBLE));
    } else if (transform instanceof TransformConfig.Unnest unnest) {
      for (PortRef input : graph.inputs(node)) {
        demands.add(input, unnest.field(), DataType.NESTED, true);
      }
    } else if (transform instanceof TransformConfig.Rename rename) {
      rename.names().keySet().forEach(field -> suggest(node, field, DataType.NESTED));
    } else if (transform instanceof TransformConfig.Route route) {
      for (TransformConfig.Branch branch : route.branches()) {
        if (branch.criterion() instanceof Criterion.Text text) {
          condition(node, text.text());
        }
      }
    }
  }

  private void operator(TopologyNode node, OperatorConfig operator) {
    for (int i = 0; i < operator.inputNames().size(); i++) {
      for (PortRef input : graph.inputs(node, i)) {
        for (FieldUse use : operator.uses(i, expressions)) {
          demands.add(input, use.field(), use.type(), use.isFirm());
        }
      }
    }
  }

  private void expression(TopologyNode node, String text) {
    String plain = ExpressionUse.plainField(text);
    if (plain != null) {
      suggest(node, plain, DataType.NESTED);
      return;
    }
    uses(node, text, ExpressionUse.demands(text, expressions));
  }

  private void condition(TopologyNode node, String text) {
    uses(node, text, ExpressionUse.demandsAsPredicate(text, expressions));
  }

  private void uses(TopologyNode node, String text, Map<String, DataType> typed) {
    for (PortRef input : graph.inputs(node)) {
      typed.forEach((field, type) -> demands.add(input, field, type, true));
    }
    for (String field : ExpressionUse.fields(text)) {
      if (!typed.containsKey(field)) {
        suggest(node, field, DataType.NESTED);
      }
    }
  }

  private void aggregate(TopologyNode node, AggregateCall call) {
    String condition = call.settings().condition();
    if (condition != null) {
      condition(node, condition);
    }
    if (call.settings().label() != null) {
      suggest(node, call.settings().label(), DataType.STRING);
    }
    if (call.settings().other() != null) {
      suggest(
          node,
          call.settings().other(),
          call.kind().hasFractions() ? DataType.LONG : DataType.DOUBLE);
    }
    if (call.field() != null) {
      suggest(node, call.field(), call.kind().argument().usualType());
    }
  }

  private void suggest(TopologyNode node, String field, DataType type) {
    for (PortRef input : graph.inputs(node)) {
      demands.add(input, field, type, false);
    }
  }
}
