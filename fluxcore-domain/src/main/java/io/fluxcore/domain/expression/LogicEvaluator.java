package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.expression.kernel.RowLists;
import java.util.Arrays;
import java.util.List;

/**
 * {@code and}, and {@code or}, in three-valued logic. A term is evaluated only for rows that the
 * terms before it have not decided, so what comes first shields what comes after from rows that
 * would be errors in it.
 *
 * <p>One value decides: false for {@code and}, true for {@code or}. The rows with the other value
 * are found by passing a shrinking list from term to term; the rows with the deciding value are the
 * union of what each term decides.
 */
final class LogicEvaluator extends PredicateEvaluator {
  private final boolean deciding;
  private final Evaluator[] terms;
  private int[] open = new int[0];
  private int[] found = new int[0];
  private int[] merged = new int[0];
  private int[] union = new int[0];

  LogicEvaluator(boolean conjunction, List<Evaluator> terms) {
    this.deciding = !conjunction;
    this.terms = terms.toArray(Evaluator[]::new);
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    return wanted == deciding ? selectDecided(rows, out) : selectUndecided(rows, out);
  }

  private int selectUndecided(Rows rows, int[] out) {
    int count = terms[0].select(rows, !deciding, out);
    for (int i = 1; i < terms.length && count > 0; i++) {
      count = terms[i].select(rows.only(out, count), !deciding, out);
    }
    return count;
  }

  private int selectDecided(Rows rows, int[] out) {
    reserve(rows.count());
    int decided = 0;
    Rows left = rows;
    for (int i = 0; i < terms.length && left.count() > 0; i++) {
      int count = terms[i].select(left, deciding, found);
      left = rows.only(open, RowLists.without(left.selection(), left.count(), found, count, open));
      decided = RowLists.merge(merged, decided, found, count, union);
      int[] swap = merged;
      merged = union;
      union = swap;
    }
    System.arraycopy(merged, 0, out, 0, decided);
    return decided;
  }

  private void reserve(int count) {
    if (open.length < count) {
      open = new int[count];
      found = new int[count];
      merged = new int[count];
      union = new int[count];
    }
  }

  @Override
  public Column evaluate(Rows rows) {
    boolean[] values = new boolean[rows.rowCount()];
    Arrays.fill(values, !deciding);
    NullsBuilder nulls = new NullsBuilder(null, rows.rowCount());
    int[] undecided = new int[rows.count()];
    Rows left = rows;
    for (int i = 0; i < terms.length && left.count() > 0; i++) {
      BooleanColumn column = (BooleanColumn) terms[i].evaluate(left);
      int count = 0;
      for (int j = 0; j < left.count(); j++) {
        int row = left.row(j);
        if (column.isNull(row)) {
          nulls.set(row);
        } else if (column.value(row) == deciding) {
          nulls.clear(row);
          values[row] = deciding;
          continue;
        }
        undecided[count++] = row;
      }
      left = rows.only(undecided, count);
    }
    return new BooleanColumn(rows.rowCount(), values, nulls.bits());
  }
}
