package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.kernel.RowLists;
import org.jspecify.annotations.Nullable;

/**
 * A typed part of a compiled expression. Evaluators form a tree and are used by one thread at a
 * time; they may keep scratch arrays between batches, but never hand them out.
 */
abstract class Evaluator implements Operand {
  private final DataType type;

  Evaluator(DataType type) {
    this.type = type;
  }

  @Override
  public final DataType type() {
    return type;
  }

  @Override
  public boolean isConstant() {
    return false;
  }

  @Override
  public @Nullable Object constant() {
    throw new IllegalStateException("not a constant");
  }

  /**
   * Whether it fails for no row and costs next to nothing, so that tests of it may be made in any
   * order.
   */
  boolean isCheapAndSafe() {
    return false;
  }

  /**
   * The rows for which a BOOLEAN is the wanted value, and not null, ascending, into {@code out};
   * their number. {@code out} may be the array of the selection.
   */
  int select(Rows rows, boolean wanted, int[] out) {
    BooleanColumn column = (BooleanColumn) evaluate(rows);
    return RowLists.selectBooleans(
        column.values(), column.nulls(), wanted, rows.selection(), rows.count(), out);
  }
}
