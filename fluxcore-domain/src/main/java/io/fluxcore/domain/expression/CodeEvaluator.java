package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventCursor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A predicate of the application, asked row by row; null where it throws. */
final class CodeEvaluator extends PredicateEvaluator {
  private final Predicate<Event> predicate;
  private final EventCursor cursor = new EventCursor();

  CodeEvaluator(Predicate<Event> predicate) {
    this.predicate = predicate;
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    int found = 0;
    try {
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.row(i);
        Boolean answer = ask(rows, row);
        if (answer != null && answer == wanted) {
          out[found++] = row;
        }
      }
    } finally {
      cursor.close();
    }
    return found;
  }

  private @Nullable Boolean ask(Rows rows, int row) {
    try {
      return predicate.test(cursor.moveTo(rows.batch(), row));
    } catch (RecordException e) {
      rows.fail(row, e);
    } catch (RuntimeException e) {
      rows.fail(row, new RecordException("FLX-EXPR-0105", "the condition threw " + e, e));
    }
    return null;
  }

  @Override
  public Column evaluate(Rows rows) {
    boolean[] values = new boolean[rows.rowCount()];
    NullsBuilder nulls = new NullsBuilder(null, rows.rowCount());
    try {
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.row(i);
        Boolean answer = ask(rows, row);
        values[row] = answer != null && answer;
        if (answer == null) {
          nulls.set(row);
        }
      }
    } finally {
      cursor.close();
    }
    return new BooleanColumn(values.length, values, nulls.bits());
  }
}
