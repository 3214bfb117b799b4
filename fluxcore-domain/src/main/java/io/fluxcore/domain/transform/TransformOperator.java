package io.fluxcore.domain.transform;

import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.RecordFailures;

/** What transforms have in common: no state, and rows that may fail. */
abstract class TransformOperator implements Operator {
  private String operatorId = "";
  private Ledger ledger = new Ledger();
  private BatchFailures failures = new BatchFailures(RecordFailures.FAIL);

  @Override
  public void open(OperatorContext context) {
    operatorId = context.operatorId();
    ledger = context.ledger();
    failures = new BatchFailures(context.failures());
  }

  final String operatorId() {
    return operatorId;
  }

  final Ledger ledger() {
    return ledger;
  }

  final BatchFailures failures() {
    return failures;
  }
}
