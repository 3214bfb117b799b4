package io.fluxcore.adapters.in.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.MessageProperties;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.application.kit.RabbitMqServer;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections to a real server. */
@Timeout(180)
final class RabbitMqTlsIT {
  private static final Schema SCHEMA = Schema.builder().field("id", DataType.LONG).build();

  @TempDir private static Path directory;
  private static TestCertificate certificate;
  private static TestCertificate another;
  private static RabbitMqServer server;
  private static TestQueue queue;

  @TempDir private Path spool;

  @BeforeAll
  static void start() throws Exception {
    certificate = TestCertificate.in(directory);
    another = TestCertificate.in(Files.createDirectory(directory.resolve("another")));
    server = RabbitMqServer.startWithTls(certificate.pem(), certificate.key());
    queue = new TestQueue(server, "encrypted");
    queue.declareEmpty();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private Map<String, Object> options(String uri, Path trusted) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", uri);
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

  private static List<Long> read(Map<String, Object> options, int rows) {
    List<Long> ids = new ArrayList<>();
    Source source = source(options);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try (SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 100))) {
      reader.assign(source.discoverSplits().get(0), null);
      while (ids.size() < rows) {
        assertThat(System.nanoTime()).as("%s", ids).isLessThan(deadline);
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows some) {
          SourceReading.records(some.batch()).forEach(row -> ids.add(row.getLong("id")));
        }
      }
    }
    return ids;
  }

  private static void publish(long id) {
    queue.publish(
        MessageProperties.PERSISTENT_BASIC,
        ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void certificateThatIsTrusted_isTaken_asPemAndAsPkcs12() {
    Map<String, Object> byPem = options(server.tlsUri(), certificate.pem());
    source(byPem).check();
    publish(1);
    assertThat(read(byPem, 1)).containsExactly(1L);
    Map<String, Object> byStore = options(server.tlsUri(), certificate.store());
    byStore.put("tlsTrustStorePassword", TestCertificate.PASSWORD);
    source(byStore).check();
    publish(2);
    assertThat(read(byStore, 2)).containsExactly(1L, 2L);
  }

  @Test
  void certificateThatIsNotTrusted_isRefused_withTheRemedy() {
    for (Path trusted : new Path[] {another.pem(), null}) {
      assertRefused(
          options(server.tlsUri(), trusted), "FLX-RABBITMQ-0004", "give the certificate of who");
    }
  }

  @Test
  void portWithoutTls_isTold() {
    assertRefused(
        options("amqps://127.0.0.1:" + server.port(), certificate.pem()),
        "FLX-RABBITMQ-0015",
        "leave TLS out");
  }

  @Test
  void wrongPassword_isTold() {
    Map<String, Object> options = options(server.tlsUri(), certificate.pem());
    options.put("password", "wrong");
    assertRefused(options, "FLX-RABBITMQ-0001", "right user and password");
  }

  private static void assertRefused(Map<String, Object> options, String code, String remedy) {
    List<ThrowingCallable> ways = List.of(source(options)::check, () -> read(options, 1));
    ways.forEach(
        way ->
            assertThatThrownBy(way)
                .isInstanceOfSatisfying(
                    FluxCoreException.class,
                    e -> {
                      assertThat(e.category()).isEqualTo(ErrorCategory.USER);
                      assertThat(e.code()).isEqualTo(code);
                      assertThat(e.diagnostics().get(0).remedy()).contains(remedy);
                    }));
  }
}
