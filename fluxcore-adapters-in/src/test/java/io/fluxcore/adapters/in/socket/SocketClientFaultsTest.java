package io.fluxcore.adapters.in.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.TestCertificate;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A server is called. */
final class SocketClientFaultsTest extends SocketFaultsContract {
  @Override
  TestSender newSender() {
    return TestSender.server(port);
  }

  @Override
  String mode() {
    return "client";
  }

  /** A name that nobody has may be known later. */
  @Override
  protected @Nullable Map<String, Object> missing() {
    return null;
  }

  @Test
  void serverThatEndsItsConnections_isCalledAgain() throws Exception {
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options(), null)) {
      for (int i = 0; i < 5; i++) {
        publish(i, i + 1);
        read(reader, i + 1, found);
        killServer();
        restartServer();
      }
    }
    assertThat(found).isEqualTo(ids(0, 5));
  }

  @Test
  void check_callsNobody() throws Exception {
    source(options()).check();
    publish(0, 1);
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = reader(options(), null)) {
      read(reader, 1, found);
    }
    assertThat(sender.connections()).isEqualTo(1);
  }

  @Test
  void serverWithTls_isRead_ifItIsTrusted() throws Exception {
    TestCertificate certificate = TestCertificate.in(directory);
    List<Long> found = new ArrayList<>();
    CompletableFuture<Void> serving;
    try (SSLServerSocket server =
        (SSLServerSocket) certificate.context().getServerSocketFactory().createServerSocket(0)) {
      serving = CompletableFuture.runAsync(() -> serve(server));
      Map<String, Object> options = options();
      options.put("host", "localhost");
      options.put("port", server.getLocalPort());
      options.put("tls", true);
      assertFailsSoon(options);
      options.put("tlsTrustStore", certificate.pem().toString());
      try (SourceReader reader = reader(options, null)) {
        read(reader, 1, found);
      }
    }
    serving.join();
    assertThat(found.get(0)).isEqualTo(7);
  }

  /** Sends one record to each who calls, until it is closed. */
  private static void serve(SSLServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write(line("{\"id\":7}"));
      } catch (IOException e) {
        Thread.onSpinWait(); // who called does not trust us, or it is over
      }
    }
  }

  @Test
  void trustStoreThatIsNone_isToldAtSubmission() {
    Map<String, Object> options = options();
    options.put("tls", true);
    options.put("tlsTrustStore", directory.resolve("none.pem").toString());
    assertThatThrownBy(() -> source(options)).hasMessageContaining("tlsTrustStore");
  }
}
