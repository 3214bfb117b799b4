package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowErrors;

/**
 * An expression bound to the columns of a schema. Holds no state between batches other than scratch
 * memory, so the results depend on the batch alone; used by one thread at a time (compile once per
 * thread, which is cheap).
 */
public final class CompiledExpression {
  private final Expression expression;
  private final Evaluator root;
  private final boolean deterministic;

  CompiledExpression(Expression expression, Evaluator root, boolean deterministic) {
    this.expression = expression;
    this.root = root;
    this.deterministic = deterministic;
  }

  public DataType type() {
    return root.type();
  }

  /** Whether equal rows always give equal results. */
  public boolean isDeterministic() {
    return deterministic;
  }

  /**
   * The values for the selected rows, in a column of {@link EventBatch#rowCount()} rows; the values
   * of other rows may be anything. A row that cannot be evaluated is null, and reported once.
   * Unselected rows, and branches that a row does not take, raise no errors.
   *
   * @param batch of the schema that the expression was compiled for
   */
  public Column evaluate(EventBatch batch, RowErrors errors) {
    FailedRows failures = new FailedRows(errors, batch.rowCount());
    Rows rows = Rows.of(batch, failures);
    Column column = root.evaluate(rows);
    long[] failed = failures.rows();
    return failed == null
        ? column
        : Columns.withNulls(column, NullBits.or(column.nulls(), failed), rows);
  }

  @Override
  public String toString() {
    return expression + " → " + type();
  }
}
