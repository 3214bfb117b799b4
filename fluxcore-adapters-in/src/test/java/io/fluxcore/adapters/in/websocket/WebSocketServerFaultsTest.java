package io.fluxcore.adapters.in.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.SourceFaultsContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.application.kit.FreePort;
import io.fluxcore.domain.event.EventRecord;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients call. */
final class WebSocketServerFaultsTest extends SourceFaultsContract {
  private final int port = FreePort.next();
  private final String uri = "ws://127.0.0.1:" + port + "/in";
  @TempDir private Path directory;
  private TestClient client;

  @BeforeEach
  void start() {
    client = new TestClient(uri);
  }

  @AfterEach
  void end() {
    client.close();
  }

  /** Nobody is called before it reads. */
  @Override
  protected boolean canBeLookedAt() {
    return false;
  }

  @Override
  protected SourceConnector connector() {
    return new WebSocketSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("mode", "server");
    options.put("host", "127.0.0.1");
    options.put("port", port);
    options.put("path", "/in");
    options.put("spool", directory.resolve("spool").toString());
    return options;
  }

  @Override
  protected void publish(long fromId, long toId) {
    for (long id = fromId; id < toId; id++) {
      client.send("{\"id\":" + id + "}");
    }
  }

  @Override
  protected boolean isAcknowledged() {
    return false;
  }

  @Override
  protected void killServer() {
    client.kill();
  }

  @Override
  protected void restartServer() {
    client.restart();
  }

  @Override
  protected void pauseServer() {
    client.pause();
  }

  @Override
  protected void resumeServer() {
    client.resume();
  }

  @Override
  protected @Nullable Map<String, Object> wrongPassword() {
    return null;
  }

  /** An address of documentation (RFC 5737), which no machine has. */
  @Override
  protected Map<String, Object> missing() {
    Map<String, Object> options = options();
    options.put("host", "192.0.2.1");
    return options;
  }

