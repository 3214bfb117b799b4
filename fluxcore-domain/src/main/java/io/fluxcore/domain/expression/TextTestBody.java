package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.kernel.TextTest;
import java.util.List;

/** A function that asks one question about its first argument, a string. */
record TextTestBody(TextTest test) implements ScalarFunction.Body {
  @Override
  public Column evaluate(Rows rows, List<Operand> arguments) {
    StringColumn texts = TextFunctions.text(rows, arguments, 0);
    int[] found = new int[rows.count()];
    int count = test.select(texts, true, rows.selection(), rows.count(), found);
    return PredicateEvaluator.trueFor(rows, found, count, texts.nulls());
  }
}
