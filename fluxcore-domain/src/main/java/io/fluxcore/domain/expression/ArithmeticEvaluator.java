package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;

/** Two operands of the types that a plan asks for, combined by it. */
final class ArithmeticEvaluator extends Evaluator {
  private final Arithmetic.ColumnOperator operator;
  private final Operand left;
  private final Operand right;

  ArithmeticEvaluator(Arithmetic.Plan plan, Operand left, Operand right) {
    super(plan.result());
    this.operator = plan.operator();
    this.left = left;
    this.right = right;
  }

  @Override
  public Column evaluate(Rows rows) {
    return operator.apply(rows, left.evaluate(rows), right.evaluate(rows));
  }
}
