package io.fluxcore.adapters.in.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.MessageProperties;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.application.connector.kit.TlsContract;
import io.fluxcore.application.kit.RabbitMqServer;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections to a real server. */
final class RabbitMqTlsIT extends TlsContract {

  private static RabbitMqServer server;
  private static TestQueue queue;

  @TempDir private Path spool;

  @BeforeAll
  static void start() throws Exception {
    server = RabbitMqServer.startWithTls(certificate.pem(), certificate.key());
    queue = new TestQueue(server, "encrypted");
    queue.declareEmpty();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected Map<String, Object> options(@Nullable Path trusted) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.tlsUri());
    options.put("queue", "encrypted");
    options.put("spool", spool.toString());
    options.put("user", RabbitMqServer.USER);
    options.put("password", RabbitMqServer.USER);
    if (trusted != null) {
      options.put("tlsTrustStore", trusted.toString());
    }
    return options;
  }

  private static Source source(Map<String, Object> options) {
    RabbitMqSourceConnector connector = new RabbitMqSourceConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options).orThrow(),
        new ConnectorServices(JdkRegexCompiler.INSTANCE));
  }

  private static void publish(long id) {
    queue.publish(
        MessageProperties.PERSISTENT_BASIC,
        ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected List<ThrowingCallable> uses(Map<String, Object> options) {
    return List.of(source(options)::check, () -> SourceReading.ids(source(options), 1));
  }

  @Override
  protected Refusal ofUntrusted() {
    return new Refusal("FLX-RABBITMQ-0004", "give the certificate of who");
  }

  @Override
  protected Refusal ofWrongPassword() {
    return new Refusal("FLX-RABBITMQ-0001", "right user and password");
  }

  @Test
  void certificateThatIsTrusted_isTaken_asPemAndAsPkcs12() {
    Map<String, Object> byPem = options(certificate.pem());
    source(byPem).check();
    publish(1);
    assertThat(SourceReading.ids(source(byPem), 1)).containsExactly(1L);
    Map<String, Object> byStore = options(certificate.store());
    byStore.put("tlsTrustStorePassword", TestCertificate.PASSWORD);
    source(byStore).check();
    publish(2);
    assertThat(SourceReading.ids(source(byStore), 2)).containsExactly(1L, 2L);
  }

  @Test
  void portWithoutTls_isTold() {
    Map<String, Object> options = options(certificate.pem());
    options.put("uri", "amqps://127.0.0.1:" + server.port());
    assertRefused(options, new Refusal("FLX-RABBITMQ-0015", "leave TLS out"));
  }
}
