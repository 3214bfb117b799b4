package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.row.SortKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins each row of the left input with one of the right input: of those of its key of which a
 * comparison is true, the one whose value is closest. Both inputs may take rows back: its results
 * are a changelog. The declaration that {@link #operator} compiles. Immutable.
 *
 * <p>The rows of both inputs are kept, in the order of their values. A right row that comes or goes
 * changes the results of the left rows between it and its neighbours. The changes of a batch are
 * given at once, those that take back first. A null is never matched.
 *
 * @param join of type inner or left
 * @param match which right row is closest
 * @param ties the order of right rows of the same value, of which the first is taken
 * @param life how long the rows of a key, of both inputs, are remembered after the last one of
 *     either came; null: for ever. What was given of rows that are forgotten stays
 */
public record AsOfJoin(
    EquiJoin join, AsOfMatch match, List<SortField> ties, @Nullable TimeToLive life) {
  public AsOfJoin {
    ties = List.copyOf(ties);
    if (join.type() != JoinType.INNER && join.type() != JoinType.LEFT) {
      throw new IllegalArgumentException("a join with the closest row cannot be " + join.type());
    }
  }

  public Schema outputSchema() {
    return join.fields().output();
  }

  /** Rows of two inputs in, changes of results out. */
  public Operator operator() {
    return new AsOfJoinOperator(this);
  }

  /** The field of an input that is compared. */
  String matched(int input) {
    return input == JoinType.LEFT_INPUT ? match.left() : match.right();
  }

  /**
   * The places of an input's rows: the values that are compared and, behind them, what decides
   * between right rows of the same value. Of those the one to be taken stands next to the left row:
   * first where right rows are behind it, and last where they are before it.
   */
  SortKeys places(int input) {
    List<SortField> order = new ArrayList<>();
    order.add(SortField.ascending(matched(input)));
    if (input == JoinType.RIGHT_INPUT) {
      boolean isBackward = match.comparison().isBackward();
      ties.forEach(field -> order.add(isBackward ? field.reversed() : field));
    }
    return new SortKeys(order, join.fields().input(input));
  }

  String stateMeaning() {
    return join.meaning("as-of") + " where " + match;
  }
}
