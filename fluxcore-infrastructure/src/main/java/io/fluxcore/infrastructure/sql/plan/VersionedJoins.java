package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;

/**
 * Joins with a table as it was at a time: {@code JOIN t FOR SYSTEM_TIME AS OF s.time}. By the time
 * of events it is the version that was valid then; by the clock, what the table holds now, which is
 * asked for where its connector can be asked. A table that is joined by its primary key has one row
 * of each; otherwise a row finds all that match.
 */
final class VersionedJoins {
  private final Draft draft;
  private final RexBuilder builder;
  private final Function<RelNode, Relation> relations;
  private final Lookups lookups;

  VersionedJoins(
      Draft draft, RexBuilder builder, Function<RelNode, Relation> relations, Lookups lookups) {
    this.draft = draft;
    this.builder = builder;
    this.relations = relations;
    this.lookups = lookups;
  }

  /** Whether a join is with a table as it is now, whatever the row is. */
  static boolean isOne(Join join) {
    return inner(join.getRight()) instanceof Snapshot;
  }

  private static RelNode inner(RelNode right) {
    return right instanceof Filter filter ? inner(filter.getInput()) : right;
  }

  /** A join whose snapshot is that of {@code PROCTIME()}. */
  Relation translate(Join join) {
    Snapshot snapshot = (Snapshot) inner(join.getRight());
    if (!(snapshot.getPeriod() instanceof RexCall call)
        || !call.getOperator().equals(StreamOperators.PROCTIME)) {
      throw Unsupported.of(
          "FOR SYSTEM_TIME AS OF '" + snapshot.getPeriod() + "' is the same for all rows",
          "name a column of the other table, or write PROCTIME()");
    }
    Relation left = relations.apply(join.getLeft());
    int size = left.columns().size();
    List<RexNode> conditions = new ArrayList<>(List.of(join.getCondition()));
    filters(join.getRight()).forEach(filter -> conditions.add(RexUtil.shift(filter, size)));
    return joined(join.getJoinType(), conditions, left, snapshot, Role.PROCESSING_TIME);
  }

  /** A join whose snapshot is that of a column of the left side. */
  Relation translate(Correlate correlate) {
    if (!(inner(correlate.getRight()) instanceof Snapshot snapshot)
        || !(snapshot.getPeriod() instanceof RexFieldAccess period)) {
      throw Unsupported.of(
          "a subquery that depends on each row of another table cannot be run on streams",
          "write it as a join; with the version of a table it is JOIN t FOR SYSTEM_TIME AS OF"
              + " s.time ON …");
    }
    Relation left = WindowCalls.assigned(relations.apply(correlate.getLeft()), draft);
    Role role = left.column(period.getField().getIndex()).role();
    if (role != Role.EVENT_TIME && role != Role.PROCESSING_TIME) {
      throw Unsupported.of(
          "FOR SYSTEM_TIME AS OF takes the time of events or a processing time",
          "declare WATERMARK FOR the column in CREATE TABLE, or use a column AS PROCTIME()");
    }
    List<RexNode> conditions =
        filters(correlate.getRight()).stream()
            .map(filter -> asPair(filter, left.columns().size()))
            .toList();
    return joined(correlate.getJoinType(), conditions, left, snapshot, role);
  }

  private static List<RexNode> filters(RelNode right) {
    List<RexNode> conditions = new ArrayList<>();
    for (RelNode node = right; node instanceof Filter filter; node = filter.getInput()) {
      conditions.add(filter.getCondition());
    }
    return conditions;
  }

  private Relation joined(
      JoinRelType type, List<RexNode> conditions, Relation left, Snapshot snapshot, Role role) {
    RexNode condition =
        RexUtil.expandSearch(builder, null, RexUtil.composeConjunction(builder, conditions));
    List<RexNode> terms = new ArrayList<>(TopologyTranslation.terms(condition));
    if (role == Role.PROCESSING_TIME
        && snapshot.getInput() instanceof TableScan scan
        && lookups.isOne(scan)) {
      return lookups.translate(type, terms, left, scan);
    }
    Map<Integer, Integer> keys = Joins.takeEqualities(terms, left.columns().size());
    JoinConfig.JoinBuilder config =
        role == Role.EVENT_TIME
            ? JoinConfig.temporal()
            : isKey(snapshot.getInput(), keys.values())
                ? JoinConfig.table()
                : JoinConfig.table().withAllRows();
    return joined(type, keys, terms, left, relations.apply(snapshot.getInput()), config);
  }

  /** Whether these are the columns of the primary key that a table is declared with. */
  private static boolean isKey(RelNode table, Collection<Integer> columns) {
    if (!(table instanceof TableScan scan)) {
      return false;
    }
    List<String> fields = scan.getRowType().getFieldNames();
    List<String> key =
        scan.getTable().unwrapOrThrow(QueryPlanner.BaseTable.class).table().primaryKey();
    return !key.isEmpty()
        && Set.copyOf(key).equals(columns.stream().map(fields::get).collect(Collectors.toSet()));
  }

  private Relation joined(
      JoinRelType type,
      Map<Integer, Integer> equal,
      List<RexNode> terms,
      Relation leftRows,
      Relation rightRows,
      JoinConfig.JoinBuilder config) {
    Map<Integer, Integer> keys = new LinkedHashMap<>(equal);
    Relation left = leftRows;
    Relation right = rightRows;
    if (keys.isEmpty()) {
      left = draft.withConstant(left);
      right = draft.withConstant(right);
      keys.put(left.columns().size() - 1, right.columns().size() - 1);
    }
    left = draft.withOnlyFields(left);
    right = draft.withOnlyFields(right);
    config
        .withType(type == JoinRelType.LEFT ? JoinType.LEFT : JoinType.INNER)
        .withLeftPrefix(Joins.LEFT)
        .withRightPrefix(Joins.RIGHT);
    for (Map.Entry<Integer, Integer> key : keys.entrySet()) {
      config.withOn(
          left.fieldNames(List.of(key.getKey())).get(0),
          right.fieldNames(List.of(key.getValue())).get(0));
    }
    List<Column> pairs = new ArrayList<>();
    for (Column column : left.columns().subList(0, leftRows.columns().size())) {
      pairs.add(column.prefixed(Joins.LEFT, column.role()));
    }
    for (Column column : right.columns().subList(0, rightRows.columns().size())) {
      pairs.add(column.prefixed(Joins.RIGHT, Role.VALUE));
    }
    if (!terms.isEmpty()) {
      config.withCondition(
          new RexText(pairs, builder).text(RexUtil.composeConjunction(builder, terms)));
    }
    return new Relation(draft.join(config.build(), left.output(), right.output()), pairs, null);
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
