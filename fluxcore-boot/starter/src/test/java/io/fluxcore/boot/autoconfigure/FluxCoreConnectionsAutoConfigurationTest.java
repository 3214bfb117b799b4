package io.fluxcore.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorDefaults;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.OptionSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

final class FluxCoreConnectionsAutoConfigurationTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  FluxCoreAutoConfiguration.class, FluxCoreConnectionsAutoConfiguration.class));

  private static Map<String, ?> defaults(ApplicationContext context, String connector) {
    return context.getBean(ConnectorRegistry.class).defaults().of(connector);
  }

  @Test
  void kafkaOfTheApplication_isThatOfConnectors() {
    runner
        .withBean(KafkaConnectionDetails.class, () -> () -> List.of("one:9092", "two:9092"))
        .withPropertyValues(
            "spring.kafka.properties.security.protocol=SASL_SSL",
            "spring.kafka.properties.sasl.mechanism=SCRAM-SHA-512",
            "spring.kafka.properties.sasl.jaas.config="
                + "a.b.ScramLoginModule required username=\"me\" password=\"se\\\"cret\";",
            "spring.kafka.properties.client.rack=r1")
        .run(
            context -> {
              Map<String, ?> kafka = defaults(context, "kafka");
              assertThat(kafka.get("bootstrapServers")).isEqualTo("one:9092,two:9092");
              assertThat(kafka.get("tls")).isEqualTo(true);
              assertThat(kafka.get("saslMechanism")).isEqualTo("SCRAM-SHA-512");
              assertThat(kafka.get("user")).isEqualTo("me");
              assertThat(kafka.get("password")).isEqualTo("se\"cret");
              assertThat(kafka.get("properties")).isEqualTo(Map.of("client.rack", "r1"));
              assertThat(defaults(context, "file")).isEmpty();
            });
  }

  @Test
  void rabbitAndRedisOfTheApplication_areThoseOfConnectors() {
    runner
        .withBean(
            RabbitConnectionDetails.class,
            () -> () -> List.of(new RabbitConnectionDetails.Address("rabbit", 5673)))
        .withBean(
            DataRedisConnectionDetails.class,
            () ->
                new DataRedisConnectionDetails() {
                  @Override
                  public String getPassword() {
                    return "hidden";
                  }

                  @Override
                  public Standalone getStandalone() {
                    return Standalone.of("redis", 6380, 3);
                  }
                })
        .withPropertyValues(
            "spring.elasticsearch.uris=http://a:9200,http://b:9200",
            "spring.elasticsearch.username=elastic")
        .run(
            context -> {
              assertThat(defaults(context, "rabbitmq").get("host")).isEqualTo("rabbit");
              assertThat(defaults(context, "rabbitmq").get("port")).isEqualTo(5673);
              assertThat(defaults(context, "redis").get("uri")).isEqualTo("redis://redis:6380/3");
              assertThat(defaults(context, "redis").get("password")).isEqualTo("hidden");
              ConnectorRegistry registry = context.getBean(ConnectorRegistry.class);
              for (ConnectorDescriptor redis :
                  List.of(
                      registry.source("redis").descriptor(), registry.sink("redis").descriptor())) {
                assertThat(redis.options().stream().map(OptionSpec::name))
                    .containsAll(defaults(context, "redis").keySet());
              }
              assertThat(defaults(context, "elasticsearch").get("hosts"))
                  .isEqualTo(List.of("http://a:9200", "http://b:9200"));
              assertThat(defaults(context, "elasticsearch").get("user")).isEqualTo("elastic");
            });
  }

  @Test
  void beanOfTheApplication_goesBeforeSpringsConnection() {
    runner
        .withBean(KafkaConnectionDetails.class, () -> () -> List.of("springs:9092"))
        .withBean(
            "own",
            ConnectorDefaults.class,
            () -> name -> Map.of("bootstrapServers", "own:9092", "clientId", "me"))
        .run(
            context ->
                assertThat(defaults(context, "kafka").get("bootstrapServers"))
                    .isEqualTo("own:9092"));
  }

  @Test
  void withoutSpringsClasses_thereAreNoConnections() {
    runner
        .withClassLoader(
            new FilteredClassLoader(
                KafkaConnectionDetails.class,
                RabbitConnectionDetails.class,
                DataRedisConnectionDetails.class))
        .run(context -> assertThat(defaults(context, "kafka")).isEmpty());
  }
}
