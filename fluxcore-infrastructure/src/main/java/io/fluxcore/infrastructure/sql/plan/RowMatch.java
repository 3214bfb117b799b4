package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.rowpattern.MatchAggregate;
import io.fluxcore.infrastructure.sql.statement.RowPatternClause;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/** The matches of a row pattern: {@code MATCH_RECOGNIZE} as a relational operator. Immutable. */
final class RowMatch extends SingleRel {
  private final Pattern pattern;
  private final RelDataType type;

  RowMatch(RelOptCluster cluster, RelNode input, Pattern pattern, RelDataType type) {
    super(cluster, cluster.traitSet(), input);
    this.pattern = pattern;
    this.type = type;
  }

  /** A term of an expression; arguments are over the columns of a row and two more. */
  sealed interface Term {}

  /** A value of one row. */
  record Navigation(
      RexNode argument, Set<String> variables, boolean last, int offset, int rows, boolean isFinal)
      implements Term {}

  /** A value of many rows. */
  record Aggregate(
      MatchAggregate function, List<RexNode> arguments, Set<String> variables, boolean isFinal)
      implements Term {}

  /** The number of the match. */
  record MatchNumber() implements Term {}

  /**
   * An expression.
   *
   * @param value over the columns of the row that is looked at, and one for each term
   */
  record Expression(RexNode value, List<Term> terms) {
    Expression {
      terms = List.copyOf(terms);
    }
  }

  /** Of what kind a column of the result is. */
  enum Kind {
    /** A column of the input. */
    PASSED,
    MEASURE,
    /** A measure that is the time of the match. */
    EVENT_TIME,
    /** A measure that is the time at which the match is processed. */
    PROCESSING_TIME
  }

  /**
   * A column of the result.
   *
   * @param ordinal of the column that is passed on, or of the measure
   */
  record Column(Kind kind, int ordinal) {}

  /** An order. */
  record Order(int ordinal, boolean descending) {}

  /**
   * What is looked for.
   *
   * @param clause as it was written
   * @param withinMillis 0: any time
   * @param columns of the result
   */
  record Pattern(
      RowPatternClause clause,
      List<Integer> partitionBy,
      List<Order> orderBy,
      Map<String, Expression> definitions,
      List<Expression> measures,
      long withinMillis,
      List<Column> columns) {
    Pattern {
      partitionBy = List.copyOf(partitionBy);
      orderBy = List.copyOf(orderBy);
      definitions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(definitions));
      measures = List.copyOf(measures);
      columns = List.copyOf(columns);
    }
  }

  Pattern pattern() {
    return pattern;
  }

  @Override
  protected RelDataType deriveRowType() {
    return type;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new RowMatch(getCluster(), inputs.get(0), pattern, type);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("pattern", pattern).item("type", type);
  }
}
