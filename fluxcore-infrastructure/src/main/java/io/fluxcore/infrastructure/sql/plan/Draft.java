package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.EventTimeConfig;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.ProjectBuilder;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * The topology as far as it has been translated. Nodes are named by what they do and a number, in
 * the order of the query, so that the same text gives the same names. Not thread-safe.
 */
final class Draft {
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Set<String> ends = new HashSet<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final @Nullable TimeToLive stateLife;

  /**
   * An empty one.
   *
   * @param stateLife how long what grows without a bound is kept; null: for ever
   */
  Draft(@Nullable TimeToLive stateLife) {
    this.stateLife = stateLife;
  }

  /** How long what grows without a bound is kept; null: for ever. */
  @Nullable TimeToLive stateLife() {
    return stateLife;
  }

  /**
   * A node that has been drafted.
   *
   * @param inputs the outputs that it reads
   */
  private record Node(List<String> inputs, Consumer<StreamTopology.Builder> add) {}

  /** The topology: what nobody reads in the end is not in it. */
  StreamTopology build() {
    Set<String> used = new HashSet<>();
    Deque<String> left = new ArrayDeque<>(ends);
    while (!left.isEmpty()) {
      String name = left.pop();
      Node node = nodes.get(name);
      if (node != null && used.add(name)) {
        node.inputs().forEach(input -> left.push(nodeOf(input)));
      }
    }
    StreamTopology.Builder builder = StreamTopology.builder();
    nodes.forEach(
        (name, node) -> {
          if (used.contains(name)) {
            node.add().accept(builder);
          }
        });
    return builder.build();
  }

  private String nodeOf(String output) {
    return nodes.containsKey(output) ? output : output.substring(0, output.lastIndexOf('.'));
  }

  private void add(String name, Consumer<StreamTopology.Builder> add, String... inputs) {
    nodes.put(name, new Node(List.of(inputs), add));
  }

  /** The rows of this output are read by somebody outside of the topology. */
  void end(String output) {
    ends.add(nodeOf(output));
  }

  private String name(String kind) {
    String name;
    do {
      name = kind + "-" + counts.merge(kind, 1, Integer::sum);
    } while (!names.add(name));
    return name;
  }

  /** This name, or one like it if it is taken. */
  private String free(String name) {
    String plain = name.replace('.', '_');
    return names.add(plain) ? plain : name(plain);
  }

  String source(String name, SourceConfig config) {
    String node = free(name);
    add(node, builder -> builder.source(node, config));
    return node;
  }

  String sink(String name, SinkConfig config, String input) {
    String node = free(name);
    add(node, builder -> builder.sink(node, config, input), input);
    ends.add(node);
    return node;
  }

  String transform(String kind, TransformConfig config, String... inputs) {
    String node = name(kind);
    add(node, builder -> builder.transform(node, config, inputs), inputs);
    return node;
  }

  String operator(String kind, OperatorConfig config, String... inputs) {
    String node = name(kind);
    add(node, builder -> builder.transform(node, config, inputs), inputs);
    return node;
  }

  String join(JoinConfig config, String left, String right) {
    String node = name("join");
    add(node, builder -> builder.join(node, config, left, right), left, right);
    return node;
  }

  String aggregate(AggregateConfig config, @Nullable WindowConfig window, String input) {
    String from = window == null ? input : name("window");
    if (window != null) {
      add(from, builder -> builder.window(from, window, input), input);
    }
    String node = name("aggregate");
    add(node, builder -> builder.aggregate(node, config, from), from);
    return node;
  }

  /** The rows for which a condition is true. */
  Relation filter(Relation input, String condition) {
    String node =
        transform(
            "filter", TransformConfig.filter().withExpression(condition).build(), input.output());
    return input.withOutput(node);
  }

  /** The same columns, each as a field; those without a value stay as they are. */
  Relation asFields(Relation input) {
    return asFields(input, defaultNames(input.columns().size()));
  }

