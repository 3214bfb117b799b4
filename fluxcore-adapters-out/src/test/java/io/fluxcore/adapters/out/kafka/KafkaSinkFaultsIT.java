package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** Faults of the broker, with and without transactions. */
final class KafkaSinkFaultsIT {
  /** More than {@code message.max.bytes} of the broker. */
  private static final int TOO_LARGE = 1_100_000;

  private static KafkaServer server;
  private static Topics topics;

  @BeforeAll
  static void start() {
    server = KafkaServer.start();
    topics = new Topics(server);
  }

  @AfterAll
  static void end() {
    topics.close();
    server.close();
  }

  private abstract static class Faults extends SinkFaultsContract {
    private String topic;

    @BeforeEach
    void createTopic() {
      topic = topics.create(1);
    }

    abstract String guarantee();

    @Override
    protected SinkConnector connector() {
      return new KafkaSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      Map<String, Object> options = new HashMap<>();
      options.put("bootstrapServers", server.bootstrapServers());
      options.put("topic", topic);
      options.put("transactionalIdPrefix", "of-" + topic);
      options.put("guarantee", guarantee());
      options.put(
          "properties",
          Map.of(
              "max.block.ms",
              "2000",
              "request.timeout.ms",
              "1500",
              "delivery.timeout.ms",
              "3000",
              "default.api.timeout.ms",
              "3000"));
      return options;
    }

    @Override
    protected List<Long> visibleIds() {
      return topics.ids(topic);
    }

    /** After what it has promised: see ADR 021 on a cluster of one that is killed before. */
    @Override
    protected void killServer() {
      topics.awaitMarkers();
      server.kill();
    }

    @Override
    protected void restartServer() {
      server.restart();
    }

    @Override
    protected void pauseServer() {
      server.pause();
    }

    @Override
    protected void resumeServer() {
      server.resume();
    }

    @Override
    protected String refuse(long id) {
      return "x".repeat(TOO_LARGE);
    }

    @Override
    protected Map<String, Object> wrongPassword() {
      Map<String, Object> options = options();
      options.put("bootstrapServers", server.saslServers());
      options.put("user", KafkaServer.USER);
      options.put("password", "guessed");
      return options;
    }

    @Override
    protected Map<String, Object> missing() {
      Map<String, Object> options = options();
      options.put("topic", "no-such-topic");
      return options;
    }
  }

  @Nested
  class InTransactions extends Faults {
    @Override
    String guarantee() {
      return "exactly-once";
    }

    /** A transaction that messages could not be added to is given up. */
    @Override
    protected boolean keepsWhatItTook() {
      return false;
    }
  }

  @Nested
  class AtOnce extends Faults {
    @Override
    String guarantee() {
      return "at-least-once";
    }
  }
}
