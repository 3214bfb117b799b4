package io.fluxcore.domain.topology;

import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a topology's results go: a connector with its options, or a sink made by the application.
 * The typed fronts ({@link #elasticsearch()} and its like) only save typing.
 *
 * @param connector the connector; for a custom sink its name is {@code custom}
 * @param instance the custom sink, or null
 * @param errors what happens to rows that the outside will never accept; null: as the job says
 * @param parallelism number of writers; 0: as the job says
 */
public record SinkConfig(
    ConnectorSpec connector,
    @Nullable BoundSink instance,
    @Nullable ErrorPolicy errors,
    int parallelism)
    implements NodeConfig {

  /** Any connector by its name. */
  public static Builder connector(String name) {
    return new Builder(name, null);
  }

  /** A sink that the application makes itself; the topology is bound by it. */
  public static Builder custom(BoundSink sink) {
    return new Builder(SourceConfig.CUSTOM, Objects.requireNonNull(sink, "sink"));
  }

  public static ElasticsearchSinkBuilder elasticsearch() {
    return new ElasticsearchSinkBuilder();
  }

  public static KafkaSinkBuilder kafka() {
    return new KafkaSinkBuilder();
  }

  public static RabbitMqSinkBuilder rabbitmq() {
    return new RabbitMqSinkBuilder();
  }

  public static MqttSinkBuilder mqtt() {
    return new MqttSinkBuilder();
  }

  public static FileSinkBuilder file() {
    return new FileSinkBuilder();
  }

  public static RedisSinkBuilder redis() {
    return new RedisSinkBuilder();
  }

  public static ClickHouseSinkBuilder clickHouse() {
    return new ClickHouseSinkBuilder();
  }

  public static InfluxDbSinkBuilder influxDb() {
    return new InfluxDbSinkBuilder();
  }

  public static WebhookSinkBuilder webhook() {
    return new WebhookSinkBuilder();
  }

  public static JdbcSinkBuilder jdbc() {
    return new JdbcSinkBuilder();
  }

  public static S3SinkBuilder s3() {
    return new S3SinkBuilder();
  }

  /** Server-sent events to clients that connect. */
  public static SseSinkBuilder sse() {
    return new SseSinkBuilder();
  }

  /** Messages to clients that connect. */
  public static WebSocketSinkBuilder websocket() {
    return new WebSocketSinkBuilder();
  }

  /** A binding of Spring Cloud Stream. */
  public static Builder springcloudstream(String binding) {
    return connector("springcloudstream").with("binding", binding);
  }

  /** Prints rows on the standard output. */
  public static Builder console() {
    return new Builder("console", null);
  }

  /** Keeps rows in this process under a name, for tests and demonstrations. */
  public static MemorySinkBuilder memory() {
    return new MemorySinkBuilder();
  }

  @Override
  public String describe() {
    return connector.toString();
  }

  @Override
  public List<String> boundParts() {
    return instance == null ? List.of() : List.of("custom sink");
  }

  /** Collects the settings of a sink of any connector. Not thread-safe. */
  public static final class Builder extends SinkBuilder<Builder> {
    Builder(String connector, @Nullable BoundSink instance) {
      super(connector, instance);
    }
  }
}
