package io.fluxcore.adapters.out.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.GetResponse;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import io.fluxcore.application.kit.RabbitMqServer;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Faults of the server, and messages that nobody takes. */
final class RabbitMqSinkFaultsIT extends SinkFaultsContract {
  private static RabbitMqServer server;
  private static int tests;

  private final String name = "faults-" + tests++;
  private final TestQueue queue = new TestQueue(server, name);

  @BeforeAll
  static void start() {
    server = RabbitMqServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected SinkConnector connector() {
    return new RabbitMqSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("host", "127.0.0.1");
    options.put("port", server.port());
    options.put("routingKey", name);
    options.put("confirmTimeout", "1s");
    return options;
  }

  @Override
  protected List<Long> visibleIds() {
    return queue.messages().stream().map(RabbitMqSinkFaultsIT::id).toList();
  }

  private static long id(GetResponse message) {
    String json = new String(message.getBody(), StandardCharsets.UTF_8);
    return Long.parseLong(json.replaceAll("\\{\"id\":(\\d+),.*", "$1"));
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
  protected Map<String, Object> wrongPassword() {
    Map<String, Object> options = options();
    options.put("user", "guest");
    options.put("password", "wrong");
    return options;
  }

  @Override
  protected Map<String, Object> missing() {
    Map<String, Object> options = options();
    options.put("exchange", "no-such-exchange");
    return options;
  }

  @Test
  void messages_haveIdHeadersTimeAndType() {
    Map<String, Object> options = options();
    options.put("idField", "id");
    options.put("headerFields", List.of("name", "id"));
    try (SinkWriter writer = sink(options).createWriter("sink", 0, 1)) {
      writer.write(
          new EventBatchBuilder(SCHEMA).row(7_000, 42L, "ünï 😀").row(8_000, 43L, null).build(),
          RecordFailures.FAIL);
      writer.flush();
    }
    AMQP.BasicProperties first = queue.messages().get(0).getProps();
    assertThat(first.getMessageId()).isEqualTo("42");
    assertThat(first.getContentType()).isEqualTo("application/json");
    assertThat(first.getDeliveryMode()).isEqualTo(2);
    assertThat(first.getTimestamp().getTime()).isEqualTo(7_000);
    assertThat(first.getHeaders().get("name")).hasToString("ünï 😀");
    assertThat(queue.messages().get(1).getProps().getHeaders()).doesNotContainKey("name");
  }

  @Test
  void messagesThatNoQueueTakes_orThatAreTooLarge_areFailedRows_andTheOthersAreWritten() {
    Map<String, Object> options = options();
    options.remove("routingKey");
    options.put("routingKeyField", "name");
    options.put("maxMessageBytes", 2000);
    List<String> failed = new ArrayList<>();
    RecordFailures failures =
        (batch, row, error) -> failed.add(batch.column(0).get(row) + " " + error.code());
    try (SinkWriter writer = sink(options).createWriter("sink", 0, 1)) {
      writer.write(
          new EventBatchBuilder(SCHEMA)
              .row(0, 1L, name)
              .row(0, 2L, "nobody")
              .row(0, 3L, "nobody")
              .row(0, 4L, null)
              .row(0, 5L, "x".repeat(3000))
              .row(0, 6L, name)
              .build(),
          failures);
      writer.flush();
    }
    assertThat(visibleIds()).containsExactly(1L, 6L);
    assertThat(failed)
        .containsExactlyInAnyOrder(
            "2 FLX-RABBITMQ-0007",
            "3 FLX-RABBITMQ-0007",
            "4 FLX-RABBITMQ-0009",
            "5 FLX-RABBITMQ-0008");
  }

  @Test
  void exchangeThatIsDeleted_isToldAndNotWaitedFor() {
    queue.with(channel -> channel.exchangeDeclare("gone", "fanout"));
    Map<String, Object> options = options();
    options.put("exchange", "gone");
    options.put("mandatory", false);
    try (SinkWriter writer = sink(options).createWriter("sink", 0, 1)) {
      writer.write(rows(0, 1), RecordFailures.FAIL);
      writer.flush();
      queue.with(channel -> channel.exchangeDelete("gone"));
      writer.write(rows(1, 2), RecordFailures.FAIL);
      assertThatThrownBy(writer::flush).hasMessageContaining("FLX-RABBITMQ-0005");
    }
  }
}
