package io.fluxcore.adapters.in.mqtt;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session at a broker. It has one split. */
record MqttSource(
    Session session, BacklogSettings backlog, RecordFormat format, MessageFields fields)
    implements Source {

  /**
   * The session.
   *
   * @param isVersion5 else 3.1.1
   * @param expiry zero: it ends with the connection
   * @param receiveMaximum most messages without acknowledgement
   * @param idProperty the user property that holds ids; null: messages have none
   */
  record Session(
      ServerAddress server,
      boolean isVersion5,
      String clientId,
      List<String> filters,
      int qos,
      Duration expiry,
      int receiveMaximum,
      Duration keepAlive,
      @Nullable String idProperty) {
    /** One that can be there beside this, and leaves nothing. */
    Session passing() {
      return new Session(
          server,
          isVersion5,
          clientId + "-check",
          filters,
          qos,
          Duration.ZERO,
          receiveMaximum,
          keepAlive,
          idProperty);
    }

    private boolean isKept() {
      return !expiry.isZero();
    }

    /** For messages to people. */
    @Override
    public String toString() {
      return "mqtt session '" + clientId + "'";
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

  @Override
  public @Nullable DeliveryGuarantee guarantee() {
    if (session.qos() == 0 || !session.isKept()) {
      return DeliveryGuarantee.AT_MOST_ONCE;
    }
    return backlog.isSpooled() ? null : DeliveryGuarantee.AT_LEAST_ONCE;
  }

  @Override
  public void check() {
    MqttInflow.look(session);
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split(session.clientId()));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new BacklogReader(this::open, format, fields, context, false);
  }

  private MqttInflow open(@Nullable SplitPosition position, Runnable arrived) {
    return MqttInflow.open(this, position, arrived);
  }
}
