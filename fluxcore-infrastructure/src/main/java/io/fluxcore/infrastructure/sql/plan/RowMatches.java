package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.rowpattern.MatchAggregate;
import io.fluxcore.domain.rowpattern.RowsPerMatch;
import io.fluxcore.infrastructure.sql.catalogue.StreamTypes;
import io.fluxcore.infrastructure.sql.statement.MatchExpressionText;
import io.fluxcore.infrastructure.sql.statement.RowPatternClause;
import io.fluxcore.infrastructure.sql.statement.RowPatternQuery;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * The row patterns of a query as tables that stand for them. Their expressions are validated as
 * those of an ordinary query: over the columns of a row, and what terms come to as further columns.
 */
final class RowMatches {
  private static final String ROWS = "rows$";

  private final QueryPlanner planner;
  private final RelDataTypeFactory types;

  RowMatches(QueryPlanner planner) {
    this.planner = planner;
    this.types = planner.types();
  }

  /** A table that stands for a row pattern. */
  static final class MatchTable extends AbstractTable implements TranslatableTable {
    private final RowMatch match;

    MatchTable(RowMatch match) {
      this.match = match;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      return match.getRowType();
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
      return match;
    }
  }

  /** A table that only has a type. */
  static final class TypedTable extends AbstractTable {
    private final RelDataType type;

    TypedTable(RelDataType type) {
      this.type = type;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      return type;
    }
  }

  /** Tables by the names that the query has for its row patterns. */
  Map<String, AbstractTable> tables(RowPatternQuery query) {
    Map<String, AbstractTable> tables = new LinkedHashMap<>();
    query.matches().forEach(match -> tables.put(match.name(), new MatchTable(match(match))));
    return tables;
  }

  private RowMatch match(RowPatternQuery.Match match) {
    String before = "SELECT * FROM ";
    SqlText text = match.input();
    RelRoot root =
        planner.convert(
            new SqlText(before + text.text(), text.line(), text.column() - before.length()));
    RelNode input = root.project();
    return new Reading(match.clause(), input).match();
  }

  /** Reads one row pattern. */
  private final class Reading {
    private final RowPatternClause clause;
    private final RelNode input;
    private final RelDataType row;
    private final Set<String> names;
    private final String classifier;
    private final String matchNumber;

    Reading(RowPatternClause clause, RelNode input) {
      this.clause = clause;
      this.input = input;
      this.row = input.getRowType();
      this.names = new HashSet<>(row.getFieldNames());
      this.classifier = Draft.unused("variable_of_row", names);
      this.matchNumber = Draft.unused("number_of_match", names);
    }

    RowMatch match() {
      List<Integer> partitionBy = clause.partitionBy().stream().map(this::ordinal).toList();
      List<RowMatch.Order> orderBy = new ArrayList<>();
      for (RowPatternClause.Order order : clause.orderBy()) {
        orderBy.add(new RowMatch.Order(ordinal(order.column()), order.descending()));
      }
      if (orderBy.isEmpty()) {
        throw FluxCoreException.user(
            "FLX-QUERY-0050",
            clause.place(),
            "the row pattern does not say in which order rows come",
            "add ORDER BY with the column that has a watermark");
      }
      Map<String, RowMatch.Expression> definitions = new LinkedHashMap<>();
      clause
          .definitions()
          .forEach((variable, text) -> definitions.put(variable, condition(variable, text)));
      List<RowMatch.Column> columns = new ArrayList<>();
      RelDataTypeFactory.Builder type = types.builder();
      Set<Integer> passed = new LinkedHashSet<>();
      boolean isAll = clause.rowsPerMatch() != RowsPerMatch.ONE;
      boolean isEach =
          clause.rowsPerMatch() == RowsPerMatch.EACH_ROW
              || clause.rowsPerMatch() == RowsPerMatch.EACH_ROW_SEEK;
      if (!isEach) {
        passed.addAll(partitionBy);
        if (isAll) {
          orderBy.forEach(order -> passed.add(order.ordinal()));
        }
      } else {
        addRest(passed);
      }
      passed.forEach(ordinal -> pass(ordinal, columns, type));
      List<RowMatch.Expression> measures = measures(columns, type);
      if (isAll && !isEach) {
        Set<Integer> rest = new LinkedHashSet<>();
        addRest(rest);
        rest.removeAll(passed);
        rest.forEach(ordinal -> pass(ordinal, columns, type));
      }
      RowMatch.Pattern pattern =
          new RowMatch.Pattern(
              clause, partitionBy, orderBy, definitions, measures, within(), columns);
      return new RowMatch(input.getCluster(), input, pattern, type.build());
    }