  private static List<String> defaultNames(int size) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      names.add("f" + i);
    }
    return names;
  }

  /** The same columns, each as a field of this name or one like it. */
  Relation asFields(Relation input, List<String> wanted) {
    Map<String, String> fields = new LinkedHashMap<>();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < input.columns().size(); i++) {
      Column column = input.column(i);
      if (column.isVirtual()) {
        columns.add(column);
        continue;
      }
      String name = unused(name(column, wanted.get(i)), fields.keySet());
      fields.put(name, column.expression());
      columns.add(column.asField(name));
    }
    if (fields.isEmpty()) {
      return input;
    }
    return projected(input, fields).withColumns(columns);
  }

  /** The bounds of a window keep the names by which operators know them. */
  private static String name(Column column, String wanted) {
    return switch (column.role()) {
      case RESULT_START, ASSIGNED_START -> AggregateConfig.WINDOW_START;
      case RESULT_END, ASSIGNED_END -> AggregateConfig.WINDOW_END;
      default -> wanted;
    };
  }

  /** These fields, in place of those that are there. */
  Relation projected(Relation input, Map<String, String> fields) {
    ProjectBuilder project = TransformConfig.project();
    fields.forEach(project::withField);
    return input.withOutput(transform("project", project.build(), input.output()));
  }

  /** With each of these columns as a field; the same if they are. */
  Relation withFields(Relation input, Iterable<Integer> ordinals) {
    for (int ordinal : ordinals) {
      Column column = input.column(ordinal);
      if (column.isVirtual()) {
        continue;
      }
      if (column.fieldName() == null) {
        return asFields(input);
      }
    }
    return input;
  }

  /** With a column as the time of events, which may lie before what that has been. */
  Relation timed(Relation input, int ordinal) {
    Column time = input.column(ordinal);
    List<Column> columns = new ArrayList<>(input.columns());
    columns.add(new Column(RexText.instant(time), DataType.TIMESTAMP_TZ, Relation.Role.VALUE));
    Relation known = filter(input, "(" + time.expression() + " is not null)");
    Relation fields = asFields(known.withColumns(columns));
    String field = fields.fieldNames(List.of(columns.size() - 1)).get(0);
    Duration behind = Duration.ofMillis(time.behindMillis());
    String node = operator("time", EventTimeConfig.of(field, behind), fields.output());
    List<Column> timed = new ArrayList<>();
    for (int i = 0; i < input.columns().size(); i++) {
      Column column = fields.column(i);
      timed.add(
          i == ordinal
              ? column.withRole(Relation.Role.EVENT_TIME)
              : column.isVirtual() ? column : column.withRole(Relation.Role.VALUE));
    }
    return new Relation(node, timed, null);
  }

  /** With every column as a field, as joins hand them on; the same if they are. */
  Relation withOnlyFields(Relation input) {
    boolean hasComputed =
        input.columns().stream()
            .anyMatch(column -> !column.isVirtual() && column.fieldName() == null);
    return hasComputed ? asFields(input) : input;
  }

  /** With a constant behind the columns, which keep their names: a key that all rows have. */
  Relation withConstant(Relation input) {
    List<Column> columns = new ArrayList<>(input.columns());
    columns.add(new Column("1", DataType.LONG, Relation.Role.VALUE));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.get(i).isVirtual() ? null : columns.get(i).fieldName();
      names.add(name == null ? "f" + i : name);
    }
    return asFields(input.withColumns(columns), names);
  }

  /**
   * With these expressions as fields behind the columns, as far as they are not among them.
   *
   * @return the relation, in which the expressions are at {@code ordinals}
   */
  Extended extended(Relation input, List<RexNode> expressions, RexBuilder builder) {
    RexText texts = new RexText(input.columns(), builder);
    List<Column> columns = new ArrayList<>(input.columns());
    List<Integer> ordinals = new ArrayList<>();
    for (RexNode expression : expressions) {
      if (expression instanceof RexInputRef ref) {
        ordinals.add(ref.getIndex());
      } else {
        ordinals.add(columns.size());
        columns.add(
            new Column(
                texts.text(expression), Tables.held(expression.getType()), Relation.Role.VALUE));
      }
    }
    return new Extended(withFields(input.withColumns(columns), ordinals), ordinals);
  }

  /** A relation in which expressions are fields. */
  record Extended(Relation relation, List<Integer> ordinals) {
    List<String> names(int from, int to) {
      return relation.fieldNames(ordinals.subList(from, to));
    }
  }

  /**
   * The rows of several relations, of which each column is a value of the type that SQL says.
   *
   * @param fields names and types of the columns
   */
  Relation united(List<Relation> inputs, List<RelDataTypeField> fields) {
    List<Relation.Role> roles = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      int ordinal = i;
      Relation.Role first = inputs.get(0).column(i).role();
      boolean isSame = inputs.stream().allMatch(in -> in.column(ordinal).role() == first);
      roles.add(isSame ? first : Relation.Role.VALUE);
    }
    List<Relation> sides = new ArrayList<>();
    for (Relation input : inputs) {
      List<Column> values = new ArrayList<>();
      for (int i = 0; i < fields.size(); i++) {
        values.add(
            TopologyTranslation.asValue(input.column(i), fields.get(i)).withRole(roles.get(i)));
      }
      sides.add(input.withColumns(values));
    }
    return united(sides);
  }

  /** The rows of several relations, whose columns have the same types and roles. */
  Relation united(List<Relation> sides) {
    List<Relation> same = sides.stream().map(this::asFields).toList();
    Relation first = same.get(0);
    return same.size() == 1
        ? first
        : first.withOutput(
            transform(
                "union",
                TransformConfig.union(),
                same.stream().map(Relation::output).toArray(String[]::new)));
  }

  static String unused(String wanted, Set<String> taken) {
    String plain = wanted.isBlank() ? "f" : wanted;
    String name = plain;
    for (int i = 0; taken.contains(name); i++) {
      name = plain + i;
    }
    return name;
  }
}
