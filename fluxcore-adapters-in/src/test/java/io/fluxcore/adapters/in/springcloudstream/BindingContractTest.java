package io.fluxcore.adapters.in.springcloudstream;

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

/** The contract is read from a spool that was filled before; nothing is handed over. */
final class BindingContractTest extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  @TempDir private Path directory;
  private boolean filled;

  @Override
  protected SourceConnector connector() {
    return new SpringCloudStreamSourceConnector(new HandedBindings());
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
    return List.of("orders@20");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("binding", "orders", "spool", directory.resolve("empty").toString());
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("binding", "orders");
    options.put("spool", directory.resolve("conflicting").toString());
    options.put("spoolBytes", "4kb");
    options.put("spoolSegmentBytes", "1kb");
    options.put("deduplicationWindow", -1);
    return options;
  }
}
