package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;

/** Hands every batch on as it is: where streams meet, part, or change their partitioning. */
public final class PassOperator implements Operator {
  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext context) {}

  @Override
  public void process(int input, EventBatch batch, Output out) {
    out.emit(batch);
  }
}
