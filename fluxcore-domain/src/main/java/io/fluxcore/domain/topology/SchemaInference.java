package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.shedding.LoadShedder;
import io.fluxcore.domain.sort.EventTimeSort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out the fields of every output, upstream first, and checks what each node asks of them.
 * Where a node is wrong its output stays unknown, and what reads it is not blamed.
 */
final class SchemaInference {
  private static final Set<DataType.Kind> TIMES =
      Set.of(
          DataType.Kind.LONG,
          DataType.Kind.DATE,
          DataType.Kind.TIMESTAMP,
          DataType.Kind.TIMESTAMP_TZ);

  private final TopologyGraph graph;
  private final FieldDemands demands;
  private final Map<String, SourceRows> sources;
  private final RowChanges changes;
  private final ExpressionContext expressions;
  private final Map<PortRef, Schema> outputs;
  private final List<Diagnostic> findings;

  SchemaInference(
      TopologyGraph graph,
      FieldDemands demands,
      Map<String, SourceRows> sources,
      RowChanges changes,
      ExpressionContext expressions,
      Map<PortRef, Schema> outputs,
      List<Diagnostic> findings) {
    this.graph = graph;
    this.demands = demands;
    this.sources = sources;
    this.changes = changes;
    this.expressions = expressions;
    this.outputs = outputs;
    this.findings = findings;
  }

  void run() {
    for (TopologyNode node : graph.order()) {
      if (node.config() instanceof SourceConfig source) {
        set(node, NodeConfig.MAIN_PORT, source(node, source));
        continue;
      }
      if (node.config() instanceof OperatorConfig operator) {
        operator(node, operator);
        continue;
      }
      Schema input = input(node, 0);
      if (input != null) {
        infer(node, input);
      }
    }
  }

  private void set(TopologyNode node, String port, @Nullable Schema schema) {
    if (schema != null) {
      outputs.put(new PortRef(node.name(), port), schema);
    }
  }

  private NodeFindings at(TopologyNode node) {
    return new NodeFindings(node, findings);
  }

  private void error(String code, TopologyNode node, String option, String message, String remedy) {
    at(node).error(code, option, message, remedy);
  }

  private boolean hasField(TopologyNode node, String option, String field, Schema schema) {
    return at(node).hasField(option, field, schema);
  }

  private boolean key(TopologyNode node, String option, List<String> fields, Schema schema) {
    return at(node).key(option, fields, schema);
  }

  private Schema source(TopologyNode node, SourceConfig source) {
    SourceRows rows = sources.get(node.name());
    Schema own = rows == null ? null : rows.schema();
    // what the topology declares is what readers decode to; a text's own fields are all strings
    Schema known = source.schema() != null ? source.schema() : own;
    Schema declared = known != null ? known : Schema.open();
    Schema schema = demands.close(node.name(), declared);
    key(node, "primaryKey", source.primaryKey(), schema);
    String timestamp = source.timestampField();
    if (timestamp != null && hasField(node, "timestampField", timestamp, schema)) {
      DataType type = schema.type(schema.ordinal(timestamp));
      if (!TIMES.contains(type.kind())) {
        error(
            "FLX-TOPO-0023",
            node,
            "timestampField",
            "'" + timestamp + "' is " + type + ", not a time",
            "use a field of type timestamp_tz, timestamp, date, or long (epoch milliseconds)");
      }
    }
    timestamp(node, source.timestampExpression(), schema);
    String priority = source.shedding() == null ? null : source.shedding().priorityField();
    if (priority != null && hasField(node, "loadShedding.priorityField", priority, schema)) {
      DataType type = schema.type(schema.ordinal(priority));
      if (!LoadShedder.canRank(type)) {
        error(
            "FLX-TOPO-0052",
            node,
            "loadShedding.priorityField",
            "'" + priority + "' is " + type + ", not a number",
            "use a field of type long, double or decimal");
      }
    }
    return schema;
  }

  /** The event time that an expression computes. */
  private void timestamp(TopologyNode node, @Nullable String text, Schema schema) {
    CompiledExpression compiled =
        text == null ? null : at(node).expression("timestampExpression", text, schema, expressions);
    if (compiled != null && !TIMES.contains(compiled.type().kind())) {
      error(
          "FLX-TOPO-0023",
          node,
          "timestampExpression",
          "'" + text + "' is " + compiled.type() + ", not a time",
          "compute a timestamp_tz, a timestamp, or a long (epoch milliseconds)");
    }
  }

  /** The one schema of everything that flows into an input of a node. */
  private @Nullable Schema input(TopologyNode node, int input) {
    Schema first = null;
    PortRef firstRef = null;
    for (PortRef ref : graph.inputs(node, input)) {
      Schema schema = outputs.get(ref);
      if (schema == null) {
        return null;
      }
      if (first == null) {
        first = schema;
        firstRef = ref;
      } else if (!new HashSet<>(schema.fields()).equals(new HashSet<>(first.fields()))) {
        error(
            "FLX-TOPO-0024",
            node,
            "input",
            "'" + firstRef + "' has the fields " + first + " but '" + ref + "' has " + schema,
            "project both to the same fields first");
        return null;
      }
    }
    return first;
  }

