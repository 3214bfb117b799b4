package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.job.DeliveryGuarantee;

/** Messages that are visible when they are flushed. */
record DirectSink(KafkaSettings settings, RowRecords.Factory records) implements Sink {
  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public DeliveryGuarantee guarantee() {
    return DeliveryGuarantee.AT_LEAST_ONCE;
  }

  @Override
  public void check() {
    try (Brokers brokers = new Brokers(settings)) {
      brokers.check();
    }
  }

  @Override
  public Changes takes() {
    return records.encoders().takes();
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return new DirectWriter(settings, records);
  }

  @Override
  public String toString() {
    return "kafka sink to " + settings;
  }
}