  @Test
  void clientsWithoutTheRightSecret_areRefused_andLeaveNothing() throws Exception {
    client.close();
    Map<String, Object> options = options();
    options.put("token", "geheim");
    options.put("user", "ada");
    options.put("password", "ünï");
    try (SourceReader reader = reader(options, null)) {
      assertThat(TestClient.refusal(uri, null)).isEqualTo(401);
      assertThat(TestClient.refusal(uri, "Bearer geheimer")).isEqualTo(401);
      assertThat(TestClient.refusal(uri, "Bearer ")).isEqualTo(401);
      assertThat(TestClient.refusal(uri, basic("ada", "uni"))).isEqualTo(401);
      assertThat(TestClient.refusal(uri + "/else", "Bearer geheim")).isEqualTo(404);
      assertThat(TestClient.refusal(uri, "Bearer geheim")).isEqualTo(101);
      assertThat(TestClient.refusal(uri, basic("ada", "ünï"))).isEqualTo(101);
      assertNoMore(reader, Duration.ofMillis(100));
    }
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void moreClientsThanAreAllowed_areRefused() throws Exception {
    client.close();
    Map<String, Object> options = options();
    options.put("maxConnections", 1);
    try (SourceReader reader = reader(options, null)) {
      WebSocket first = TestClient.connect(uri, null, null, new TestClient.Ending());
      assertThat(TestClient.refusal(uri, null)).isEqualTo(503);
      first.sendText("{\"id\":1}", true).join();
      List<Long> found = new ArrayList<>();
      read(reader, 1, found);
      first.abort();
      assertThat(found).containsExactly(1L);
    }
  }

  @Test
  void severalClients_areReadAtOnce_eachInItsOrder() {
    List<TestClient> clients = new ArrayList<>();
    Map<String, List<Long>> byClient = new HashMap<>();
    try (SourceReader reader = reader(options(), null)) {
      for (int i = 0; i < 4; i++) {
        TestClient one = new TestClient(uri);
        clients.add(one);
        for (long id = 0; id < 300; id++) {
          one.send("{\"id\":" + id + "}");
        }
      }
      int found = 0;
      while (found < 1_200) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
          for (EventRecord row : SourceReading.records(rows.batch())) {
            byClient
                .computeIfAbsent(String.valueOf(row.key()), k -> new ArrayList<>())
                .add(row.getLong("id"));
            found++;
          }
        }
      }
    } finally {
      clients.forEach(TestClient::close);
    }
    assertThat(byClient).hasSize(4);
    assertThat(byClient.values()).allMatch(ids -> ids.equals(ids(0, 300)));
  }

  @Test
  void hugeEmptyAndPoisonousMessages_areReadOrBad_andAHugeOneEndsItsConnection() throws Exception {
    client.close();
    Map<String, Object> options = options();
    options.put("maxRecordBytes", "100kb");
    List<Long> found = new ArrayList<>();
    List<BadRecord> bad = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      TestClient.Ending ending = new TestClient.Ending();
      WebSocket socket = TestClient.connect(uri, null, null, ending);
      socket.sendText("{\"id\":1,\"text\":\"" + "é".repeat(40_000) + "\"}", true).join();
      socket.sendText("", true).join();
      socket.sendText("{\"id\":", false).join();
      socket.sendText("2}", true).join();
      socket
          .sendBinary(ByteBuffer.wrap("{\"id\":3}".getBytes(StandardCharsets.UTF_8)), true)
          .join();
      socket.sendText("x".repeat(200_000), true).exceptionally(broken -> socket).join();
      assertThat(ending.status.get()).isIn(1009, -1);
      WebSocket next = TestClient.connect(uri, null, null, new TestClient.Ending());
      next.sendText("{\"id\":4}", true).join();
      while (found.size() < 4 || bad.size() < 2) {
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows rows) {
          bad.addAll(rows.bad());
          SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
        }
      }
      next.abort();
    }
    assertThat(found).containsExactly(1L, 2L, 3L, 4L);
    assertThat(bad.stream().map(BadRecord::code).toList()).contains("FLX-FORMAT-0002").hasSize(2);
  }

  @Test
  void fullSpool_holdsTheClientBack_untilThereIsRoom() {
    Map<String, Object> options = options();
    options.put("spoolBytes", "4mb");
    options.put("spoolSegmentBytes", "1mb");
    int records = 4_000;
    String padding = "x".repeat(10_000);
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      for (int id = 0; id < records; id++) {
        client.send("{\"id\":" + id + ",\"text\":\"" + padding + "\"}");
      }
      read(reader, 300, found);
      while (reader.poll(Duration.ofMillis(500)) instanceof Poll.Rows rows) {
        SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
      }
      assertThat(found).hasSizeLessThan(420);
      assertThat(client.waiting()).as("messages that the client could not send").isPositive();
      for (long checkpoint = 1; found.size() < records; checkpoint++) {
        reader.checkpointStarted(checkpoint);
        reader.checkpointCompleted(checkpoint);
        read(reader, found.size() + 1, found);
      }
    }
    assertThat(found).isEqualTo(ids(0, records));
  }

  @Test
  void portThatIsTaken_isTold_andFreeAfterwards() {
    Map<String, Object> other = options();
    other.put("spool", directory.resolve("other").toString());
    try (SourceReader reader = reader(options(), null)) {
      source(options()).check();
      try (SourceReader second = reader(other, null)) {
        assertThatThrownBy(() -> second.poll(Duration.ofSeconds(10)))
            .hasMessageContaining("FLX-BACKLOG-0008");
      }
      assertNoMore(reader, Duration.ofMillis(1));
    }
    try (SourceReader second = reader(other, null)) {
      int rows = 0;
      for (long id = 0; rows == 0; id++) {
        publish(id, id + 1); // what goes into the connection that is ending is lost
        if (second.poll(Duration.ofMillis(200)) instanceof Poll.Rows some) {
          rows = some.batch().size();
        }
      }
    }
  }

  @Test
  void clientsWithTls_areRead() throws Exception {
    client.close();
    TestCertificate certificate = TestCertificate.in(directory);
    Map<String, Object> options = options();
    options.put("tls", true);
    options.put("tlsKeyStore", certificate.store().toString());
    options.put("tlsKeyStorePassword", TestCertificate.PASSWORD);
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      WebSocket socket =
          TestClient.connect(
              "wss://localhost:" + port + "/in",
              null,
              trusting(certificate),
              new TestClient.Ending());
      socket.sendText("{\"id\":2}", true).join();
      read(reader, 1, found);
      socket.abort();
    }
    assertThat(found).containsExactly(2L);
  }

  private static SSLContext trusting(TestCertificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(certificate.pem())) {
      Certificate trusted = CertificateFactory.getInstance("X.509").generateCertificate(in);
      store.setCertificateEntry("server", trusted);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
