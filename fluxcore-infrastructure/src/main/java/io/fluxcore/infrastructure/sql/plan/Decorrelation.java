package io.fluxcore.infrastructure.sql.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.TopDownGeneralDecorrelator;
import org.apache.calcite.tools.RelBuilder;

/**
 * Makes joins of subqueries that depend on rows around them. Calcite would make ASOF joins plain
 * ones by that, so that it sees leaves in their place; their sides are decorrelated by themselves.
 */
final class Decorrelation {
  /** What Calcite says where a column may be null before, and is a constant null after. */
  private static final String OTHER_TYPE =
      "Decorrelation produced a relation with a different type";

  private final RelOptCluster cluster;

  Decorrelation(RelOptCluster cluster) {
    this.cluster = cluster;
  }

  RelNode of(RelNode rel) {
    if (isInOuterJoin(rel)) {
      return withNulls(rel);
    }
    try {
      RelNode decorrelated =
          RelDecorrelator.decorrelateQuery(
              new NestedCorrelation(cluster.getRexBuilder()).flattened(hidden(rel)),
              RelBuilder.proto(Contexts.empty()).create(cluster, null));
      return shown(decorrelated);
    } catch (AssertionError e) {
      if (!String.valueOf(e.getMessage()).startsWith(OTHER_TYPE)) {
        throw e;
      }
      throw Unsupported.of(
          "a subquery uses columns of the query around it, whose columns are known to be null",
          "write the subquery as a join");
    }
  }

  /**
   * The same by the general way, in which an outer column may be null and its row still be there:
   * all different values of the columns are joined, and compared so that nulls are equal.
   */
  private RelNode withNulls(RelNode rel) {
    requireOnlySubqueries(rel);
    RelNode decorrelated =
        TopDownGeneralDecorrelator.decorrelateQuery(
            hidden(rel), RelBuilder.proto(Contexts.empty()).create(cluster, null));
    requireOnlySubqueries(decorrelated);
    return shown(decorrelated);
  }

  /** What is made of each row is no subquery, and must stay as it is. */
  private static void requireOnlySubqueries(RelNode rel) {
    boolean isOfRow =
        rel instanceof Snapshot || rel instanceof Uncollect || rel instanceof TableFunctionScan;
    if (isOfRow) {
      throw Unsupported.of(
          "a subquery uses a column of the query around it in the ON of an outer join, beside"
              + " versions of tables, window functions or UNNEST",
          "compare it in WHERE of the subquery, or write the subquery as a join");
    }
    rel.getInputs().forEach(Decorrelation::requireOnlySubqueries);
  }

  /**
   * Whether the condition of an outer join uses an outer column, which may be null and its row
   * still be there: joins that compare it with a value would lose the row.
   */
  private static boolean isInOuterJoin(RelNode rel) {
    return (rel instanceof Join join
            && join.getJoinType().isOuterJoin()
            && RexUtil.containsCorrelation(join.getCondition()))
        || rel.getInputs().stream().anyMatch(Decorrelation::isInOuterJoin);
  }

  private RelNode hidden(RelNode rel) {
    if (rel instanceof AsofJoin join) {
      requireNoOuterColumns(join);
      return new Leaf(
          join.copy(join.getTraitSet(), List.of(of(join.getLeft()), of(join.getRight()))));
    }
    return withInputs(rel, this::hidden);
  }

  private static RelNode shown(RelNode rel) {
    return rel instanceof Leaf leaf ? leaf.join : withInputs(rel, Decorrelation::shown);
  }

  private static RelNode withInputs(RelNode rel, UnaryOperator<RelNode> change) {
    List<RelNode> inputs = rel.getInputs().stream().map(change).toList();
    return inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
  }

  private static void requireNoOuterColumns(AsofJoin join) {
    Set<CorrelationId> outer = new HashSet<>(RelOptUtil.getVariablesUsed(join));
    outer.removeAll(RelOptUtil.getVariablesSet(join));
    if (!outer.isEmpty()) {
      throw Unsupported.of(
          "a side of an ASOF JOIN uses a column of the query around it",
          "compare it in WHERE behind the ASOF JOIN");
    }
  }

  /** Stands for an ASOF join. */
  private static final class Leaf extends AbstractRelNode {
    private final RelNode join;

    Leaf(RelNode join) {
      super(join.getCluster(), join.getTraitSet());
      this.join = join;
      this.rowType = join.getRowType();
    }

    /** Equal ones are one: they are told apart by what they stand for. */
    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("join", RelOptUtil.toString(join));
    }
  }
}
