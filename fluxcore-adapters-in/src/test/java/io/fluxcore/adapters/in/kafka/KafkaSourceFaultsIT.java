package io.fluxcore.adapters.in.kafka;

import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Faults of the broker. */
final class KafkaSourceFaultsIT extends SourceFaultsContract {
  private static KafkaServer server;
  private static Topics topics;

  private String topic;

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

  @BeforeEach
  void createTopic() {
    topic = topics.create(1);
  }

  @Override
  protected SourceConnector connector() {
    return new KafkaSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("bootstrapServers", server.bootstrapServers());
    options.put("topic", topic);
    options.put(
        "properties", Map.of("request.timeout.ms", "2000", "default.api.timeout.ms", "3000"));
    return options;
  }

  @Override
  protected void publish(long fromId, long toId) {
    List<ProducerRecord<byte[], byte[]>> messages =
        LongStream.range(fromId, toId)
            .mapToObj(id -> Topics.message(topic, 0, id, null, "{\"id\":" + id + "}"))
            .toList();
    topics.send(messages);
  }

  @Override
  protected void killServer() {
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
  protected boolean knowsItsSplits() {
    return false;
  }

  @Override
  protected Map<String, Object> wrongPassword() {
    Map<String, Object> options = options();
    options.put("bootstrapServers", server.saslServers());
    options.put("user", KafkaServer.USER);
    options.put("password", "wrong");
    return options;
  }

  @Override
  protected Map<String, Object> missing() {
    Map<String, Object> options = options();
    options.put("topic", topic + ", no-such-topic");
    return options;
  }
}
