package io.fluxcore.adapters.in.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.domain.event.EventRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients call. */
final class SocketServerFaultsTest extends SocketFaultsContract {
  @Override
  TestSender newSender() {
    return TestSender.client(port);
  }

  @Override
  String mode() {
    return "server";
  }

  /** An address of documentation (RFC 5737), which no machine has. */
  @Override
  protected @Nullable Map<String, Object> missing() {
    Map<String, Object> options = options();
    options.put("host", "192.0.2.1");
    return options;
  }

  @Test
  void severalClients_areReadAtOnce_eachInItsOrder() {
    List<TestSender> clients = new ArrayList<>();
    Map<String, List<Long>> byClient = new HashMap<>();
    try (SourceReader reader = reader(options(), null)) {
      for (int i = 0; i < 4; i++) {
        TestSender client = TestSender.client(port);
        clients.add(client);
        for (long id = 0; id < 500; id++) {
          client.send(line("{\"id\":" + id + "}"));
        }
      }
      int found = 0;
      while (found < 2_000) {
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
      clients.forEach(TestSender::close);
    }
    assertThat(byClient).hasSize(4);
    assertThat(byClient.values()).allMatch(ids -> ids.equals(ids(0, 500)));
  }

  @Test
  void moreClientsThanAreAllowed_areRefused_untilOneGoes() throws Exception {
    sender.close();
    Map<String, Object> options = options();
    options.put("maxConnections", 1);
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      try (Socket first = call()) {
        first.getOutputStream().write(line("{\"id\":0}"));
        read(reader, 1, found);
        try (Socket second = call()) {
          assertThat(isEnded(second)).isTrue();
        }
        first.getOutputStream().write(line("{\"id\":1}"));
        read(reader, 2, found);
      }
      try (TestSender next = TestSender.client(port)) {
        awaitTrue(
            () -> {
              next.send(line("{\"id\":2}"));
              return reader.poll(Duration.ofMillis(20)) instanceof Poll.Rows;
            });
      }
    }
  }

  private Socket call() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static boolean isEnded(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (IOException e) {
      return true; // reset
    }
  }

  @Test
  void portThatIsTaken_isTold() {
    try (SourceReader reader = reader(options(), null)) {
      source(options()).check();
      Map<String, Object> other = options();
      other.put("spool", directory.resolve("other").toString());
      try (SourceReader second = reader(other, null)) {
        assertThatThrownBy(() -> second.poll(Duration.ofSeconds(10)))
            .hasMessageContaining("FLX-BACKLOG-0008")
            .hasMessageContaining(":" + port);
      }
      assertNoMore(reader, Duration.ofMillis(1));
    }
    // Neither port nor spool is held any more.
    Map<String, Object> other = options();
    other.put("spool", directory.resolve("other").toString());
    try (SourceReader second = reader(other, null)) {
      assertNoMore(second, Duration.ofMillis(1));
    }
  }

  @Test
  void clientsWithTls_areRead_andOthersLeaveNothing() throws Exception {
    sender.close();
    TestCertificate certificate = TestCertificate.in(directory);
    Map<String, Object> options = options();
    options.put("tls", true);
    options.put("tlsKeyStore", certificate.store().toString());
    options.put("tlsKeyStorePassword", TestCertificate.PASSWORD);
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options, null)) {
      try (Socket plain = call()) {
        plain.getOutputStream().write(line("{\"id\":1}"));
        assertThat(isEnded(plain)).isTrue();
      }
      try (Socket secure =
          trusting(certificate).getSocketFactory().createSocket("localhost", port)) {
        secure.getOutputStream().write(line("{\"id\":2}"));
        read(reader, 1, found);
      }
      assertNoMore(reader, Duration.ofMillis(100));
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
