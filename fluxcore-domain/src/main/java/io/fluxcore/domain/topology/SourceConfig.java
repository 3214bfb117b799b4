package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a topology's events come from, and what is known of them: a connector with its options, or
 * a source made by the application. The typed fronts ({@link #kafka()} and its like) only save
 * typing: each is {@link #connector} with names for its usual options.
 *
 * @param connector the connector; for a custom source its name is {@code custom}
 * @param instance the custom source, or null
 * @param schema the declared fields; null where the source has its own, or else for events of any
 *     fields: they then have the types that their first use demands
 * @param timestampField the field that carries the event time (LONG: epoch milliseconds, or a
 *     timestamp or date); null where the source stamps its events, or an expression tells it
 * @param timestampExpression computes the event time from the event's fields, with the same types;
 *     null where there is a field or the source stamps its events
 * @param time which time the events carry
 * @param watermarks how far events may be out of order
 * @param errors what happens to records that cannot be decoded; null: as the job says
 * @param parallelism number of readers; 0: as the job says
 * @param shedding what is given up when what follows takes too few rows; null: nothing, the source
 *     waits
 * @param primaryKey fields that name a row: each row takes the place of the one before with the
 *     same key, and one that deletes need not hold more than the key. None: every row is one of its
 *     own, or tells itself what it takes back
 */
public record SourceConfig(
    ConnectorSpec connector,
    @Nullable BoundSource instance,
    @Nullable Schema schema,
    @Nullable String timestampField,
    @Nullable String timestampExpression,
    TimeCharacteristic time,
    WatermarkStrategy watermarks,
    @Nullable ErrorPolicy errors,
    int parallelism,
    @Nullable LoadShedding shedding,
    List<String> primaryKey)
    implements NodeConfig {
  public SourceConfig {
    primaryKey = List.copyOf(primaryKey);
  }

  /** Out-of-orderness that is allowed for unless a topology says otherwise: five seconds. */
  public static final WatermarkStrategy DEFAULT_WATERMARKS =
      WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(5));

  /** The name that custom sources and sinks have in place of a connector's. */
  public static final String CUSTOM = "custom";

  /** Any connector by its name. */
  public static Builder connector(String name) {
    return new Builder(name, null);
  }

  /** A source that the application makes itself; the topology is bound by it. */
  public static Builder custom(BoundSource source) {
    return new Builder(CUSTOM, Objects.requireNonNull(source, "source"));
  }

  public static KafkaSourceBuilder kafka() {
    return new KafkaSourceBuilder();
  }

  public static FileSourceBuilder file() {
    return new FileSourceBuilder();
  }

  public static GeneratorSourceBuilder generator() {
    return new GeneratorSourceBuilder();
  }

  public static RabbitMqSourceBuilder rabbitmq() {
    return new RabbitMqSourceBuilder();
  }

  public static MqttSourceBuilder mqtt() {
    return new MqttSourceBuilder();
  }

  public static RedisSourceBuilder redis() {
    return new RedisSourceBuilder();
  }

  public static JdbcSourceBuilder jdbc() {
    return new JdbcSourceBuilder();
  }

  /** Reads records that come over TCP. */
  public static SocketSourceBuilder socket() {
    return new SocketSourceBuilder();
  }

  /** Reads datagrams. */
  public static UdpSourceBuilder udp() {
    return new UdpSourceBuilder();
  }

  /** Reads messages over WebSocket. */
  public static WebSocketSourceBuilder websocket() {
    return new WebSocketSourceBuilder();
  }

  public static CdcSourceBuilder cdc() {
    return new CdcSourceBuilder();
  }

  /** Reads the changes of tables that triggers write to an outbox. */
  public static OutboxSourceBuilder outbox() {
    return new OutboxSourceBuilder();
  }

  /** Reads events that are published into a named stream. */
  public static HttpSourceBuilder http() {
    return new HttpSourceBuilder();
  }

  /**
   * A binding of Spring Cloud Stream; the directory keeps messages until a checkpoint holds them.
   */
  public static Builder springcloudstream(String binding, String spool) {
    return connector("springcloudstream").with("binding", binding).with("spool", spool);
  }

  public static HostMetricsSourceBuilder hostMetrics() {
    return new HostMetricsSourceBuilder();
  }

  /** Whether events carry their time, in a field or by an expression. */
  public boolean hasTimestamp() {
    return timestampField != null || timestampExpression != null;
  }

  @Override
  public String describe() {
    return connector.toString()
        + (schema == null ? "" : " " + schema)
        + (timestampField == null ? "" : " timestamp " + timestampField)
        + (timestampExpression == null ? "" : " timestamp " + timestampExpression)
        + (primaryKey.isEmpty() ? "" : " upserts by " + String.join(", ", primaryKey))
        + (shedding == null ? "" : " sheds " + shedding);
  }

  @Override
  public List<String> boundParts() {
    return instance == null ? List.of() : List.of("custom source");
  }

  /** Collects the settings of a source of any connector. Not thread-safe. */
  public static final class Builder extends SourceBuilder<Builder> {
    Builder(String connector, @Nullable BoundSource instance) {
      super(connector, instance);
    }

    /** Sets an option of the connector. */
    @Override
    public Builder with(String option, Object value) {
      return super.with(option, value);
    }
  }
}
