package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.StringColumn;
import java.util.List;

/** A call of a function that has been bound to its arguments. */
final class FunctionEvaluator extends Evaluator {
  private final ScalarFunction.Body body;
  private final List<Operand> operands;

  FunctionEvaluator(ScalarFunction.Binding binding, List<Operand> operands) {
    super(binding.result());
    this.body = binding.body();
    this.operands = operands;
  }

  @Override
  public Column evaluate(Rows rows) {
    return body.evaluate(rows, operands);
  }

  @Override
  int select(Rows rows, boolean wanted, int[] out) {
    if (body instanceof TextTestBody test) {
      StringColumn texts = TextFunctions.text(rows, operands, 0);
      return test.test().select(texts, wanted, rows.selection(), rows.count(), out);
    }
    return super.select(rows, wanted, out);
  }
}
