package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowExclusion;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * Aggregates over windows that are divided by the primary key of a table: there is one row in each,
 * whose own values they are, and nothing needs to be kept.
 */
final class SingleRowWindows {
  private static final Set<SqlKind> KINDS =
      Set.of(SqlKind.SUM, SqlKind.SUM0, SqlKind.COUNT, SqlKind.MIN, SqlKind.MAX, SqlKind.AVG);

  private final RexBuilder builder;

  SingleRowWindows(RexBuilder builder) {
    this.builder = builder;
  }

  /** The same rows; the same object where no window is of one row. */
  RelNode of(RelNode rel) {
    List<RelNode> inputs = rel.getInputs().stream().map(this::of).toList();
    RelNode same = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return same instanceof Project project && project.containsOver()
        ? project.accept(new Values(project.getInput()))
        : same;
  }

  private final class Values extends RexShuttle {
    private final RelNode input;

    Values(RelNode input) {
      this.input = input;
    }

    @Override
    public RexNode visitOver(RexOver over) {
      return KINDS.contains(over.getAggOperator().getKind())
              && isOfOwnRow(over.getWindow())
              && isOneRow(over.getWindow())
          ? ofRow(over)
          : super.visitOver(over);
    }

    private boolean isOneRow(RexWindow window) {
      Set<Integer> columns = new HashSet<>();
      for (RexNode key : window.partitionKeys) {
        if (key instanceof RexInputRef ref) {
          columns.add(ref.getIndex());
        }
      }
      return haveKey(input, columns);
    }
  }

  /** Whether each frame has the row itself in it. */
  private static boolean isOfOwnRow(RexWindow window) {
    return !window.getLowerBound().isFollowing()
        && !window.getUpperBound().isPreceding()
        && window.getExclude() == RexWindowExclusion.EXCLUDE_NO_OTHER;
  }

  /** Whether columns hold the primary key of the one table that rows are from. */
  private static boolean haveKey(RelNode rel, Set<Integer> columns) {
    if (rel instanceof Filter filter) {
      return haveKey(filter.getInput(), columns);
    }
    if (rel instanceof Project project) {
      Set<Integer> below = new HashSet<>();
      for (int column : columns) {
        if (project.getProjects().get(column) instanceof RexInputRef ref) {
          below.add(ref.getIndex());
        }
      }
      return haveKey(project.getInput(), below);
    }
    QueryPlanner.BaseTable table =
        rel instanceof TableScan scan ? scan.getTable().unwrap(QueryPlanner.BaseTable.class) : null;
    return table != null && haveKey(table.table(), columns);
  }

  private static boolean haveKey(CatalogueTable table, Set<Integer> columns) {
    List<String> names = table.columns().stream().map(CatalogueTable.Column::name).toList();
    return !table.primaryKey().isEmpty()
        && table.primaryKey().stream().map(names::indexOf).allMatch(columns::contains);
  }

  private RexNode ofRow(RexOver over) {
    RexNode value = over.getOperands().isEmpty() ? null : over.getOperands().get(0);
    if (value == null) {
      return builder.makeExactLiteral(BigDecimal.ONE, over.getType());
    }
    RexNode zero = builder.makeZeroLiteral(over.getType());
    RexNode isNull = builder.makeCall(SqlStdOperatorTable.IS_NULL, value);
    return switch (over.getAggOperator().getKind()) {
      case COUNT ->
          builder.makeCall(
              SqlStdOperatorTable.CASE,
              isNull,
              zero,
              builder.makeExactLiteral(BigDecimal.ONE, over.getType()));
      case SUM0 ->
          builder.makeCall(
              SqlStdOperatorTable.CASE, isNull, zero, builder.makeCast(over.getType(), value));
      default -> builder.makeCast(over.getType(), value);
    };
  }
}
