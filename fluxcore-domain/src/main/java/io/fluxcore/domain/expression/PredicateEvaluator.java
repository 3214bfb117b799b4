package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.DataType;
import org.jspecify.annotations.Nullable;

/** A test that finds rows faster than it fills a column. */
abstract class PredicateEvaluator extends Evaluator {
  PredicateEvaluator() {
    super(DataType.BOOLEAN);
  }

  @Override
  abstract int select(Rows rows, boolean wanted, int[] out);

  /** A column that is true for these rows. */
  static BooleanColumn trueFor(Rows rows, int[] found, int count, long @Nullable [] nulls) {
    boolean[] values = new boolean[rows.rowCount()];
    for (int i = 0; i < count; i++) {
      values[found[i]] = true;
    }
    return new BooleanColumn(rows.rowCount(), values, nulls);
  }
}
