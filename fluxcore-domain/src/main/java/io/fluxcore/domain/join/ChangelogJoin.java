package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import org.jspecify.annotations.Nullable;

/**
 * Joins all rows of both inputs that there are, whenever they came: its results are a changelog,
 * which follows the changes of both. The declaration that {@link #operator} compiles. Immutable.
 *
 * <p>The rows of both inputs are kept. The changes of a batch are given at once, those that take
 * back first; what is given and taken back within it is not given.
 *
 * @param isAppend whether neither input takes rows back
 * @param left how long the left rows of a key are remembered after the last one came; null: for
 *     ever
 * @param right the same of right rows
 */
public record ChangelogJoin(
    EquiJoin join, boolean isAppend, @Nullable TimeToLive left, @Nullable TimeToLive right) {
  /** The same for both inputs. */
  public ChangelogJoin(EquiJoin join, boolean isAppend, @Nullable TimeToLive both) {
    this(join, isAppend, both, both);
  }

  /** How long the rows of an input are remembered. */
  @Nullable TimeToLive life(int input) {
    return input == JoinType.LEFT_INPUT ? left : right;
  }

  /** Whether rows of an input are forgotten in time. */
  public boolean forgets() {
    return left != null || right != null;
  }

  public Schema outputSchema() {
    return join.fields().output();
  }

  /**
   * Rows of two inputs in, changes of results out.
   *
   * @param condition what else must be true of a pair, compiled for {@link JoinFields#pairs}; null:
   *     nothing
   */
  public Operator operator(@Nullable CompiledPredicate condition) {
    return new ChangelogJoinOperator(this, condition);
  }

  /** Whether no result is ever taken back. */
  public boolean givesOnlyInsertions() {
    return isAppend && join.type() == JoinType.INNER;
  }

  String stateMeaning() {
    return join.meaning("unbounded");
  }
}
