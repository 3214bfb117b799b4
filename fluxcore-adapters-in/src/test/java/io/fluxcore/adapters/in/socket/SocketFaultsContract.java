package io.fluxcore.adapters.in.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.kit.FreePort;
import io.fluxcore.domain.event.EventRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is the same whoever calls: faults of the other side and of records. */
abstract class SocketFaultsContract extends SourceFaultsContract {
  final int port = FreePort.next();
  @TempDir Path directory;
  TestSender sender;

  /** Who sends: a server, or a client. */
  abstract TestSender newSender();

  abstract String mode();

  @BeforeEach
  void startSender() {
    sender = newSender();
  }

  @AfterEach
  void endSender() {
    sender.close();
  }

  /** Nobody is called before it reads. */
  @Override
  protected boolean canBeLookedAt() {
    return false;
  }

  @Override
  protected SourceConnector connector() {
    return new SocketSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = inMemory();
    options.put("spool", directory.resolve("spool").toString());
    return options;
  }

  Map<String, Object> inMemory() {
    Map<String, Object> options = new HashMap<>();
    options.put("mode", mode());
    options.put("host", "127.0.0.1");
    options.put("port", port);
    return options;
  }

  Map<String, Object> withLengths() {
    Map<String, Object> options = options();
    options.put("framing", "length");
    return options;
  }

  static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static byte[] withLength(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  @Override
  protected void publish(long fromId, long toId) {
    for (long id = fromId; id < toId; id++) {
      sender.send(line("{\"id\":" + id + "}"));
    }
  }

  @Override
  protected boolean isAcknowledged() {
    return false;
  }

  @Override
  protected void killServer() {
    sender.kill();
  }

  @Override
  protected void restartServer() {
    sender.restart();
  }

  @Override
  protected void pauseServer() {
    sender.pause();
  }

  @Override
  protected void resumeServer() {
    sender.resume();
  }

  @Override
  protected @Nullable Map<String, Object> wrongPassword() {
    return null;
  }

  /** Reads until there are so many rows and bad records. */
  static void read(
      SourceReader reader, int rows, List<Long> found, int badOnes, List<BadRecord> bad) {
    while (found.size() < rows || bad.size() < badOnes) {
      if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows some) {
        bad.addAll(some.bad());
        SourceReading.records(some.batch()).forEach(row -> found.add(row.getLong("id")));
      }
    }
  }

  private static List<String> codes(List<BadRecord> bad) {
    return bad.stream().map(BadRecord::code).toList();
  }

