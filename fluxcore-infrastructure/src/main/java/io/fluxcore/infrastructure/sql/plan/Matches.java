package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.rank.WholeOrder;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.rowpattern.MatchExpression;
import io.fluxcore.domain.rowpattern.MatchTerm;
import io.fluxcore.domain.rowpattern.RowMatching;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.OrderConfig;
import io.fluxcore.domain.topology.RowMatchConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/** Row patterns, in the order of event time, of arrival, or any other of an input that ends. */
final class Matches {
  private final Draft draft;
  private final RexBuilder builder;

  Matches(Draft draft, RexBuilder builder) {
    this.draft = draft;
    this.builder = builder;
  }

  Relation translate(RowMatch match, Relation from) {
    RowMatch.Pattern pattern = match.pattern();
    List<RelDataTypeField> fields = match.getInput().getRowType().getFieldList();
    Relation fieldsOfRows = draft.withOnlyFields(WindowCalls.assigned(from, draft));
    Order order = order(pattern.orderBy().get(0), fieldsOfRows);
    List<SortField> thenBy =
        sortFields(pattern.orderBy().subList(1, pattern.orderBy().size()), fieldsOfRows);
    if (order == Order.CLOCK && !thenBy.isEmpty()) {
      throw Unsupported.of(
          "rows come in the order of their processing, and are to be in another one as well",
          "order by the processing time alone");
    }
    Relation input = order == Order.WHOLE ? ordered(pattern, fieldsOfRows) : fieldsOfRows;
    Map<String, MatchExpression> definitions = new LinkedHashMap<>();
    pattern
        .definitions()
        .forEach((variable, of) -> definitions.put(variable, expression(of, input, fields)));
    List<RowMatching.OutputField> outputs = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int c = 0; c < pattern.columns().size(); c++) {
      RelDataTypeField to = match.getRowType().getFieldList().get(c);
      columns.add(column(pattern, c, to, input, fields, taken, outputs));
    }
    RowMatching matching =
        new RowMatching(
            pattern.partitionBy().stream().map(ordinal -> field(ordinal, input)).toList(),
            pattern.clause().pattern(),
            definitions,
            pattern.clause().rowsPerMatch(),
            outputs,
            pattern.clause().skip(),
            pattern.withinMillis(),
            pattern.clause().frame(),
            PatternLimits.DEFAULT,
            order == Order.EVENT_TIME ? TimeCharacteristic.EVENT : TimeCharacteristic.PROCESSING);
    RowMatchConfig config =
        new RowMatchConfig(matching, order == Order.EVENT_TIME ? thenBy : List.of(), null);
    String node = draft.operator("match", config, input.output());
    return new Relation(node, order == Order.WHOLE ? values(columns) : columns, null);
  }

  /** In which order a pattern takes its rows. */
  private enum Order {
    EVENT_TIME,
    /** As they are processed. */
    CLOCK,
    /** Any other, which is known when all rows are there. */
    WHOLE
  }

  private static Order order(RowMatch.Order first, Relation input) {
    Role role = input.column(first.ordinal()).role();
    if (role == Role.PROCESSING_TIME) {
      return Order.CLOCK;
    }
    return role == Role.EVENT_TIME && !first.descending() ? Order.EVENT_TIME : Order.WHOLE;
  }

  private static List<SortField> sortFields(List<RowMatch.Order> orders, Relation input) {
    return orders.stream()
        .map(order -> new SortField(field(order.ordinal(), input), order.descending()))
        .toList();
  }

  /** All rows in the order of the pattern, once they have come. */
  private Relation ordered(RowMatch.Pattern pattern, Relation input) {
    if (pattern.withinMillis() > 0) {
      throw Unsupported.of(
          "matches within an interval, in an order that is not that of time",
          "order by the column that has a watermark first, or leave WITHIN out");
    }
    Set<String> known = new HashSet<>();
    List<SortField> by =
        sortFields(pattern.orderBy(), input).stream()
            .filter(field -> known.add(field.name()))
            .toList();
    OrderConfig config = new OrderConfig(by, 1, WholeOrder.DEFAULT_MAX_ROWS, null);
    return input.withOutput(draft.operator("order", config, input.output()));
  }

  /** Matches that are not known in the order of time have no time. */
  private static List<Column> values(List<Column> columns) {
    return columns.stream()
        .map(column -> column.role() == Role.EVENT_TIME ? column.withRole(Role.VALUE) : column)
        .toList();
  }

  private static String field(int ordinal, Relation input) {
    Column column = input.column(ordinal);
    if (column.isVirtual()) {
      throw Unsupported.of(
          "a processing time has no value of its own", "take a column of the record");
    }
    return input.fieldNames(List.of(ordinal)).get(0);
  }

  private Column column(
      RowMatch.Pattern pattern,
      int at,
      RelDataTypeField to,
      Relation input,
      List<RelDataTypeField> fields,
      Set<String> taken,
      List<RowMatching.OutputField> outputs) {
    RowMatch.Column column = pattern.columns().get(at);
    if (column.kind() == RowMatch.Kind.PROCESSING_TIME) {
      return new Column("", DataType.TIMESTAMP_TZ, Role.PROCESSING_TIME);
    }
    String name = Draft.unused(to.getName(), taken);
    if (column.kind() == RowMatch.Kind.PASSED) {
      Column passed = input.column(column.ordinal());
      if (passed.isVirtual()) {
        return passed;
      }
      taken.add(name);
      outputs.add(new RowMatching.Passed(name, field(column.ordinal(), input)));
      return Column.field(name, passed.type(), Role.VALUE);
    }
    taken.add(name);
    RowMatch.Expression measure = pattern.measures().get(column.ordinal());
    outputs.add(new RowMatching.Measure(name, expression(measure, input, fields)));
    return Column.field(
        name,
        Tables.held(to.getType()),
        column.kind() == RowMatch.Kind.EVENT_TIME ? Role.EVENT_TIME : Role.VALUE);
  }

  /** An expression over a field for each term, of which columns of the row at hand are some. */
  private MatchExpression expression(
      RowMatch.Expression of, Relation input, List<RelDataTypeField> fields) {
    Map<String, MatchTerm> terms = new LinkedHashMap<>();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      Column column = input.column(i);
      if (column.isVirtual()) {
        columns.add(column);
        continue;
      }
      String name = "row." + fields.get(i).getName();
      if (reads(of.value(), i)) {
        Expression argument = Expression.column(field(i, input));
        terms.put(name, new MatchTerm.Navigation(argument, Set.of(), true, 0, 0, false));
      }
      columns.add(Column.field(name, column.type()));
    }
    for (RowMatch.Term term : of.terms()) {
      String name = "term." + terms.size();
      columns.add(column(name, term, input, terms));
    }
    String text = new RexText(columns, builder).text(of.value());
    return new MatchExpression(Expression.parse(text), terms);
  }

  private static boolean reads(RexNode value, int ordinal) {
    boolean[] found = new boolean[1];
    value.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            found[0] |= ref.getIndex() == ordinal;
            return ref;
          }
        });
    return found[0];
  }

  private Column column(
      String name, RowMatch.Term term, Relation input, Map<String, MatchTerm> terms) {
    if (term instanceof RowMatch.Navigation navigation) {
      terms.put(
          name,
          new MatchTerm.Navigation(
              argument(navigation.argument(), input),
              navigation.variables(),
              navigation.last(),
              navigation.offset(),
              navigation.rows(),
              navigation.isFinal()));
      return Column.field(name, Tables.held(navigation.argument().getType()));
    }
    if (term instanceof RowMatch.Aggregate aggregate) {
      terms.put(
          name,
          new MatchTerm.Aggregate(
              aggregate.function(),
              aggregate.arguments().stream().map(argument -> argument(argument, input)).toList(),
              aggregate.variables(),
              aggregate.isFinal()));
      DataType type =
          aggregate
              .function()
              .type(aggregate.arguments().stream().map(a -> Tables.held(a.getType())).toList());
      if (type == null) {
        throw new IllegalStateException("checked when it was read: " + aggregate);
      }
      return Column.field(name, type);
    }
    terms.put(name, new MatchTerm.MatchNumber());
    return Column.field(name, DataType.LONG);
  }

  private Expression argument(RexNode argument, Relation input) {
    List<Column> columns = new ArrayList<>(input.columns());
    columns.add(Column.field(MatchTerm.CLASSIFIER, DataType.STRING));
    columns.add(Column.field(MatchTerm.MATCH_NUMBER, DataType.LONG));
    return Expression.parse(new RexText(columns, builder).text(argument));
  }
}
