package io.fluxcore.adapters.out.discard;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.EnumSet;
import java.util.List;

/**
 * Takes rows and keeps nothing of them: for jobs whose results are read as they come, such as
 * replays. Since nothing reaches the outside, nothing can reach it twice.
 */
public final class DiscardSinkConnector implements SinkConnector {
  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          "discard",
          "Takes rows and keeps nothing of them; they can be read as they come.",
          List.of(),
          EnumSet.of(Capability.PARALLEL, Capability.CHANGELOG, Capability.IDEMPOTENT),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public DiscardSinkConnector() {}

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    return Nowhere.INSTANCE;
  }

  private enum Nowhere implements Sink, SinkWriter {
    INSTANCE;

    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return this;
    }

    @Override
    public boolean keepsBatches() {
      return false;
    }

    @Override
    public void write(EventBatch batch, RecordFailures failures) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