  private void operator(TopologyNode node, OperatorConfig operator) {
    List<Schema> inputs = new ArrayList<>();
    for (int i = 0; i < operator.inputNames().size(); i++) {
      Schema input = input(node, i);
      if (input == null) {
        return;
      }
      inputs.add(input);
    }
    for (int i = 0; i < inputs.size(); i++) {
      Changes rows = changes.ofInput(node, i);
      if (rows.mode().compareTo(operator.takes(i)) > 0) {
        error(
            "FLX-TOPO-0028",
            node,
            "from",
            "its " + operator.inputNames().get(i) + " takes rows back, which it cannot",
            "read a stream that only adds rows: of a window, one without 'retracting'");
      }
    }
    operator
        .outputs(inputs, at(node), expressions)
        .forEach((port, schema) -> set(node, port, schema));
  }

  private void infer(TopologyNode node, Schema input) {
    NodeConfig config = node.config();
    if (config instanceof AggregateConfig aggregate) {
      set(node, NodeConfig.MAIN_PORT, aggregate(node, aggregate, input));
      if (graph.windowOf(node) != null) {
        set(node, WindowConfig.LATE_PORT, input);
      }
    } else if (config instanceof TransformConfig.Route route) {
      for (TransformConfig.Branch branch : route.branches()) {
        criterion(node, "branches." + branch.port(), branch.criterion(), input);
        set(node, branch.port(), input);
      }
      set(node, NodeConfig.MAIN_PORT, input);
    } else if (config instanceof TransformConfig.ProcessCode process) {
      process(node, process, input);
    } else if (config instanceof TransformConfig transform) {
      set(node, NodeConfig.MAIN_PORT, transform(node, transform, input));
      if (transform instanceof TransformConfig.Sort) {
        set(node, WindowConfig.LATE_PORT, input);
      }
    } else {
      set(node, NodeConfig.MAIN_PORT, input);
    }
  }

  private @Nullable Schema transform(TopologyNode node, TransformConfig transform, Schema input) {
    if (transform instanceof TransformConfig.Filter filter) {
      if (filter.criterion() != null) {
        criterion(node, "expression", filter.criterion(), input);
      }
      return input;
    }
    if (transform instanceof TransformConfig.Project project) {
      return project(node, project, input);
    }
    if (transform instanceof TransformConfig.MapCode map) {
      return map.output() == null ? null : map.output().closed();
    }
    if (transform instanceof TransformConfig.FlatMap flatMap) {
      return flatMap.output() == null ? null : flatMap.output().closed();
    }
    if (transform instanceof TransformConfig.Unnest unnest) {
      return unnest(node, unnest, input);
    }
    if (transform instanceof TransformConfig.Rename rename) {
      return rename(node, rename, input);
    }
    if (transform instanceof TransformConfig.KeyBy keyBy) {
      key(node, "fields", keyBy.fields(), input);
    } else if (transform instanceof TransformConfig.Sort sort) {
      key(node, "key", sort.key(), input);
      sort.thenBy().forEach(field -> order(node, field.name(), input));
    }
    return input;
  }

  private void process(TopologyNode node, TransformConfig.ProcessCode process, Schema input) {
    List<String> key = graph.keyOf(node);
    if (key == null) {
      error(
          "FLX-TOPO-0046",
          node,
          "keyBy",
          "'" + node.name() + "' has no key",
          "name the fields of its key, or put a keyBy before it");
    } else {
      key(node, "keyBy", key, input);
    }
    if (process.output() != null) {
      set(node, NodeConfig.MAIN_PORT, process.output().closed());
    }
    process.sideOutputs().forEach((port, schema) -> set(node, port, schema.closed()));
  }

  private void criterion(TopologyNode node, String option, Criterion criterion, Schema input) {
    List<Diagnostic> problems =
        criterion instanceof Criterion.Text text
            ? ExpressionUse.checkPredicate(text.text(), input, expressions)
            : criterion instanceof Criterion.Mixed mixed
                ? ExpressionUse.checkCondition(mixed.condition(), input, expressions)
                : List.of();
    problems.forEach(d -> findings.add(d.in(TopologyGraph.place(node, option).path())));
  }

  private @Nullable Schema project(
      TopologyNode node, TransformConfig.Project project, Schema input) {
    Map<String, Field> fields = new LinkedHashMap<>();
    if (project.keepOthers()) {
      input.fields().forEach(field -> fields.put(field.name(), field));
    }
    boolean complete = true;
    for (Map.Entry<String, String> entry : project.fields().entrySet()) {
      String place = TopologyGraph.place(node, "fields." + entry.getKey()).path();
      CompiledExpression compiled =
          ExpressionUse.compile(
              entry.getValue(), input, expressions, d -> findings.add(d.in(place)));
      if (compiled == null) {
        complete = false;
      } else if (entry.getKey().isBlank()) {
        error("FLX-TOPO-0021", node, "fields", "a field has no name", "give it one");
        complete = false;
      } else {
        fields.put(entry.getKey(), new Field(entry.getKey(), compiled.type()));
      }
    }
    return complete ? Schema.of(new ArrayList<>(fields.values())) : null;
  }

