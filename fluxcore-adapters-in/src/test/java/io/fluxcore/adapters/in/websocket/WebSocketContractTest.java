package io.fluxcore.adapters.in.websocket;

import io.fluxcore.adapters.in.spool.Spool;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract is read from a spool that was filled before; nobody is called. */
final class WebSocketContractTest extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  @TempDir private Path directory;
  private final int port = TestServer.freePort();
  private boolean filled;

  @Override
  protected SourceConnector connector() {
    return new WebSocketSourceConnector();
  }

  @Override
  protected boolean isBounded() {
    return false;
  }

  @Override
  protected Map<String, Object> options() {
    Path spool = directory.resolve("contract");
    if (!filled) {
      filled = true;
      try (Spool filling = Spool.open(spool, 1 << 20, 4096)) {
        for (int i = 0; i < 20; i++) {
          filling.append(List.of(record(1000L * i, "{\"id\":" + i + ",\"name\":\"ü\"}")));
        }
        filling.append(List.of(record(0, "")));
        filling.append(List.of(record(1000L * 20, "{\"name\":\"ü\",\"id\":20}")));
      }
    }
    Map<String, Object> options = new HashMap<>(emptyOptions());
    options.put("spool", spool.toString());
    return options;
  }

  private static byte[] record(long micros, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + bytes.length).putLong(micros).put(bytes).array();
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      rows.add(EventRecord.of(SCHEMA, 1L * i, (long) i, "ü"));
    }
    return List.of(rows);
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of("ws://127.0.0.1:" + port + "/feed@20");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("uri", "ws://127.0.0.1:" + port + "/feed?key=secret");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", "http://user:password@host");
    options.put("port", 70_000);
    options.put("password", "x");
    options.put("headers", Map.of("Authorization", "Bearer x"));
    options.put("pingInterval", "30d");
    options.put("maxRecordBytes", 1);
    options.put("tlsVerifyHostname", false);
    return options;
  }
}
