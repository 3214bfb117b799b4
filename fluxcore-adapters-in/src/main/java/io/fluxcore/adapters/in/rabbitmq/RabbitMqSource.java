package io.fluxcore.adapters.in.rabbitmq;

import io.fluxcore.adapters.in.backlog.BacklogReader;
import io.fluxcore.adapters.in.backlog.BacklogSettings;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.ServerAddress;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue. It has one split.
 *
 * @param prefetch most messages without acknowledgement
 * @param byMessageId whether messages are known by their message id, not by their correlation id
 * @param idsAreRequired whether a message without it is bad
 */
record RabbitMqSource(
    ServerAddress server,
    String virtualHost,
    Queue queue,
    int prefetch,
    boolean byMessageId,
    boolean idsAreRequired,
    BacklogSettings backlog,
    RecordFormat format,
    MessageFields fields)
    implements Source {
  /**
   * The queue.
   *
   * @param isStream whether it is read as a stream
   * @param declare whether it is made where it is missing
   */
  record Queue(
      String name,
      boolean isStream,
      boolean declare,
      boolean durable,
      Map<String, Object> arguments) {
    /** For messages to people. */
    @Override
    public String toString() {
      return (isStream ? "stream '" : "queue '") + name + "'";
    }
  }

  @Override
  public @Nullable Schema schema() {
    return fields.added(format.schema(), Map.of("timestamp", DataType.TIMESTAMP_TZ));
  }

  @Override
  public Changes changes() {
    return format.changes();
  }

  @Override
  public boolean isBounded() {
    return false;
  }

  /** Messages without an id may be read again, unless they are in a spool. */
  @Override
  public @Nullable DeliveryGuarantee guarantee() {
    return backlog.isSpooled() || idsAreRequired ? null : DeliveryGuarantee.AT_LEAST_ONCE;
  }

  @Override
  public void check() {
    RabbitMqConnections.check(server, virtualHost, queue);
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split(queue.name()));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new BacklogReader(this::open, format, fields, context, idsAreRequired);
  }

  private RabbitMqInflow open(@Nullable SplitPosition position, Runnable arrived) {
    return RabbitMqInflow.open(this, position, arrived);
  }
}
