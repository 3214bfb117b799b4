package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;

/**
 * Joins with a table as it was at a time: {@code JOIN t FOR SYSTEM_TIME AS OF s.time}. By the time
 * of events it is the version that was valid then; by the clock, what the table holds now.
 */
final class VersionedJoins {
  private final Draft draft;
  private final RexBuilder builder;
  private final Function<RelNode, Relation> relations;

  VersionedJoins(Draft draft, RexBuilder builder, Function<RelNode, Relation> relations) {
    this.draft = draft;
    this.builder = builder;
    this.relations = relations;
  }

  Relation translate(Correlate correlate) {
    List<RexNode> conditions = new ArrayList<>();
    RelNode right = correlate.getRight();
    while (right instanceof Filter filter) {
      conditions.add(filter.getCondition());
      right = filter.getInput();
    }
    if (!(right instanceof Snapshot snapshot)
        || !(snapshot.getPeriod() instanceof RexFieldAccess period)) {
      throw Unsupported.of(
          "a subquery that depends on each row of another table cannot be run on streams",
          "write it as a join; with the version of a table it is JOIN t FOR SYSTEM_TIME AS OF"
              + " s.time ON …");
    }
    Relation left = relations.apply(correlate.getLeft());
    int time = period.getField().getIndex();
    Role role = left.column(time).role();
    if (role != Role.EVENT_TIME && role != Role.PROCESSING_TIME) {
      throw Unsupported.of(
          "FOR SYSTEM_TIME AS OF takes the time of events or a processing time",
          "declare WATERMARK FOR the column in CREATE TABLE, or use a column AS PROCTIME()");
    }
    return joined(
        correlate.getJoinType(),
        RexUtil.composeConjunction(builder, conditions),
        left,
        relations.apply(snapshot.getInput()),
        role == Role.EVENT_TIME ? JoinConfig.temporal() : JoinConfig.table());
  }

  private Relation joined(
      JoinRelType type,
      RexNode condition,
      Relation leftRows,
      Relation rightRows,
      JoinConfig.JoinBuilder config) {
    int size = leftRows.columns().size();
    List<RexNode> terms =
        new ArrayList<>(
            TopologyTranslation.terms(
                asPair(RexUtil.expandSearch(builder, null, condition), size)));
    Map<Integer, Integer> keys = new LinkedHashMap<>();
    terms.removeIf(
        term -> {
          int[] pair = Joins.equality(term, size);
          if (pair != null) {
            keys.put(pair[0], pair[1]);
          }
          return pair != null;
        });
    if (keys.isEmpty()) {
      throw Unsupported.of(
          "the join with a version of a table has no equality of columns",
          "join on the table's primary key");
    }
    Relation left = draft.withOnlyFields(leftRows);
    Relation right = draft.withOnlyFields(rightRows);
    config
        .withType(type == JoinRelType.LEFT ? JoinType.LEFT : JoinType.INNER)
        .withLeftPrefix(Joins.LEFT)
        .withRightPrefix(Joins.RIGHT);
    keys.forEach(
        (l, r) ->
            config.withOn(left.fieldNames(List.of(l)).get(0), right.fieldNames(List.of(r)).get(0)));
    List<Column> pairs = new ArrayList<>();
    for (Column column : left.columns()) {
      pairs.add(prefixed(column, Joins.LEFT, column.role()));
    }
    for (Column column : right.columns()) {
      pairs.add(prefixed(column, Joins.RIGHT, Role.VALUE));
    }
    if (!terms.isEmpty()) {
      config.withCondition(
          new RexText(pairs, builder).text(RexUtil.composeConjunction(builder, terms)));
    }
    return new Relation(draft.join(config.build(), left.output(), right.output()), pairs, null);
  }

  private static Column prefixed(Column column, String prefix, Role role) {
    return column.isVirtual()
        ? column
        : Column.field(prefix + column.fieldName(), column.type(), role);
  }

  /** With columns of the left side in place of the variable, and those of the right behind them. */
  private RexNode asPair(RexNode condition, int size) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return builder.makeInputRef(ref.getType(), ref.getIndex() + size);
          }

          @Override
          public RexNode visitFieldAccess(RexFieldAccess access) {
            return access.getReferenceExpr() instanceof RexCorrelVariable
                ? builder.makeInputRef(access.getType(), access.getField().getIndex())
                : super.visitFieldAccess(access);
          }
        });
  }
}