  @Test
  void hugeEmptyAndPoisonousLines_areReadOrBad_andTheOthersGoOn() {
    Map<String, Object> options = options();
    options.put("maxRecordBytes", "100kb");
    List<Long> found = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      sender.send(line("{\"id\":1,\"text\":\"" + "é".repeat(40_000) + "\"}"));
      sender.send(line("{\"id\":2,\"text\":\"" + "é".repeat(400_000) + "\"}"));
      sender.send(line(""));
      sender.send(line("nonsense"));
      sender.send(line("{\"id\":3,\"text\":\"İ😀\"}\r"));
      read(reader, 2, found, 2, bad);
    }
    assertThat(found).containsExactly(1L, 3L);
    assertThat(codes(bad)).containsExactlyInAnyOrder("FLX-FORMAT-0002", "FLX-FORMAT-0001");
    BadRecord huge = bad.get(codes(bad).indexOf("FLX-FORMAT-0002"));
    assertThat(huge.bytes()).hasSize(4096).startsWith("{\"id\":2".getBytes(StandardCharsets.UTF_8));
    assertThat(huge.message()).contains("maxRecordBytes").contains("102400");
    assertThat(huge.coordinates()).isEqualTo("127.0.0.1:" + port + "@1");
  }

  @Test
  void recordsWithLengths_mayHoldLineEnds_andBadOnesAreBad() {
    Map<String, Object> options = withLengths();
    options.put("maxRecordBytes", "1kb");
    List<Long> found = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      sender.send(withLength("{\"id\":1,\n\"x\":2}"));
      sender.send(withLength(""));
      sender.send(withLength("x".repeat(1_000_000)));
      sender.send(withLength("{\"id\":2}"));
      read(reader, 2, found, 2, bad);
    }
    assertThat(found).containsExactly(1L, 2L);
    assertThat(codes(bad)).contains("FLX-FORMAT-0002").hasSize(2);
  }

  @Test
  void connectionThatBreaksWithinARecord_leavesABadOne_andTheNextGoesOn() throws Exception {
    List<Long> found = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    try (SourceReader reader = reader(withLengths(), null)) {
      sender.send(withLength("{\"id\":1}"));
      sender.send(new byte[] {0, 0, 0, 9, '{', '"'});
      read(reader, 1, found, 0, bad);
      killServer();
      restartServer();
      sender.send(withLength("{\"id\":2}"));
      read(reader, 2, found, 1, bad);
    }
    assertThat(found).containsExactly(1L, 2L);
    assertThat(codes(bad)).containsExactly("FLX-SOCKET-0002");
  }

  @Test
  void recordsOfOtherFormats_areRead_andTheSendersAddressIsTheKey() {
    Map<String, Object> options = options();
    options.put("format", "csv");
    options.put("columns", "id,name");
    try (SourceReader reader = reader(options, null)) {
      sender.send(line("7,\"a;b\""));
      EventRecord row = null;
      while (row == null) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
          row = SourceReading.records(rows.batch()).get(0);
        }
      }
      assertThat(row.getLong("id")).isEqualTo(7);
      assertThat(row.key()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void whatIsInTheSpool_isReadAgainFromAPosition_withoutTheSender() {
    List<Long> found = new ArrayList<>();
    SplitPosition position;
    try (SourceReader reader = reader(options(), null)) {
      publish(0, 50);
      position = read(reader, 50, found);
      publish(50, 100);
      read(reader, 100, found);
    }
    sender.kill();
    List<Long> again = new ArrayList<>();
    try (SourceReader reader = reader(options(), position)) {
      read(reader, 50, again);
      reader.checkpointStarted(1);
      reader.checkpointCompleted(1);
    }
    assertThat(found).isEqualTo(ids(0, 100));
    assertThat(again).isEqualTo(ids(50, 100));
  }

  @Test
  void withoutSpool_whatOneReaderDidNotRead_theNextOneDoes() {
    var source = source(inMemory());
    assertThat(source.isReplayable()).isFalse();
    assertThat(source(options()).isReplayable()).isTrue();
    List<Long> found = new ArrayList<>();
    SourceReader first = source.createReader(SourceReading.context(SCHEMA, 10));
    first.assign(source.discoverSplits().get(0), null);
    StringBuilder all = new StringBuilder();
    ids(0, 100).forEach(id -> all.append("{\"id\":").append(id).append("}\n"));
    sender.send(all.toString().getBytes(StandardCharsets.UTF_8)); // they come as one
    read(first, 1, found);
    first.close();
    int readByTheFirst = found.size();
    sender.kill();
    try (SourceReader second = source.createReader(SourceReading.context(SCHEMA, 10))) {
      second.assign(source.discoverSplits().get(0), null);
      read(second, 100, found);
    }
    assertThat(readByTheFirst).isLessThan(100);
    assertThat(found).isEqualTo(ids(0, 100));
  }

  @Test
  void fullSpool_holdsTheSenderBack_untilThereIsRoom() {
    Map<String, Object> options = options();
    options.put("spoolBytes", "4mb");
    options.put("spoolSegmentBytes", "1mb");
    int records = 4_000;
    String padding = "x".repeat(10_000);
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      for (int id = 0; id < records; id++) {
        sender.send(line("{\"id\":" + id + ",\"text\":\"" + padding + "\"}"));
      }
      read(reader, 300, found);
      assertNoMoreThanTheSpoolHolds(reader, found);
      assertThat(sender.waiting()).as("records that the sender could not send").isPositive();
      for (long checkpoint = 1; found.size() < records; checkpoint++) {
        reader.checkpointStarted(checkpoint);
        reader.checkpointCompleted(checkpoint);
        read(reader, found.size() + 1, found);
      }
    }
    assertThat(found).isEqualTo(ids(0, records));
  }

  private static void assertNoMoreThanTheSpoolHolds(SourceReader reader, List<Long> found) {
    while (reader.poll(Duration.ofMillis(500)) instanceof Poll.Rows rows) {
      SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
    }
    assertThat(found).hasSizeLessThan(420);
  }

  @Test
  void silentConnection_isEnded_andTheNextOneIsRead() throws Exception {
    Map<String, Object> options = options();
    options.put("silenceTimeout", "100ms");
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      publish(0, 1);
      read(reader, 1, found);
      int before = sender.connections();
      awaitTrue(() -> sender.connections() > before);
      publish(1, 2);
      read(reader, 2, found);
    }
    assertThat(found).containsExactly(0L, 1L);
  }
}
