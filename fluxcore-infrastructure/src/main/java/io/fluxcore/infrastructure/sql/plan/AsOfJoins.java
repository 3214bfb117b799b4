package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.join.AsOfMatch;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * {@code ASOF JOIN t MATCH_CONDITION l.time >= t.time ON l.key = t.key}: each row of the left side
 * with the closest one of the right side, as a changelog.
 */
final class AsOfJoins {
  private final Draft draft;
  private final RexBuilder builder;

  AsOfJoins(Draft draft, RexBuilder builder) {
    this.draft = draft;
    this.builder = builder;
  }

  /** A comparison of an expression over the left side with one over the right side. */
  private record Compared(RexNode left, AsOfMatch.Comparison comparison, RexNode right) {}

  Relation translate(AsofJoin join, Relation leftRows, Relation rightRows) {
    Relation left = WindowCalls.assigned(leftRows, draft);
    Relation right = WindowCalls.assigned(rightRows, draft);
    int leftSize = left.columns().size();
    int rightSize = right.columns().size();
    if (!(join.getRight() instanceof TableScan)) {
      right = draft.asFields(right); // of rows of one value those fields decide that it has
    }
    List<RexNode> leftTerms = new ArrayList<>();
    List<RexNode> rightTerms = new ArrayList<>();
    Compared match = match(join.getMatchCondition(), leftSize);
    addSame(match.left(), match.right(), leftTerms, rightTerms);
    addKeys(join.getCondition(), leftSize, leftTerms, rightTerms);
    Draft.Extended lefts = draft.extended(left, leftTerms, builder);
    Draft.Extended rights = draft.extended(right, rightTerms, builder);
    left = draft.withOnlyFields(lefts.relation());
    right = draft.withOnlyFields(rights.relation());
    List<String> leftNames = left.fieldNames(lefts.ordinals());
    List<String> rightNames = right.fieldNames(rights.ordinals());
    JoinConfig.JoinBuilder config =
        JoinConfig.asOf(new AsOfMatch(leftNames.get(0), match.comparison(), rightNames.get(0)))
            .withType(join.getJoinType() == JoinRelType.LEFT_ASOF ? JoinType.LEFT : JoinType.INNER)
            .withLeftPrefix(Joins.LEFT)
            .withRightPrefix(Joins.RIGHT);
    addOn(config, leftNames.subList(1, leftNames.size()), rightNames.subList(1, rightNames.size()));
    List<Column> pairs = new ArrayList<>();
    pairs.addAll(Joins.values(left, Joins.LEFT, leftSize));
    pairs.addAll(Joins.values(right, Joins.RIGHT, rightSize));
    return new Relation(draft.join(config.build(), left.output(), right.output()), pairs, null);
  }

  private static void addOn(
      JoinConfig.JoinBuilder config, List<String> leftNames, List<String> rightNames) {
    Set<String> named = new HashSet<>();
    for (int i = 0; i < leftNames.size(); i++) {
      if (!named.add(leftNames.get(i))) {
        throw Unsupported.of(
            "an ASOF JOIN compares one column of the left side with two of the right side",
            "compare it with one, and the two with each other in WHERE of a subquery");
      }
      config.withOn(leftNames.get(i), rightNames.get(i));
    }
  }

  private void addKeys(
      RexNode condition, int size, List<RexNode> leftTerms, List<RexNode> rightTerms) {
    for (RexNode term : TopologyTranslation.terms(RexUtil.expandSearch(builder, null, condition))) {
      if (term.getKind() != SqlKind.EQUALS) {
        throw Unsupported.of(
            "ON of an ASOF JOIN has another condition than equal columns",
            "filter the sides in subqueries, or the result in WHERE");
      }
      RexNode[] sides = sides(term, size);
      addSame(sides[0], sides[1], leftTerms, rightTerms);
    }
    if (leftTerms.size() == 1) {
      RexNode one = builder.makeExactLiteral(BigDecimal.ONE);
      leftTerms.add(one);
      rightTerms.add(one);
    }
  }

  /** Adds both as the same type, which they have or are cast to. */
  private void addSame(
      RexNode left, RexNode right, List<RexNode> leftTerms, List<RexNode> rightTerms) {
    if (Tables.held(left.getType()).equals(Tables.held(right.getType()))) {
      leftTerms.add(left);
      rightTerms.add(right);
      return;
    }
    RelDataType common =
        builder.getTypeFactory().leastRestrictive(List.of(left.getType(), right.getType()));
    if (common == null) {
      throw Unsupported.of(
          "an ASOF JOIN compares " + left.getType() + " with " + right.getType(),
          "cast one of them");
    }
    leftTerms.add(builder.makeCast(common, left));
    rightTerms.add(builder.makeCast(common, right));
  }

  private Compared match(RexNode condition, int size) {
    AsOfMatch.Comparison comparison =
        switch (condition.getKind()) {
          case GREATER_THAN_OR_EQUAL -> AsOfMatch.Comparison.AT_OR_AFTER;
          case GREATER_THAN -> AsOfMatch.Comparison.AFTER;
          case LESS_THAN_OR_EQUAL -> AsOfMatch.Comparison.AT_OR_BEFORE;
          case LESS_THAN -> AsOfMatch.Comparison.BEFORE;
          default ->
              throw Unsupported.of(
                  "MATCH_CONDITION is no comparison of both sides by >=, >, <= or <",
                  "compare one column of each side");
        };
    RexNode[] sides = sides(condition, size);
    boolean isReversed = !((RexCall) condition).getOperands().get(0).equals(sides[0]);
    return new Compared(sides[0], isReversed ? comparison.reversed() : comparison, sides[1]);
  }

  /** The operand over the left side, and the one over the right side as over its own columns. */
  private RexNode[] sides(RexNode comparison, int size) {
    List<RexNode> operands = ((RexCall) comparison).getOperands();
    RexNode first = operands.get(0);
    RexNode second = operands.get(1);
    if (isOfLeft(first, size) && isOfRight(second, size)) {
      return new RexNode[] {first, RexUtil.shift(second, -size)};
    }
    if (isOfLeft(second, size) && isOfRight(first, size)) {
      return new RexNode[] {second, RexUtil.shift(first, -size)};
    }
    throw Unsupported.of(
        "an ASOF JOIN compares " + comparison + ", which is not one side with the other",
        "compare a column of the left table with one of the right table");
  }

  private static boolean isOfLeft(RexNode expression, int size) {
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(expression);
    return !used.isEmpty() && used.length() <= size;
  }

  private static boolean isOfRight(RexNode expression, int size) {
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(expression);
    return !used.isEmpty() && used.nextSetBit(0) >= size;
  }
}
