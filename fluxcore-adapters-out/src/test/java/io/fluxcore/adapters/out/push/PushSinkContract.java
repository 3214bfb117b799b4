package io.fluxcore.adapters.out.push;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.ChangelogSinkContract;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.application.kit.FreePort;
import io.fluxcore.domain.event.Schema;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** The contract, as a client sees it that is connected before the first row. */
@Timeout(120)
public abstract class PushSinkContract extends SinkConnectorContract {
  private final int port = FreePort.next();
  private @Nullable Client client;
  private @Nullable RecentEvents events;

  /** Somebody who is connected. */
  public interface Client extends AutoCloseable {
    /** Waits for so many rows, and gives them. */
    List<String> rows(long count);

    @Override
    void close();
  }

  protected abstract SinkConnector pushing();

  /** What the clients of a sink are told. */
  protected abstract RecentEvents eventsOf(Sink sink);

  /** Connects to the path {@code /rows} of this machine. */
  protected abstract Client connect(int toPort);

  @AfterEach
  final void end() {
    if (client != null) {
      client.close();
    }
  }

  @Override
  protected final SinkConnector connector() {
    SinkConnector real = pushing();
    return new SinkConnector() {
      @Override
      public ConnectorDescriptor descriptor() {
        return real.descriptor();
      }

      @Override
      public Sink create(ConnectorOptions options, Schema schema) {
        return watched(real.create(options, schema));
      }
    };
  }

  /** With a client at it from the beginning. */
  private Sink watched(Sink real) {
    return (operatorId, subtask, parallelism) -> {
      events = eventsOf(real); // of a sink that writes, not of one that is only asked
      SinkWriter writer = real.createWriter(operatorId, subtask, parallelism);
      client = connect(port);
      return writer;
    };
  }

  @Override
  protected final Map<String, Object> options() {
    return Map.of("host", "127.0.0.1", "port", port, "path", "/rows", "bufferEvents", 100_000);
  }

  /** What a client is sent in order makes the table. */
  @Nested
  class Changelog extends ChangelogSinkContract {
    @Override
    protected Sink sink() {
      SinkConnector real = pushing();
      return watched(real.create(OptionParser.parse(real.descriptor(), options()).orThrow(), ROWS));
    }

    @Override
    protected Collection<List<@Nullable Object>> table() {
      Client reading = Objects.requireNonNull(client);
      long written = Objects.requireNonNull(events).last();
      return make(
          reading.rows(written).stream()
              .map(row -> new Written(JsonReadBack.kind(row), JsonReadBack.rows(ROWS, row).get(0)))
              .toList());
    }
  }

  @Override
  protected final List<List<@Nullable Object>> visibleRows(Schema schema) {
    Client reading = client;
    RecentEvents written = events;
    return reading == null || written == null
        ? List.of()
        : JsonReadBack.rows(schema, String.join("\n", reading.rows(written.last())));
  }
}
