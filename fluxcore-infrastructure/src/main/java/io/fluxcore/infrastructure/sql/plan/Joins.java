package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Joins: of rows in the same window, of rows whose times are within bounds of each other, or of all
 * rows, as a changelog.
 */
final class Joins {
  static final String LEFT = "l_";
  static final String RIGHT = "r_";

  private final Draft draft;
  private final RexBuilder builder;

  Joins(Draft draft, RexBuilder builder) {
    this.draft = draft;
    this.builder = builder;
  }

  Relation translate(Join join, Relation leftRows, Relation rightRows) {
    JoinRelType type = join.getJoinType();
    RexNode condition = join.getCondition();
    List<RexNode> terms =
        new ArrayList<>(TopologyTranslation.terms(RexUtil.expandSearch(builder, null, condition)));
    int size = leftRows.columns().size();
    Relation left = leftRows;
    Relation right = rightRows;
    boolean isOfWindows = takeWindowTerms(terms, left, right);
    if (!isOfWindows) {
      left = WindowCalls.assigned(left, draft);
      right = WindowCalls.assigned(right, draft);
    }
    Map<Integer, Integer> keys = takeKeys(terms, left, right, size);
    TimeBounds bounds =
        isOfWindows
            ? null
            : timeBounds(
                type,
                terms,
                keys,
                left,
                right,
                size,
                WindowCalls.span(leftRows.windows()),
                WindowCalls.span(rightRows.windows()));
    if (bounds != null && bounds.lower() > bounds.upper()) {
      return withoutPairs(type, left, right);
    }
    if (keys.isEmpty()) {
      left = draft.withConstant(left);
      right = draft.withConstant(right);
      keys.put(left.columns().size() - 1, right.columns().size() - 1);
    }
    int leftMark = isOfWindows && type.generatesNullsOnLeft() ? left.columns().size() : -1;
    int rightMark = isOfWindows && type.generatesNullsOnRight() ? right.columns().size() : -1;
    left = draft.withOnlyFields(leftMark < 0 ? left : draft.withConstant(left));
    right = draft.withOnlyFields(rightMark < 0 ? right : draft.withConstant(right));
    JoinConfig.JoinBuilder config = config(join, isOfWindows, bounds, left).withType(type(type));
    config.withLeftPrefix(LEFT).withRightPrefix(RIGHT);
    for (Map.Entry<Integer, Integer> key : keys.entrySet()) {
      config.withOn(
          left.fieldNames(List.of(key.getKey())).get(0),
          right.fieldNames(List.of(key.getValue())).get(0));
    }
    List<Column> pairs = new ArrayList<>();
    pairs.addAll(prefixed(left, LEFT, size, isOfWindows, bounds, true, leftMark));
    pairs.addAll(
        prefixed(right, RIGHT, rightRows.columns().size(), isOfWindows, bounds, false, rightMark));
    if (!terms.isEmpty()) {
      config.withCondition(
          new RexText(pairs, builder).text(RexUtil.composeConjunction(builder, terms)));
    }
    String node = draft.join(config.build(), left.output(), right.output());
    boolean givesPairs = type != JoinRelType.SEMI && type != JoinRelType.ANTI;
    return new Relation(node, givesPairs ? pairs : pairs.subList(0, size), null);
  }

  /** Where no row can match: those that a join gives unmatched, with nulls beside them. */
  private Relation withoutPairs(JoinRelType type, Relation left, Relation right) {
    List<Relation> sides = new ArrayList<>();
    if (type.generatesNullsOnRight() || type == JoinRelType.ANTI) {
      sides.add(
          type == JoinRelType.ANTI ? left : beside(left, left.columns(), nulls(right.columns())));
    }
    if (type.generatesNullsOnLeft()) {
      sides.add(beside(right, nulls(left.columns()), right.columns()));
    }
    if (sides.isEmpty()) {
      Relation nothing = draft.filter(left, "false");
      return type == JoinRelType.SEMI
          ? nothing
          : beside(nothing, left.columns(), nulls(right.columns()));
    }
    return sides.size() == 1 ? sides.get(0) : draft.united(sides);
  }

  private static Relation beside(Relation rows, List<Column> left, List<Column> right) {
    List<Column> columns = new ArrayList<>(left);
    columns.addAll(right);
    return rows.withColumns(
        columns.stream()
            .map(column -> column.isVirtual() ? column : column.withRole(Role.VALUE))
            .toList());
  }