    private void addRest(Set<Integer> ordinals) {
      for (int i = 0; i < row.getFieldCount(); i++) {
        ordinals.add(i);
      }
    }

    private void pass(int ordinal, List<RowMatch.Column> columns, RelDataTypeFactory.Builder type) {
      columns.add(new RowMatch.Column(RowMatch.Kind.PASSED, ordinal));
      type.add(row.getFieldList().get(ordinal));
    }

    private int ordinal(RowPatternClause.Name column) {
      int ordinal = row.getFieldNames().indexOf(column.name());
      if (ordinal < 0) {
        throw FluxCoreException.user(
            "FLX-QUERY-0006",
            column.place(),
            "Column '" + column.name() + "' not found in the table of the row pattern",
            "its columns are " + row.getFieldNames());
      }
      return ordinal;
    }

    private long within() {
      SqlText within = clause.within();
      if (within == null) {
        return 0;
      }
      long millis = WindowCalls.duration(planner.expression(within)).toMillis();
      if (millis <= 0) {
        throw FluxCoreException.user(
            "FLX-QUERY-0050",
            within.placeOf(0),
            "matches within " + within + " cannot be",
            "write a positive interval");
      }
      return millis;
    }

    private List<RowMatch.Expression> measures(
        List<RowMatch.Column> columns, RelDataTypeFactory.Builder type) {
      List<RowMatch.Expression> measures = new ArrayList<>();
      Set<String> taken = new HashSet<>();
      columns.forEach(column -> taken.add(row.getFieldNames().get(column.ordinal())));
      for (RowPatternClause.Measure measure : clause.measures()) {
        if (!taken.add(measure.name())) {
          throw FluxCoreException.user(
              "FLX-QUERY-0050",
              measure.expression().placeOf(0),
              "the result would have two columns '" + measure.name() + "'",
              "give the measure another name");
        }
        MatchExpressionText text = text(measure.expression(), false);
        RowMatch.Kind kind = RowMatch.Kind.MEASURE;
        RowMatch.Expression expression;
        if (text.terms().values().stream()
            .anyMatch(MatchExpressionText.MatchTime.class::isInstance)) {
          kind = timeKind(measure, text);
          expression = timeOfMatch();
        } else {
          expression = expression(text);
        }
        columns.add(new RowMatch.Column(kind, measures.size()));
        measures.add(expression);
        type.add(
            measure.name(), types.createTypeWithNullability(expression.value().getType(), true));
      }
      return measures;
    }

    private RowMatch.Kind timeKind(RowPatternClause.Measure measure, MatchExpressionText text) {
      MatchExpressionText.Term first = text.terms().values().iterator().next();
      String name = text.terms().keySet().iterator().next();
      if (text.terms().size() != 1
          || !text.text().text().strip().equals(name)
          || !(first instanceof MatchExpressionText.MatchTime time)) {
        throw FluxCoreException.user(
            "FLX-QUERY-0050",
            measure.expression().placeOf(0),
            "the time of a match is a part of an expression",
            "give it alone as a measure, and compute with that");
      }
      return time.isProcessingTime() ? RowMatch.Kind.PROCESSING_TIME : RowMatch.Kind.EVENT_TIME;
    }

    /** The time of the last row of the match: the column of the order. */
    private RowMatch.Expression timeOfMatch() {
      RelDataTypeField time = row.getFieldList().get(ordinal(clause.orderBy().get(0).column()));
      RexNode argument = planner.rexBuilder().makeInputRef(time.getType(), time.getIndex());
      RexNode value =
          planner.rexBuilder().makeInputRef(nullable(time.getType()), row.getFieldCount());
      return new RowMatch.Expression(
          value, List.of(new RowMatch.Navigation(argument, Set.of(), true, 0, 0, true)));
    }

    private RowMatch.Expression condition(String variable, SqlText source) {
      MatchExpressionText text = text(source, true);
      if (text.terms().values().stream()
          .anyMatch(MatchExpressionText.MatchTime.class::isInstance)) {
        throw FluxCoreException.user(
            "FLX-QUERY-0050",
            source.placeOf(0),
            "the time of the match is not known while its rows are looked for",
            "compare the columns of times");
      }
      RowMatch.Expression expression = expression(text);
      if (expression.value().getType().getSqlTypeName() != SqlTypeName.BOOLEAN) {
        throw FluxCoreException.user(
            "FLX-QUERY-0006",
            source.placeOf(0),
            "what '" + variable + "' must be is no condition, but " + expression.value().getType(),
            "write a comparison");
      }
      return expression;
    }

