package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.control.LetterDesk;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.publish.PublishStreams;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The REST API in a Spring Boot application with Tomcat, on a port of its own. */
public final class TestServer implements AutoCloseable {
  /** Small limits, so that tests reach them. */
  private static final RestSettings SETTINGS =
      new RestSettings(
          "0.0.0-test",
          1 << 20,
          5_000,
          1 << 12,
          4,
          2,
          3,
          Duration.ofSeconds(2),
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          List.of("https://console.example"));

  private final FakeFluxCore service = new FakeFluxCore();
  private final FakeSavepoints savepoints = new FakeSavepoints(service);
  private final FakeStreams streams = new FakeStreams();
  private final InMemoryDeadLetters letters = new InMemoryDeadLetters(1_000);
  private final ConfigurableApplicationContext context;

  private TestServer() {
    SpringApplication application = new SpringApplication(Application.class);
    application.setDefaultProperties(
        java.util.Map.of(
            "server.port", "0",
            "server.address", "127.0.0.1",
            "spring.main.banner-mode", "off",
            "logging.level.root", "ERROR"));
    application.addInitializers(
        starting -> {
          starting.getBeanFactory().registerSingleton("service", service);
          starting.getBeanFactory().registerSingleton("savepoints", savepoints);
          starting.getBeanFactory().registerSingleton("streams", streams);
          starting.getBeanFactory().registerSingleton("rules", new FakeRules());
          starting
              .getBeanFactory()
              .registerSingleton(
                  "desk",
                  new LetterDesk(
                      letters, letter -> Optional.of(new MendedOnly()), InstantSource.system()));
        });
    context = application.run();
  }

  public static TestServer start() {
    return new TestServer();
  }

  public int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public FakeFluxCore service() {
    return service;
  }

  public InMemoryDeadLetters letters() {
    return letters;
  }

  public FakeStreams streams() {
    return streams;
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }

  /** What a server has to do: import the door, and give it what it asks for. */
  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(RestApi.class)
  static class Application {
    @Bean
    RestSettings settings() {
      return SETTINGS;
    }

    @Bean
    ConnectorRegistry connectors() {
      return new FakeConnectors();
    }

    /** Fails the start if a test forgot to hand them over. */
    @Bean
    Object parts(FluxCoreService service, PublishStreams streams) {
      return List.of(service, streams);
    }
  }
}