  private static List<Column> nulls(List<Column> columns) {
    return columns.stream()
        .map(
            column ->
                column.isVirtual()
                    ? column
                    : new Column("cast(null as " + column.type() + ")", column.type(), Role.VALUE))
        .toList();
  }

  private static JoinType type(JoinRelType type) {
    return switch (type) {
      case INNER -> JoinType.INNER;
      case LEFT -> JoinType.LEFT;
      case RIGHT -> JoinType.RIGHT;
      case FULL -> JoinType.FULL;
      case SEMI -> JoinType.SEMI;
      case ANTI -> JoinType.ANTI;
      default ->
          throw Unsupported.of("a join of type " + type + " is not there", "see docs/sql.md");
    };
  }

  /** How long the rows of a side are kept: as a hint says, or the session. */
  private @Nullable TimeToLive stateLife(RelNode side) {
    StateHints.Life hinted = StateHints.of(side);
    return hinted == null ? draft.stateLife() : hinted.life();
  }

  private JoinConfig.JoinBuilder config(
      Join join, boolean isOfWindows, @Nullable TimeBounds bounds, Relation left) {
    if (isOfWindows) {
      return JoinConfig.window(Objects.requireNonNull(left.windows()));
    }
    if (bounds == null) {
      return JoinConfig.unbounded()
          .withTimeToLives(stateLife(join.getLeft()), stateLife(join.getRight()));
    }
    return JoinConfig.interval(
        Duration.ofMillis(bounds.lower()), Duration.ofMillis(bounds.upper()));
  }

  /** The columns of a side in pairs of rows of any times. */
  static List<Column> values(Relation side, String prefix, int size) {
    return prefixed(side, prefix, size, false, null, true, -1);
  }

  /**
   * The columns of a side in pairs.
   *
   * @param mark the column that is null where a pair has no row of this side; −1 if all have one
   */
  private static List<Column> prefixed(
      Relation side,
      String prefix,
      int size,
      boolean isOfWindows,
      @Nullable TimeBounds bounds,
      boolean isLeft,
      int mark) {
    List<Column> columns = new ArrayList<>();
    for (Column column : side.columns().subList(0, size)) {
      Column bound = WindowCalls.ofResult(column.role(), side.windows());
      if (bound != null) {
        columns.add(
            mark < 0 ? bound : ifThere(bound, prefix + side.fieldNames(List.of(mark)).get(0)));
      } else if (column.role() == Role.PROCESSING_TIME) {
        columns.add(column);
      } else {
        Role role = role(column.role(), isOfWindows, bounds, isLeft);
        Column field = Column.field(prefix + column.fieldName(), column.type(), role);
        if (bounds != null
            && column.role() == Role.EVENT_TIME
            && (role != Role.EVENT_TIME || bounds.mayLack(isLeft))) {
          field = field.earlier(bounds.behind(isLeft));
        }
        columns.add(field);
      }
    }
    return columns;
  }

  private static Column ifThere(Column column, String mark) {
    return new Column(
        "case when "
            + Expression.column(mark)
            + " is not null then "
            + column.expression()
            + " end",
        column.type(),
        Role.VALUE);
  }

  /**
   * A pair's time is the later of both, so that the time of the side that is never earlier is it.
   */
  private static Role role(
      Role role, boolean isOfWindows, @Nullable TimeBounds bounds, boolean isLeft) {
    boolean isTime =
        !isOfWindows && bounds != null && (isLeft ? bounds.upper() <= 0 : bounds.lower() >= 0);
    return switch (role) {
      case CHANGE_TIME -> Role.VALUE;
      case EVENT_TIME, RESULT_START, RESULT_END, ASSIGNED_START, ASSIGNED_END ->
          isTime ? role : Role.VALUE;
      default -> role;
    };
  }

  /** Takes the equality of both windows away, if it is there and both sides have their own. */
  private static boolean takeWindowTerms(List<RexNode> terms, Relation left, Relation right) {
    if (left.windows() == null || !left.windows().equals(right.windows())) {
      return false;
    }
    int size = left.columns().size();
    return terms.removeIf(
        term -> {
          int[] pair = equality(term, size);
          Role role = pair == null ? Role.VALUE : left.column(pair[0]).role();
          return pair != null
              && (role == Role.WINDOW_START || role == Role.WINDOW_END || role == Role.WINDOW_TIME)
              && right.column(pair[1]).role() == role;
        });
  }

