package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.EventRecord;

/**
 * A row that an operator handed to {@link io.fluxcore.domain.operator.RecordFailures}.
 *
 * @param operatorId which operator
 * @param code of the error
 * @param row the row
 */
public record Failure(String operatorId, String code, EventRecord row) {
  @Override
  public String toString() {
    return operatorId + " " + code + " " + Rows.text(row);
  }
}
