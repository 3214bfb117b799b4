package io.fluxcore.infrastructure.embedded;

import io.fluxcore.domain.operator.Histogram;
import io.fluxcore.domain.operator.Ledger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the attempts before the one at hand have shown, so that no metric goes back when an attempt
 * begins with the counters of a checkpoint: a counter stays at what was shown until the new attempt
 * has passed it. Not thread-safe.
 */
final class EarlierAttempts {
  private final Map<String, Ledger.Counts> shown = new HashMap<>();
  private final Map<String, Histogram> batchRows = new HashMap<>();
  private final Histogram latencyMicros = new Histogram();

  /** The accounts of an operator at the end of an attempt. */
  void add(String operatorId, Ledger.Counts counts, List<Ledger> ledgers) {
    shown.put(operatorId, shown(operatorId, counts));
    Histogram sizes = batchRows.computeIfAbsent(operatorId, id -> new Histogram());
    ledgers.forEach(ledger -> sizes.addAll(ledger.batchRows()));
  }

  void addLatency(Histogram micros) {
    latencyMicros.addAll(micros);
  }

  Ledger.Counts shown(String operatorId, Ledger.Counts now) {
    Ledger.Counts before = shown.get(operatorId);
    if (before == null) {
      return now;
    }
    Ledger.Counts larger = before.max(now);
    // rows that were shed and are read again may stay this time: then they were not dropped
    return now.rowsIn() < before.rowsIn() ? larger : larger.withDropped(now.droppedBy());
  }

  Histogram batchRows(String operatorId) {
    return batchRows.getOrDefault(operatorId, new Histogram());
  }

  Histogram latencyMicros() {
    return latencyMicros;
  }
}