  private @Nullable Schema unnest(TopologyNode node, TransformConfig.Unnest unnest, Schema input) {
    if (!hasField(node, "field", unnest.field(), input) || unnest.as().equals(unnest.position())) {
      return null;
    }
    DataType type = input.type(input.ordinal(unnest.field()));
    if (type.kind() != DataType.Kind.NESTED) {
      error(
          "FLX-TOPO-0070",
          node,
          "field",
          "'" + unnest.field() + "' is " + type + ", which has no elements",
          "declare it as nested, or make a list of it: split(" + unnest.field() + ", ',')");
      return null;
    }
    return unnest.output(input);
  }

  private @Nullable Schema rename(TopologyNode node, TransformConfig.Rename rename, Schema input) {
    boolean complete = true;
    for (String old : rename.names().keySet()) {
      complete &= hasField(node, "fields", old, input);
    }
    if (!complete) {
      return null;
    }
    List<Field> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Field field : input.fields()) {
      String name = rename.names().getOrDefault(field.name(), field.name());
      if (name.isBlank() || !names.add(name)) {
        error(
            "FLX-TOPO-0020",
            node,
            "fields." + field.name(),
            name.isBlank()
                ? "'" + field.name() + "' would have no name"
                : "the result would have two fields '" + name + "'",
            "give it another name");
        complete = false;
      } else {
        fields.add(new Field(name, field.type()));
      }
    }
    return complete ? Schema.of(fields) : null;
  }

  private void order(TopologyNode node, String field, Schema input) {
    if (hasField(node, "thenBy", field, input)
        && !EventTimeSort.canOrder(input.type(input.ordinal(field)))) {
      error(
          "FLX-TOPO-0019",
          node,
          "thenBy",
          "'" + field + "' is nested and has no order",
          "project a part of it first");
    }
  }

  private @Nullable Schema aggregate(TopologyNode node, AggregateConfig aggregate, Schema input) {
    boolean complete = key(node, "groupBy", aggregate.groupBy(), input);
    List<AggregateCall> known = new ArrayList<>();
    for (AggregateCall call : aggregate.aggregations()) {
      if (hasFields(node, call, input)) {
        known.add(call);
      }
    }
    List<Diagnostic> problems = AggregateProgram.check(known, input, expressions);
    problems.forEach(d -> findings.add(d.in(TopologyGraph.place(node, "aggregates").path())));
    complete &= problems.isEmpty() && known.size() == aggregate.aggregations().size();
    if (!complete) {
      return null;
    }
    WindowConfig window = graph.windowOf(node);
    checkInputKind(node, aggregate, window, input);
    if (window == null) {
      return aggregate
          .overAllRows()
          .outputs(List.of(input), at(node), expressions)
          .get(NodeConfig.MAIN_PORT);
    }
    try {
      return aggregate.over(window, context()).outputSchema(input);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return null; // told by the checks of settings
    }
  }

  private boolean hasFields(TopologyNode node, AggregateCall call, Schema input) {
    boolean known = call.field() == null || hasField(node, "aggregates", call.field(), input);
    String label = call.settings().label();
    return label == null ? known : hasField(node, "aggregates", label, input) && known;
  }

  /** Sketches are not needed to know fields and types. */
  private AggregateContext context() {
    return new AggregateContext(expressions, SketchFactory.NONE, true);
  }

  private void checkInputKind(
      TopologyNode node, AggregateConfig aggregate, @Nullable WindowConfig window, Schema input) {
    boolean takesBack = !changes.ofInput(node, 0).isAppend();
    if (takesBack && window != null && window.shape() instanceof WindowShape.Count) {
      error(
          "FLX-TOPO-0028",
          node,
          "input",
          "its input takes results back, which windows of so many rows cannot",
          "use a window of time, or another accumulation upstream");
    }
    if (takesBack
        && !AggregateProgram.compile(aggregate.aggregations(), input, context()).canRetract()) {
      error(
          "FLX-TOPO-0028",
          node,
          "aggregates",
          "its input takes results back, but one of " + aggregate.describe() + " cannot",
          "use aggregates that can retract, or another accumulation upstream");
    }
    if (changes.comesAgain(node)) {
      findings.add(
          Diagnostic.warning(
              "FLX-TOPO-0029",
              TopologyGraph.place(node, "aggregates"),
              "its input gives a window's result more than once, and it would count each",
              "give the window upstream the accumulation 'retracting' or 'discarding'"));
    }
  }
}
