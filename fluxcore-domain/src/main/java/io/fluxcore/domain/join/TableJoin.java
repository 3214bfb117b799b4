package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import org.jspecify.annotations.Nullable;

/**
 * Joins each row of the left input with what a table has when it comes. The right input are the
 * changes of the table: insertions and new values, deletions. The declaration that {@link
 * #operator} compiles. Immutable.
 *
 * <p>What a row finds depends on when it comes; results are not the same from run to run. A {@link
 * TemporalJoin} asks what was valid at the row's time.
 *
 * @param join of type {@link JoinType#INNER} or {@link JoinType#LEFT}
 * @param allRows whether the table has all rows of a key, and changes take back whole ones; or one
 *     row of each key, which the next one replaces
 * @param takesBack whether rows of the left input are taken back: what each found is remembered
 *     then, and is taken back with it, whatever the table has by then. Of equal rows the last one
 *     goes first
 * @param life how long the rows of a key of the table are kept after one was last written, and what
 *     left rows of it found after the last one came; null: for ever
 */
public record TableJoin(
    EquiJoin join, boolean allRows, boolean takesBack, @Nullable TimeToLive life) {
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
    return allRows || takesBack
        ? new TableRowsJoinOperator(this, condition)
        : new TableJoinOperator(this, condition);
  }

  String stateMeaning() {
    String meaning = join.meaning(allRows ? "table of all rows" : "table");
    return takesBack ? meaning + ", of rows that are taken back" : meaning;
  }
}
