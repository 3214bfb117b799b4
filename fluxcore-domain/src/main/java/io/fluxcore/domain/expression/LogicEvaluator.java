package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.expression.kernel.RowMarks;
import java.util.Arrays;
import java.util.List;

/**
 * {@code and}, and {@code or}, in three-valued logic. A term is evaluated only for rows that the
 * terms before it have not decided, so what comes first shields what comes after from rows that
 * would be errors in it.
 *
 * <p>One value decides: false for {@code and}, true for {@code or}. The rows with the other value
 * are found by passing a shrinking list from term to term; the rows with the deciding value are the
 * union of what each term decides. Where no term can fail, the list is passed in the order that
 * makes it shrink fastest.
 */
final class LogicEvaluator extends PredicateEvaluator {
  private final boolean deciding;
  private final Evaluator[] terms;
  private final TermOrder order;
  private final RowMarks decided = new RowMarks();
  private int[] open = new int[0];
  private int[] found = new int[0];

  LogicEvaluator(boolean conjunction, List<Evaluator> terms) {
    this.deciding = !conjunction;
    this.terms = terms.toArray(Evaluator[]::new);
    this.order = new TermOrder(terms.size(), terms.stream().allMatch(Evaluator::isCheapAndSafe));
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    return wanted == deciding ? selectDecided(rows, out) : selectUndecided(rows, out);
  }

  private int selectUndecided(Rows rows, int[] out) {
    Rows left = rows;
    for (int i = 0; i < terms.length && left.count() > 0; i++) {
      int term = order.term(i);
      int count = terms[term].select(left, !deciding, out);
      order.tested(term, left.count(), count);
      left = rows.only(out, count);
    }
    order.batchDone();
    return left.count();
  }

  private int selectDecided(Rows rows, int[] out) {
    if (open.length < rows.count()) {
      open = new int[rows.count()];
      found = new int[rows.count()];
    }
    decided.reset(rows.rowCount());
    Rows left = rows;
    for (int i = 0; i < terms.length && left.count() > 0; i++) {
      decided.add(found, terms[i].select(left, deciding, found));
      left = rows.only(open, decided.select(false, left.selection(), left.count(), open));
    }
    return decided.select(true, rows.selection(), rows.count(), out);
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
