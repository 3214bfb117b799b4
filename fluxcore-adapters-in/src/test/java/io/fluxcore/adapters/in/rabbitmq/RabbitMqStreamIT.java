package io.fluxcore.adapters.in.rabbitmq;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.kit.RabbitMqServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/**
 * The contract, with a stream of a real server. A stream has no end: the readers here end behind
 * the last message that the test has published.
 */
@Timeout(180)
final class RabbitMqStreamIT extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();
  private static final String FILLED = "contract";
  private static final String EMPTY = "nothing";
  private static final Map<String, String> ENDS = Map.of(FILLED, "offset 22", EMPTY, "earliest");

  private static RabbitMqServer server;

  @BeforeAll
  static void start() {
    server = RabbitMqServer.start();
    TestStream stream = new TestStream(server, FILLED).declare(Map.of());
    stream.publish(0, 20);
    stream.publish("{\"id\":\"no\"}");
    stream.publish(20, 21);
    new TestStream(server, EMPTY).declare(Map.of());
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected SourceConnector connector() {
    return new Ending();
  }

  private static Map<String, Object> options(String stream) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.uri());
    options.put("queue", stream);
    options.put("stream", true);
    return options;
  }

  @Override
  protected Map<String, Object> options() {
    return options(FILLED);
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
    return List.of(FILLED + "@20");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return options(EMPTY);
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = options(FILLED);
    options.put("spool", "/tmp/spool");
    options.put("acknowledge", "checkpoint");
    options.put("requireId", true);
    options.put("declare", true);
    options.put("durable", false);
    options.put("arguments", Map.of("x-queue-type", "quorum"));
    options.put("startFrom", "offset");
    options.put("startTimestamp", "2026-01-31T10:00:00Z");
    return options;
  }

  /** The connector, with sources that end. */
  private static final class Ending implements SourceConnector {
    private final SourceConnector connector = new RabbitMqSourceConnector();

    @Override
    public ConnectorDescriptor descriptor() {
      return connector.descriptor();
    }

    @Override
    public Source create(ConnectorOptions options, ConnectorServices services) {
      return new EndingSource(
          connector.create(options, services), ENDS.get(options.string("queue")));
    }
  }

  private record EndingSource(Source source, String end) implements Source {
    @Override
    public @Nullable Schema schema() {
      return source.schema();
    }

    @Override
    public boolean isBounded() {
      return true;
    }

    @Override
    public List<Split> discoverSplits() {
      return source.discoverSplits();
    }

    @Override
    public @Nullable SplitSeeking seeking() {
      return source.seeking();
    }

    @Override
    public SourceReader createReader(ReaderContext context) {
      return new EndingReader(source.createReader(context), end);
    }
  }

  private static final class EndingReader implements SourceReader {
    private final SourceReader reader;
    private final String end;
    private String split = "";
    private boolean isAtEnd;
    private boolean isTold;

    EndingReader(SourceReader reader, String end) {
      this.reader = reader;
      this.end = end;
    }

    @Override
    public void assign(Source.Split assigned, @Nullable SplitPosition position) {
      split = assigned.id();
      reader.assign(assigned, position);
    }

    @Override
    public Poll poll(Duration maxWait) {
      if (isAtEnd && !isTold) {
        isTold = true;
        return new Poll.EndOfSplit(split);
      }
      Poll poll = reader.poll(maxWait);
      isAtEnd |= poll instanceof Poll.Rows rows && rows.end().text().equals(end);
      return poll;
    }

    @Override
    public void wakeUp() {
      reader.wakeUp();
    }

    @Override
    public boolean holdSplits(Set<String> splits) {
      return reader.holdSplits(splits);
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