    private MatchExpressionText text(SqlText source, boolean isCondition) {
      return MatchExpressionText.of(source, clause, names, classifier, matchNumber, isCondition);
    }

    private RelDataType nullable(RelDataType type) {
      return types.createTypeWithNullability(type, true);
    }

    private RowMatch.Expression expression(MatchExpressionText text) {
      List<RowMatch.Term> terms = new ArrayList<>();
      RelDataTypeFactory.Builder fields = types.builder();
      fields.addAll(row.getFieldList());
      text.terms()
          .forEach(
              (name, term) -> {
                Typed typed = typed(term);
                terms.add(typed.term());
                fields.add(name, nullable(typed.type()));
              });
      fields.add(Draft.unused("rest", names), types.createSqlType(SqlTypeName.BOOLEAN));
      return new RowMatch.Expression(value("", text.text(), "", fields.build()), terms);
    }

    private record Typed(RowMatch.Term term, RelDataType type) {}

    private Typed typed(MatchExpressionText.Term term) {
      if (term instanceof MatchExpressionText.Navigation navigation) {
        RexNode argument = argument(navigation.argument());
        return new Typed(
            new RowMatch.Navigation(
                argument,
                navigation.variables(),
                navigation.last(),
                navigation.offset(),
                navigation.rows(),
                navigation.isFinal()),
            argument.getType());
      }
      if (term instanceof MatchExpressionText.Aggregate aggregate) {
        return typed(aggregate);
      }
      return new Typed(new RowMatch.MatchNumber(), types.createSqlType(SqlTypeName.BIGINT));
    }

    private Typed typed(MatchExpressionText.Aggregate aggregate) {
      MatchAggregate ofAll =
          switch (aggregate.function()) {
            case "ANY_VALUE" -> MatchAggregate.ANY;
            case "ARRAY_AGG", "COLLECT" -> MatchAggregate.COLLECT;
            default -> MatchAggregate.valueOf(aggregate.function());
          };
      MatchAggregate function = aggregate.isDistinct() ? ofAll.distinct() : ofAll;
      List<RexNode> arguments = aggregate.arguments().stream().map(this::argument).toList();
      List<DataType> held = arguments.stream().map(a -> Tables.held(a.getType())).toList();
      if (function.type(held) == null || (function == MatchAggregate.COUNT && held.size() > 1)) {
        throw FluxCoreException.user(
            "FLX-QUERY-0006",
            aggregate.arguments().isEmpty()
                ? clause.place()
                : aggregate.arguments().get(0).placeOf(0),
            "Cannot apply '" + aggregate.function() + "' to arguments of the types " + held,
            "see docs/sql.md for the aggregates of row patterns");
      }
      return new Typed(
          new RowMatch.Aggregate(function, arguments, aggregate.variables(), aggregate.isFinal()),
          type(function, arguments));
    }

    private RelDataType type(MatchAggregate function, List<RexNode> arguments) {
      return switch (function.ofAll()) {
        case COUNT -> types.createSqlType(SqlTypeName.BIGINT);
        case SUM -> types.getTypeSystem().deriveSumType(types, arguments.get(0).getType());
        case AVG -> types.getTypeSystem().deriveAvgAggType(types, arguments.get(0).getType());
        case COLLECT -> types.createArrayType(nullable(arguments.get(0).getType()), -1);
        default -> arguments.get(0).getType();
      };
    }

    private RexNode argument(SqlText text) {
      RelDataType type =
          types
              .builder()
              .addAll(row.getFieldList())
              .add(classifier, nullable(StreamTypes.text(types)))
              .add(matchNumber, types.createSqlType(SqlTypeName.BIGINT))
              .build();
      return value("", text, "", type);
    }

    /** An expression over the fields of a type. */
    private RexNode value(String before, SqlText text, String after, RelDataType type) {
      String select = "SELECT " + before;
      SqlText query =
          new SqlText(
              select + text.text() + after + " FROM `" + ROWS + "`",
              text.line(),
              text.column() - select.length());
      RelNode rel = planner.convert(query, Map.of(ROWS, new TypedTable(type))).rel;
      if (!(rel instanceof Project project) || project.getProjects().size() != 1) {
        throw FluxCoreException.user(
            "FLX-QUERY-0050",
            text.placeOf(0),
            "'" + text + "' is not one value",
            "write one expression");
      }
      RexNode value =
          new ConstantSubqueries(planner.rexBuilder(), text).replaced(project.getProjects().get(0));
      return SqlTypeUtil.isNull(value.getType())
          ? planner.rexBuilder().makeNullLiteral(types.createSqlType(SqlTypeName.BOOLEAN))
          : value;
    }
  }
}
