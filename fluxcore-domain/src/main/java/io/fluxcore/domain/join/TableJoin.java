package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import org.jspecify.annotations.Nullable;

/**
 * Joins each row of the left input with the row that a table has when it comes. The right input are
 * the changes of the table, whose primary key is the key of the join: insertions and new values
 * replace what is there, deletions remove it, and former values say nothing. The declaration that
 * {@link #operator} compiles. Immutable.
 *
 * <p>What a row finds depends on when it comes; results are not the same from run to run. A {@link
 * TemporalJoin} asks what was valid at the row's time.
 *
 * @param join of type {@link JoinType#INNER} or {@link JoinType#LEFT}
 * @param life how long a row of the table is kept after it was last written; null: for ever
 */
public record TableJoin(EquiJoin join, @Nullable TimeToLive life) {
  public TableJoin {
    requireInnerOrLeft(join.type());
  }

  static void requireInnerOrLeft(JoinType type) {
    if (type != JoinType.INNER && type != JoinType.LEFT) {
      throw new IllegalArgumentException("a join with a table is inner or left, not " + type);
    }
  }

  public Schema outputSchema() {
    return join.fields().output();
  }

  /**
   * Rows of the left input and changes of the table in, joined rows out, with the times of the left
   * ones.
   *
   * @param condition what else must be true of a pair, compiled for {@link JoinFields#pairs}; null:
   *     nothing
   */
  public Operator operator(@Nullable CompiledPredicate condition) {
    return new TableJoinOperator(this, condition);
  }
}
