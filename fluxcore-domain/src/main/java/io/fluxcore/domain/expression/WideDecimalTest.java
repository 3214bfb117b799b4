package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.expression.kernel.LongRange;
import io.fluxcore.domain.expression.kernel.RowLists;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of decimals of more digits than a long has with a number: in longs where a column
 * holds its values so.
 */
final class WideDecimalTest implements TestEvaluator.ColumnTest {
  private final BinaryOperator operator;
  private final BigDecimal bound;
  private final LongRange range;
  private final LongRange contrary;

  /**
   * @param operator one of order
   * @param range the unscaled values that compare so with the bound
   */
  WideDecimalTest(BinaryOperator operator, BigDecimal bound, LongRange range) {
    this.operator = operator;
    this.bound = bound;
    this.range = range;
    this.contrary = range.negated();
  }

  @Override
  public int select(
      Column column, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    long[] values = Decimals.unscaled(column);
    if (values != null) {
      int found = (wanted ? range : contrary).select(values, selection, count, out);
      return RowLists.dropNulls(out, found, column.nulls());
    }
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      if (!column.isNull(row) && holds(Decimals.value(column, row).compareTo(bound)) == wanted) {
        out[found++] = row;
      }
    }
    return found;
  }

  private boolean holds(int comparison) {
    return switch (operator) {
      case EQUAL -> comparison == 0;
      case NOT_EQUAL -> comparison != 0;
      case LESS -> comparison < 0;
      case LESS_OR_EQUAL -> comparison <= 0;
      case GREATER -> comparison > 0;
      default -> comparison >= 0;
    };
  }
}
