package io.fluxcore.adapters.in.backlog;

import io.fluxcore.adapters.in.spool.Spool;
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

/**
 * The contract of a source that others push into, read from a spool that was filled before; nobody
 * pushes meanwhile.
 */
public abstract class SpooledSourceContract extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  @TempDir private Path directory;
  private boolean filled;

  /** Where a test may put files. */
  protected final Path directory() {
    return directory;
  }

  /** A message that is a bad record. */
  protected String badMessage() {
    return "";
  }

  @Override
  protected final boolean isBounded() {
    return false;
  }

  @Override
  protected final Map<String, Object> options() {
    Path spool = directory.resolve("contract");
    if (!filled) {
      filled = true;
      try (Spool filling = Spool.open(spool, 1 << 20, 4096)) {
        for (int i = 0; i < 20; i++) {
          filling.append(List.of(record(1000L * i, "{\"id\":" + i + ",\"name\":\"ü\"}")));
        }
        filling.append(List.of(record(0, badMessage())));
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
  protected final Schema schema() {
    return SCHEMA;
  }

  @Override
  protected final List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      rows.add(EventRecord.of(SCHEMA, 1L * i, (long) i, "ü"));
    }
    return List.of(rows);
  }

  @Override
  protected abstract Map<String, Object> emptyOptions();
}
