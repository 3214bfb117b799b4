package io.fluxcore.infrastructure.sql.plan;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.rules.CoreRules;

/**
 * What is the same for every host of a query: subqueries become joins, filters sink, projections
 * merge.
 */
final class QueryRewriting {
  /*
   * A filter of right rows before an ASOF join is another one than behind it, and the condition of
   * one is taken as it is written: the rules of joins are not for them.
   */
  private static final RelOptRule FILTER_INTO_JOIN =
      CoreRules.FILTER_INTO_JOIN
          .config
          .withOperandSupplier(
              filter -> filter.operand(Filter.class).oneInput(QueryRewriting::ofAnyRows))
          .toRule();

  private static final RelOptRule JOIN_CONDITION_PUSH =
      CoreRules.JOIN_CONDITION_PUSH.config.withOperandSupplier(QueryRewriting::ofAnyRows).toRule();

  private static final RelOptRule JOIN_PUSH_EXPRESSIONS =
      CoreRules.JOIN_PUSH_EXPRESSIONS
          .config
          .withOperandSupplier(QueryRewriting::ofAnyRows)
          .toRule();

  private final RelOptCluster cluster;

  QueryRewriting(RelOptCluster cluster) {
    this.cluster = cluster;
  }

  RelNode of(RelNode rel) {
    RelNode joined =
        run(
            rel,
            CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
            CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
            CoreRules.JOIN_SUB_QUERY_TO_CORRELATE);
    if (isCorrelated(joined)) { // constants among the keys of groups would come into disorder
      joined =
          new ConstantKeys(cluster).of(run(joined, CoreRules.AGGREGATE_PROJECT_PULL_UP_CONSTANTS));
    }
    RelNode plain = sunk(distinct(new Decorrelation(cluster).of(joined)));
    RelNode keyed = new NullSafeKeys(cluster.getRexBuilder()).of(plain);
    RelNode ofRows = new SingleRowWindows(cluster.getRexBuilder()).of(keyed);
    return ofRows == plain ? plain : sunk(ofRows);
  }

  private static RelNode sunk(RelNode rel) {
    return run(
        rel,
        CoreRules.FILTER_MERGE,
        FILTER_INTO_JOIN,
        JOIN_CONDITION_PUSH,
        JOIN_PUSH_EXPRESSIONS,
        CoreRules.PROJECT_MERGE,
        CoreRules.UNION_MERGE,
        CoreRules.UNION_TO_DISTINCT,
        CoreRules.PROJECT_VALUES_MERGE,
        CoreRules.UNION_TO_VALUES,
        CoreRules.PROJECT_REMOVE,
        CoreRules.SORT_REMOVE_CONSTANT_KEYS);
  }

  private static boolean isCorrelated(RelNode rel) {
    return rel instanceof Correlate
        || rel.getInputs().stream().anyMatch(QueryRewriting::isCorrelated);
  }

  /** Sums and averages of distinct values are those of rows that have been made distinct. */
  private static RelNode distinct(RelNode rel) {
    return needsDistinctRows(rel)
        ? run(rel, CoreRules.AGGREGATE_EXPAND_DISTINCT_AGGREGATES_TO_JOIN)
        : rel;
  }

  private static boolean needsDistinctRows(RelNode rel) {
    return (rel instanceof Aggregate aggregate && Aggregates.needsDistinctRows(aggregate))
        || rel.getInputs().stream().anyMatch(QueryRewriting::needsDistinctRows);
  }

  /** A join that is of all rows that match. */
  private static RelRule.Done ofAnyRows(RelRule.OperandBuilder join) {
    return join.operand(Join.class).predicate(rel -> !(rel instanceof AsofJoin)).anyInputs();
  }

  private static RelNode run(RelNode rel, RelOptRule... rules) {
    HepProgramBuilder program = new HepProgramBuilder();
    program.addRuleCollection(List.of(rules));
    HepPlanner planner = new HepPlanner(program.build());
    planner.setRoot(rel);
    return planner.findBestExp();
  }
}
