package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.expression.kernel.RowLists;

/** A boolean evaluator as a predicate. */
final class EvaluatedPredicate implements CompiledPredicate {
  private final String text;
  private final Evaluator root;
  private final boolean deterministic;

  EvaluatedPredicate(String text, Evaluator root, boolean deterministic) {
    this.text = text;
    this.root = root;
    this.deterministic = deterministic;
  }

  @Override
  public boolean isDeterministic() {
    return deterministic;
  }

  @Override
  public int select(EventBatch batch, int[] rows, RowErrors errors) {
    FailedRows failures = new FailedRows(errors, batch.rowCount());
    int count = root.select(Rows.of(batch, failures), true, rows);
    return RowLists.dropNulls(rows, count, failures.rows());
  }

  @Override
  public String toString() {
    return text;
  }
}
