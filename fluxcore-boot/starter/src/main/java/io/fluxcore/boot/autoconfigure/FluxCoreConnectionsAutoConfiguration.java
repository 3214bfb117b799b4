package io.fluxcore.boot.autoconfigure;

import io.fluxcore.application.connector.ConnectorDefaults;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Gives connectors the connections that the application has: those that Spring Boot makes of
 * properties, or of a container of a test.
 */
@AutoConfiguration(
    before = FluxCoreAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
      "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"
    })
class FluxCoreConnectionsAutoConfiguration {
  /** {@code spring.kafka}. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(KafkaConnectionDetails.class)
  static class Kafka {
    private static final Pattern USER = Pattern.compile("username=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern PASSWORD = Pattern.compile("password=\"((?:[^\"\\\\]|\\\\.)*)\"");

    @Bean
    @ConditionalOnBean(KafkaConnectionDetails.class)
    ConnectorDefaults fluxCoreKafkaConnection(
        KafkaConnectionDetails connection, Environment environment) {
      Map<String, String> properties =
          new LinkedHashMap<>(
              Binder.get(environment)
                  .bind("spring.kafka.properties", Bindable.mapOf(String.class, String.class))
                  .orElse(Map.of()));
      Map<String, Object> options = new HashMap<>();
      options.put("bootstrapServers", String.join(",", connection.getBootstrapServers()));
      String protocol = properties.remove("security.protocol");
      if (connection.getSecurityProtocol() != null) {
        protocol = connection.getSecurityProtocol();
      }
      if (protocol != null && protocol.toUpperCase(Locale.ROOT).endsWith("SSL")) {
        options.put("tls", true);
      }
      String login = properties.remove("sasl.jaas.config");
      put(options, "saslMechanism", properties.remove("sasl.mechanism"));
      if (login != null) {
        put(options, "user", quoted(USER, login));
        put(options, "password", quoted(PASSWORD, login));
      }
      if (!properties.isEmpty()) {
        options.put("properties", properties);
      }
      return of("kafka", options);
    }

    private static @Nullable String quoted(Pattern pattern, String login) {
      Matcher found = pattern.matcher(login);
      return found.find() ? found.group(1).replaceAll("\\\\(.)", "$1") : null;
    }
  }

  /** {@code spring.rabbitmq}. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RabbitConnectionDetails.class)
  static class Rabbit {
    @Bean
    @ConditionalOnBean(RabbitConnectionDetails.class)
    ConnectorDefaults fluxCoreRabbitConnection(
        RabbitConnectionDetails connection, Environment environment) {
      Map<String, Object> options = new HashMap<>();
      RabbitConnectionDetails.Address address = connection.getFirstAddress();
      options.put("host", address.host());
      options.put("port", address.port());
      put(options, "user", connection.getUsername());
      put(options, "password", connection.getPassword());
      put(options, "virtualHost", connection.getVirtualHost());
      if (environment.getProperty("spring.rabbitmq.ssl.enabled", Boolean.class, false)) {
        options.put("tls", true);
      }
      return of("rabbitmq", options);
    }
  }

  /** {@code spring.data.redis}. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DataRedisConnectionDetails.class)
  static class Redis {
    @Bean
    @ConditionalOnBean(DataRedisConnectionDetails.class)
    ConnectorDefaults fluxCoreRedisConnection(
        DataRedisConnectionDetails connection, Environment environment) {
      DataRedisConnectionDetails.Standalone server = connection.getStandalone();
      if (server == null) {
        return ConnectorDefaults.NONE;
      }
      boolean tls = environment.getProperty("spring.data.redis.ssl.enabled", Boolean.class, false);
      Map<String, Object> options = new HashMap<>();
      options.put(
          "uri",
          (tls ? "rediss://" : "redis://")
              + server.getHost()
              + ":"
              + server.getPort()
              + "/"
              + server.getDatabase());
      put(options, "user", connection.getUsername());
      put(options, "password", connection.getPassword());
      return of("redis", options);
    }
  }

  /** {@code spring.elasticsearch}, if the application says anything there. */
  @Bean
  @ConditionalOnProperty("spring.elasticsearch.uris")
  ConnectorDefaults fluxCoreElasticsearchConnection(Environment environment) {
    Map<String, Object> options = new HashMap<>();
    options.put(
        "hosts",
        Binder.get(environment)
            .bind("spring.elasticsearch.uris", Bindable.listOf(String.class))
            .orElse(List.of()));
    put(options, "user", environment.getProperty("spring.elasticsearch.username"));
    put(options, "password", environment.getProperty("spring.elasticsearch.password"));
    put(options, "apiKey", environment.getProperty("spring.elasticsearch.api-key"));
    return of("elasticsearch", options);
  }

  private static void put(Map<String, Object> options, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      options.put(name, value);
    }
  }

  private static ConnectorDefaults of(String connector, Map<String, Object> options) {
    return name -> name.equals(connector) ? options : Map.of();
  }
}
