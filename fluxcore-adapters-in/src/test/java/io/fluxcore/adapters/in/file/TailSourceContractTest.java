package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** A directory that is followed keeps what every source keeps. */
final class TailSourceContractTest extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  @TempDir private Path directory;

  @Override
  protected SourceConnector connector() {
    return new FileSourceConnector();
  }

  @Override
  protected boolean isBounded() {
    return false;
  }

  private void write(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Two logs, one of which was rotated twice; a compressed file is left out. */
  @Override
  protected Map<String, Object> options() {
    write("a.log.2", lines(0, 8));
    write("a.log.1", lines(8, 12) + "oops\n");
    write("a.log", lines(12, 15));
    write("a.log.3.gz", "not looked at");
    write("b.log", "\uFEFF" + lines(100, 120) + "{\"id\":120,\"na");
    try {
      // Rotation keeps the times of files; what was written last is the newest.
      long now = System.currentTimeMillis();
      touch("a.log.2", now - 2_000);
      touch("a.log.1", now - 1_000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of("path", directory.toString(), "mode", "tail", "pollInterval", "1ms");
  }

  private void touch(String name, long millis) throws IOException {
    Files.setLastModifiedTime(
        directory.resolve(name), java.nio.file.attribute.FileTime.fromMillis(millis));
  }

  private static String lines(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append("{\"id\":").append(i).append(",\"name\":\"n").append(i).append("\"}\n");
    }
    return text.toString();
  }

  private static List<EventRecord> rows(int from, int to) {
    List<EventRecord> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(EventRecord.of(SCHEMA, EventBatch.NO_TIMESTAMP, (long) i, "n" + i));
    }
    return rows;
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    return List.of(rows(0, 15), rows(100, 120));
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of(directory + "/a.log.1:5");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("path", directory.resolve("none.log").toString(), "mode", "tail");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("path", "x.gz");
    options.put("mode", "tail");
    options.put("pollInterval", "0s");
    options.put("rotateWait", "2h");
    return options;
  }
}
