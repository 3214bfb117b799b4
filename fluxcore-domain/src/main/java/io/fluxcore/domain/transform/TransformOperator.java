package io.fluxcore.domain.transform;

import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.function.LongConsumer;

/** What transforms have in common: no state, and rows that may fail. */
abstract class TransformOperator implements Operator {
  private final LongConsumer watermarks;
  private String operatorId = "";
  private Ledger ledger = new Ledger();
  private BatchFailures failures = new BatchFailures(RecordFailures.FAIL);

  TransformOperator() {
    this(watermark -> {});
  }

  /** One whose expressions are told its watermarks. */
  TransformOperator(LongConsumer watermarks) {
    this.watermarks = watermarks;
  }

  @Override
  public void watermark(long watermark, Output out) {
    watermarks.accept(watermark);
  }

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
