package io.fluxcore.adapters.in.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.MessageProperties;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.kit.RabbitMqServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with messages that a real server gave and that are in a spool since. */
final class RabbitMqSourceIT extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  private static RabbitMqServer server;
  private static TestQueue queue;

  @TempDir private Path directory;
  private boolean filled;

  @BeforeAll
  static void start() {
    server = RabbitMqServer.start();
    queue = new TestQueue(server, "contract");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected SourceConnector connector() {
    return new RabbitMqSourceConnector();
  }

  @Override
  protected boolean isBounded() {
    return false;
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = options("contract", "spool");
    if (!filled) {
      filled = true;
      queue.declareEmpty();
      fill();
      readAll(options);
    }
    return options;
  }

  private Map<String, Object> options(String queueName, String spool) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.uri());
    options.put("queue", queueName);
    options.put("spool", directory.resolve(spool).toString());
    return options;
  }

  private static void fill() {
    for (int i = 0; i <= 20; i++) {
      AMQP.BasicProperties properties =
          MessageProperties.PERSISTENT_BASIC.builder().timestamp(new Date(i * 1000L)).build();
      queue.publish(
          properties, ("{\"id\":" + i + ",\"name\":\"ü\"}").getBytes(StandardCharsets.UTF_8));
      if (i == 19) {
        queue.publish(properties, "{\"id\":\"no\"}".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private void readAll(Map<String, Object> options) {
    int rows = 0;
    try (SourceReader reader = source(options).createReader(SourceReading.context(SCHEMA, 100))) {
      reader.assign(source(options).discoverSplits().get(0), null);
      while (rows < 21) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows some) {
          rows += some.batch().size();
        }
      }
    }
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      rows.add(EventRecord.of(SCHEMA, i * 1000L, (long) i, "ü"));
    }
    return List.of(rows);
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of("contract@20");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    new TestQueue(server, "empty").declareEmpty();
    return options("empty", "empty");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", "amqp://me:secret@host/");
    options.put("queue", "q");
    options.put("prefetch", 0);
    options.put("acknowledge", "checkpoint");
    options.put("spool", directory.toString());
    options.put("spoolBytes", "1kb");
    options.put("deduplicationWindow", -1);
    options.put("arguments", Map.of("x-queue-type", "quorum"));
    options.put("tlsTrustStore", "/tmp/ca.pem");
    options.put("metadata", Map.of("k", "nonsense"));
    assertThat(options).hasSize(10);
    return options;
  }
}
