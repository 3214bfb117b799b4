package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Joins with the one row of an aggregate of all rows, which subqueries become. In SQL the row is
 * there before any other, and counts are zero; a stream has it with the first row only, so that
 * what it would be without rows stands in its place until then.
 */
final class SingleRows {
  private final Draft draft;
  private final RexBuilder builder;

  SingleRows(Draft draft, RexBuilder builder) {
    this.draft = draft;
    this.builder = builder;
  }

  /** Whether the right side of a join is one row that says something before there are others. */
  boolean isOne(Join join) {
    boolean keepsLeft =
        join.getJoinType() == JoinRelType.INNER
            || (join.getJoinType() == JoinRelType.LEFT && join.getCondition().isAlwaysTrue());
    List<Column> empty = keepsLeft ? ofNothing(join.getRight()) : null;
    return empty != null
        && empty.stream().anyMatch(column -> !column.expression().startsWith("cast(null as "));
  }

  Relation translate(Join join, Relation leftRows, Relation rightRows) {
    List<Column> empty = ofNothing(join.getRight());
    if (empty == null) {
      throw new IllegalStateException("asked before: " + join);
    }
    Relation left = draft.withConstant(WindowCalls.assigned(leftRows, draft));
    Relation right = draft.withConstant(rightRows);
    int leftSize = left.columns().size() - 1;
    int rightSize = right.columns().size() - 1;
    String mark = right.fieldNames(List.of(rightSize)).get(0);
    JoinConfig config =
        JoinConfig.unbounded()
            .withType(JoinType.LEFT)
            .withLeftPrefix(Joins.LEFT)
            .withRightPrefix(Joins.RIGHT)
            .withOn(left.fieldNames(List.of(leftSize)).get(0), mark)
            .build();
    List<Column> pairs = new ArrayList<>();
    for (Column column : left.columns().subList(0, leftSize)) {
      pairs.add(
          column.isVirtual()
              ? column
              : Column.field(Joins.LEFT + column.fieldName(), column.type()));
    }
    String isThere = Column.field(Joins.RIGHT + mark, DataType.LONG).expression() + " is not null";
    for (int i = 0; i < rightSize; i++) {
      Column column = right.column(i);
      String field = Column.field(Joins.RIGHT + column.fieldName(), column.type()).expression();
      String before = empty.get(i).expression();
      pairs.add(
          new Column(
              "case when " + isThere + " then " + field + " else " + before + " end",
              column.type(),
              Role.VALUE));
    }
    Relation result = new Relation(draft.join(config, left.output(), right.output()), pairs, null);
    return join.getCondition().isAlwaysTrue()
        ? result
        : draft.filter(result, new RexText(pairs, builder).text(join.getCondition()));
  }

  /** The only row of a relation as it is when nothing has come; null if it is none of one row. */
  private @Nullable List<Column> ofNothing(RelNode rel) {
    List<Column> columns = new ArrayList<>();
    if (rel instanceof Aggregate aggregate
        && aggregate.getGroupType() == Aggregate.Group.SIMPLE
        && aggregate.getGroupSet().isEmpty()) {
      aggregate
          .getAggCallList()
          .forEach(
              call -> {
                DataType type = Tables.held(call.getType());
                SqlKind kind = call.getAggregation().getKind();
                boolean isCount = kind == SqlKind.COUNT || kind == SqlKind.SUM0;
                String value = isCount ? "cast(0 as " + type + ")" : "cast(null as " + type + ")";
                columns.add(new Column(value, type, Role.VALUE));
              });
      return columns;
    }
    if (rel instanceof Project project && !project.containsOver()) {
      List<Column> inner = ofNothing(project.getInput());
      if (inner == null) {
        return null;
      }
      RexText texts = new RexText(inner, builder);
      for (RexNode expression : project.getProjects()) {
        DataType type = Tables.held(expression.getType());
        String value = divides(expression) ? "cast(null as " + type + ")" : texts.text(expression);
        columns.add(new Column(value, type, Role.VALUE));
      }
      return columns;
    }
    return null;
  }

  /** By a count, say, which is zero then: a stream has no result yet where SQL has an error. */
  private static boolean divides(RexNode expression) {
    return expression instanceof RexCall call
        && (call.getKind() == SqlKind.DIVIDE
            || call.getKind() == SqlKind.MOD
            || call.getOperands().stream().anyMatch(SingleRows::divides));
  }
}
