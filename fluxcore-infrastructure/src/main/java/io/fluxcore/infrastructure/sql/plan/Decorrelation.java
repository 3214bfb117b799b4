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
import org.apache.calcite.sql2rel.RelDecorrelator;
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
