package io.fluxcore.infrastructure.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Groups by constants alone become a group of all rows that is there when it has rows. Calcite's
 * decorrelation leaves constant keys away, after which a group without rows would have a row.
 */
final class ConstantKeys {
  private final RelOptCluster cluster;

  ConstantKeys(RelOptCluster cluster) {
    this.cluster = cluster;
  }

  /** The same rows; the same object where nothing is grouped so. */
  RelNode of(RelNode rel) {
    List<RelNode> inputs = rel.getInputs().stream().map(this::of).toList();
    RelNode same = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return same instanceof Aggregate aggregate && isByConstants(aggregate)
        ? ofAllRows(aggregate)
        : same;
  }

  private static boolean isByConstants(Aggregate aggregate) {
    return aggregate.getGroupType() == Aggregate.Group.SIMPLE
        && !aggregate.getGroupSet().isEmpty()
        && aggregate.getGroupSet().asList().stream()
            .allMatch(key -> constant(aggregate.getInput(), key) != null);
  }

  /** What a column is in every row, as far as projections say it; null if it differs. */
  private static @Nullable RexLiteral constant(RelNode rel, int column) {
    if (rel instanceof Filter filter) {
      return constant(filter.getInput(), column);
    }
    if (!(rel instanceof Project project)) {
      return null;
    }
    RexNode expression = project.getProjects().get(column);
    if (expression instanceof RexInputRef input) {
      return constant(project.getInput(), input.getIndex());
    }
    return expression instanceof RexLiteral literal ? literal : null;
  }

  private RelNode ofAllRows(Aggregate aggregate) {
    RelNode rows = aggregate.getInput();
    int keys = aggregate.getGroupCount();
    List<AggregateCall> calls = new ArrayList<>();
    for (AggregateCall call : aggregate.getAggCallList()) {
      calls.add(call.adaptTo(rows, call.getArgList(), call.filterArg, false, true));
    }
    calls.add(count(rows));
    RelBuilder builder = RelBuilder.proto(Contexts.empty()).create(cluster, null);
    builder.push(aggregate.copy(aggregate.getTraitSet(), rows, ImmutableBitSet.of(), null, calls));
    builder.filter(
        builder.call(
            SqlStdOperatorTable.GREATER_THAN, builder.field(calls.size() - 1), builder.literal(0)));
    List<RexNode> columns = new ArrayList<>();
    for (int key : aggregate.getGroupSet()) {
      columns.add(Objects.requireNonNull(constant(rows, key)));
    }
    for (int i = 0; i < calls.size() - 1; i++) {
      RelDataType type = aggregate.getRowType().getFieldList().get(keys + i).getType();
      columns.add(cluster.getRexBuilder().ensureType(type, builder.field(i), true));
    }
    return builder.project(columns, aggregate.getRowType().getFieldNames(), true).build();
  }

  private static AggregateCall count(RelNode rows) {
    boolean isOfAllRows = true;
    return AggregateCall.create(
        SqlStdOperatorTable.COUNT,
        false,
        false,
        false,
        List.of(),
        List.of(),
        -1,
        null,
        RelCollations.EMPTY,
        isOfAllRows,
        rows,
        null,
        null);
  }
}
