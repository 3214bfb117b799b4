package io.fluxcore.adapters.in.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.HttpReceiver;
import io.fluxcore.application.connector.kit.HttpReceiver.Answer;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.kit.FreePort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server is called. */
final class WebSocketClientFaultsTest extends SourceFaultsContract {
  private final int port = FreePort.next();
  @TempDir private Path directory;
  private TestServer server;
  private HttpReceiver refusing;

  @BeforeEach
  void start() {
    server = new TestServer(port);
    refusing = HttpReceiver.start(request -> Answer.of(401));
  }

  @AfterEach
  void end() {
    server.close();
    refusing.close();
  }

  @Override
  protected SourceConnector connector() {
    return new WebSocketSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", "ws://127.0.0.1:" + port + "/feed?key=1");
    options.put("spool", directory.resolve("spool").toString());
    return options;
  }

  @Override
  protected void publish(long fromId, long toId) {
    for (long id = fromId; id < toId; id++) {
      server.send("{\"id\":" + id + "}");
    }
  }

  @Override
  protected boolean isAcknowledged() {
    return false;
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
    options.put("uri", refusing.url().replace("http", "ws") + "/feed");
    options.put("token", "wrong");
    return options;
  }

  @Override
  protected Map<String, Object> missing() {
    Map<String, Object> options = options();
    options.put("uri", "ws://127.0.0.1:" + port + "/nowhere");
    return options;
  }

  @Test
  void subscriptions_areSentOnEachConnection_withHeadersAndToken() throws Exception {
    Map<String, Object> options = options();
    options.put("subscribe", List.of("{\"op\":\"subscribe\"}", "more ü😀"));
    options.put("headers", Map.of("X-Client", "fluxcore"));
    options.put("token", "geheim");
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      publish(0, 1);
      read(reader, 1, found);
      awaitTrue(() -> server.received().size() == 2); // it sends without waiting for them
      assertThat(server.received()).containsExactly("{\"op\":\"subscribe\"}", "more ü😀");
      var call = server.calls().get(0);
      assertThat(call.getResourceDescriptor()).isEqualTo("/feed?key=1");
      assertThat(call.getFieldValue("X-Client")).isEqualTo("fluxcore");
      assertThat(call.getFieldValue("Authorization")).isEqualTo("Bearer geheim");
      killServer();
      restartServer();
      publish(1, 2);
      read(reader, 2, found);
      awaitTrue(() -> server.received().size() == 4);
    }
    assertThat(found).containsExactly(0L, 1L);
  }

  @Test
  void refusal_namesTheStatus_andShowsNoSecret() {
    assertThatThrownBy(source(wrongPassword())::check)
        .hasMessageContaining("FLX-WEBSOCKET-0001")
        .hasMessageContaining("401")
        .hasMessageNotContaining("wrong");
    assertThatThrownBy(source(missing())::check).hasMessageContaining("FLX-WEBSOCKET-0002");
  }

  @Test
  void serverThatIsBusy_isTriedAgain() {
    refusing.behave(request -> Answer.of(503));
    assertThatThrownBy(source(wrongPassword())::check)
        .hasMessageContainingAll("FLX-WEBSOCKET-0005", "503");
    try (SourceReader reader = reader(wrongPassword(), null)) {
      assertNoMore(reader, Duration.ofMillis(500));
    }
    assertThat(refusing.requests()).hasSizeGreaterThan(1);
  }

  @Test
  void hugeEmptyAndPoisonousMessages_areReadOrBad_andTheOthersGoOn() {
    Map<String, Object> options = options();
    options.put("maxRecordBytes", "100kb");
    List<Long> found = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      server.send("{\"id\":1,\"text\":\"" + "é😀".repeat(16_000) + "\"}");
      server.send("{\"id\":2,\"text\":\"" + "é😀".repeat(200_000) + "\"}");
      server.send("");
      server.send("nonsense");
      server.send("{\"id\":3,\"text\":\"İ\"}".getBytes(StandardCharsets.UTF_8));
      while (found.size() < 2) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
          bad.addAll(rows.bad());
          SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
        }
      }
    }
    assertThat(found).containsExactly(1L, 3L);
    assertThat(bad).hasSize(3);
    BadRecord huge =
        bad.stream().filter(b -> b.code().equals("FLX-FORMAT-0002")).findFirst().orElseThrow();
    assertThat(huge.bytes()).hasSize(4096);
    assertThat(huge.message()).contains("1200018 bytes");
    assertThat(huge.coordinates()).isEqualTo("ws://127.0.0.1:" + port + "/feed@1");
  }

  @Test
  void serverThatAnswersNoPings_isCalledAgain() throws Exception {
    Map<String, Object> options = options();
    options.put("pingInterval", "500ms");
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      publish(0, 1);
      read(reader, 1, found);
      awaitTrue(() -> server.pings() > 2);
      assertThat(server.calls()).hasSize(1);
      server.pause();
      awaitTrue(() -> server.calls().size() > 1);
      server.resume();
      publish(1, 2);
      read(reader, 2, found);
    }
    assertThat(found).containsExactly(0L, 1L);
  }

  @Test
  void fullSpool_holdsTheServerBack_untilThereIsRoom() {
    Map<String, Object> options = options();
    options.put("spoolBytes", "4mb");
    options.put("spoolSegmentBytes", "1mb");
    options.put("pingInterval", "200ms");
    int records = 4_000;
    String padding = "x".repeat(10_000);
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      for (int id = 0; id < records; id++) {
        server.send("{\"id\":" + id + ",\"text\":\"" + padding + "\"}");
      }
      read(reader, 300, found);
      while (reader.poll(Duration.ofMillis(500)) instanceof Poll.Rows rows) {
        SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
      }
      assertThat(found).hasSizeLessThan(420);
      assertThat(server.waiting()).as("messages that the server could not send").isPositive();
      for (long checkpoint = 1; found.size() < records; checkpoint++) {
        reader.checkpointStarted(checkpoint);
        reader.checkpointCompleted(checkpoint);
        read(reader, found.size() + 1, found);
      }
      assertThat(server.calls()).as("connections").hasSize(1);
    }
    assertThat(found).isEqualTo(ids(0, records));
  }

  @Test
  void whatIsInTheSpool_isReadAgainFromAPosition_withoutTheServer() {
    List<Long> found = new ArrayList<>();
    SplitPosition position;
    try (SourceReader reader = reader(options(), null)) {
      publish(0, 50);
      position = read(reader, 50, found);
      publish(50, 100);
      read(reader, 100, found);
    }
    server.kill();
    List<Long> again = new ArrayList<>();
    try (SourceReader reader = reader(options(), position)) {
      read(reader, 50, again);
    }
    assertThat(again).isEqualTo(ids(50, 100));
  }
}