  /** The columns of the left and right side that a term compares for equality, or null. */
  static int @Nullable [] equality(RexNode term, int size) {
    if (term.getKind() != SqlKind.EQUALS
        || !(((RexCall) term).getOperands().get(0) instanceof RexInputRef a)
        || !(((RexCall) term).getOperands().get(1) instanceof RexInputRef b)) {
      return null;
    }
    int first = Math.min(a.getIndex(), b.getIndex());
    int second = Math.max(a.getIndex(), b.getIndex());
    return first < size && second >= size ? new int[] {first, second - size} : null;
  }

  /** Takes the terms away that compare columns of both sides for equality: left to right column. */
  static Map<Integer, Integer> takeEqualities(List<RexNode> terms, int size) {
    Map<Integer, Integer> keys = new LinkedHashMap<>();
    terms.removeIf(
        term -> {
          int[] pair = equality(term, size);
          return pair != null && keys.putIfAbsent(pair[0], pair[1]) == null;
        });
    return keys;
  }

  private static Map<Integer, Integer> takeKeys(
      List<RexNode> terms, Relation left, Relation right, int size) {
    Map<Integer, Integer> keys = new LinkedHashMap<>();
    List<RexNode> taken = new ArrayList<>();
    for (RexNode term : terms) {
      int[] pair = equality(term, size);
      if (pair != null
          && !left.column(pair[0]).isVirtual()
          && !right.column(pair[1]).isVirtual()
          && left.column(pair[0]).type().equals(right.column(pair[1]).type())
          && !keys.containsKey(pair[0])
          && !keys.containsValue(pair[1])) {
        keys.put(pair[0], pair[1]);
        taken.add(term);
      }
    }
    terms.removeAll(taken);
    return keys;
  }

  /**
   * How much later the right row may be than the left one, in milliseconds.
   *
   * @param type of the join
   */
  private record TimeBounds(long lower, long upper, JoinRelType type) {
    /** How far a row of a side may lie before the later row of its pair. */
    long behind(boolean isLeft) {
      return Math.max(0, isLeft ? upper : -lower);
    }

    /** Whether there are results without a row of a side: they are in no window of its time. */
    boolean mayLack(boolean isLeft) {
      return isLeft ? type.generatesNullsOnLeft() : type.generatesNullsOnRight();
    }
  }

  /** How far a row's time may be before the end of the window that a column says, or null. */
  private static @Nullable Long distance(Role role, @Nullable Long span) {
    return switch (role) {
      case RESULT_END -> 0L;
      case ASSIGNED_END -> span;
      default -> null;
    };
  }

  /** The bounds that terms, or equal windows of both sides, set to the times of rows. */
  private static @Nullable TimeBounds timeBounds(
      JoinRelType type,
      List<RexNode> terms,
      Map<Integer, Integer> keys,
      Relation left,
      Relation right,
      int size,
      @Nullable Long leftSpan,
      @Nullable Long rightSpan) {
    for (Map.Entry<Integer, Integer> key : keys.entrySet()) {
      Long before = distance(left.column(key.getKey()).role(), leftSpan);
      Long after = distance(right.column(key.getValue()).role(), rightSpan);
      boolean areTimes =
          left.column(key.getKey()).role() == Role.EVENT_TIME
              && right.column(key.getValue()).role() == Role.EVENT_TIME;
      if (areTimes) {
        return new TimeBounds(0, 0, type);
      }
      if (before != null && after != null) {
        return new TimeBounds(-after, before, type);
      }
    }
    Long lower = null;
    Long upper = null;
    List<RexNode> taken = new ArrayList<>();
    for (RexNode term : terms) {
      TimeTerm of = TimeTerm.of(term, left, right, size);
      if (of == null) {
        continue;
      }
      if (of.lower() != null) {
        lower = lower == null ? of.lower() : (Long) Math.max(lower, of.lower());
      }
      if (of.upper() != null) {
        upper = upper == null ? of.upper() : (Long) Math.min(upper, of.upper());
      }
      taken.add(term);
    }
    if (lower == null || upper == null) {
      return null;
    }
    terms.removeAll(taken);
    return new TimeBounds(lower, upper, type);
  }
}
