package io.fluxcore.infrastructure.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Makes keys of what a join compares with {@code IS NOT DISTINCT FROM}, also written as {@code a =
 * b OR a IS NULL AND b IS NULL}. A null equals nothing in the keys of joins; so the key is whether
 * there is a value, and the value, or zero in its place.
 */
final class NullSafeKeys {
  private static final Set<SqlTypeFamily> WITH_ZERO =
      Set.of(
          SqlTypeFamily.NUMERIC,
          SqlTypeFamily.CHARACTER,
          SqlTypeFamily.BOOLEAN,
          SqlTypeFamily.DATE,
          SqlTypeFamily.TIME,
          SqlTypeFamily.TIMESTAMP);

  private final RexBuilder builder;

  NullSafeKeys(RexBuilder builder) {
    this.builder = builder;
  }

  /** The same rows; the same object where no join compares so. */
  RelNode of(RelNode rel) {
    List<RelNode> inputs = rel.getInputs().stream().map(this::of).toList();
    RelNode same = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    boolean isPlain = !(same instanceof AsofJoin);
    return same instanceof Join join && isPlain && !VersionedJoins.isOne(join) ? keyed(join) : same;
  }

  private RelNode keyed(Join join) {
    int size = join.getLeft().getRowType().getFieldCount();
    List<RexNode> terms = new ArrayList<>();
    boolean isChanged = false;
    for (RexNode term : RelOptUtil.conjunctions(join.getCondition())) {
      RexNode collapsed =
          term instanceof RexCall call
              ? RelOptUtil.collapseExpandedIsNotDistinctFromExpr(call, builder)
              : term;
      if (isOfBothSides(collapsed, size)) {
        RexCall call = (RexCall) collapsed;
        terms.addAll(equal(call.getOperands().get(0), call.getOperands().get(1)));
        isChanged = true;
      } else {
        terms.add(term);
      }
    }
    return isChanged
        ? join.copy(
            join.getTraitSet(),
            RexUtil.composeConjunction(builder, terms),
            join.getLeft(),
            join.getRight(),
            join.getJoinType(),
            join.isSemiJoinDone())
        : join;
  }

  private static boolean isOfBothSides(RexNode term, int size) {
    if (term.getKind() != SqlKind.IS_NOT_DISTINCT_FROM) {
      return false;
    }
    List<RexNode> operands = ((RexCall) term).getOperands();
    ImmutableBitSet first = RelOptUtil.InputFinder.bits(operands.get(0));
    ImmutableBitSet second = RelOptUtil.InputFinder.bits(operands.get(1));
    ImmutableBitSet left = ImmutableBitSet.range(size);
    boolean areSides =
        !first.isEmpty()
            && !second.isEmpty()
            && (left.contains(first)
                ? !left.intersects(second)
                : !left.intersects(first) && left.contains(second));
    return areSides && hasZero(operands.get(0)) && hasZero(operands.get(1));
  }

  private static boolean hasZero(RexNode value) {
    SqlTypeFamily family = value.getType().getSqlTypeName().getFamily();
    return family != null && WITH_ZERO.contains(family);
  }

  private List<RexNode> equal(RexNode a, RexNode b) {
    if (!a.getType().isNullable() || !b.getType().isNullable()) {
      return List.of(builder.makeCall(SqlStdOperatorTable.EQUALS, a, b));
    }
    return List.of(
        builder.makeCall(SqlStdOperatorTable.EQUALS, isNull(a), isNull(b)),
        builder.makeCall(SqlStdOperatorTable.EQUALS, orZero(a), orZero(b)));
  }

  private RexNode isNull(RexNode value) {
    return builder.makeCall(SqlStdOperatorTable.IS_NULL, value);
  }

  private RexNode orZero(RexNode value) {
    RelDataType type = builder.getTypeFactory().createTypeWithNullability(value.getType(), false);
    return builder.makeCall(
        type,
        SqlStdOperatorTable.CASE,
        List.of(isNull(value), builder.makeZeroLiteral(type), value));
  }
}
