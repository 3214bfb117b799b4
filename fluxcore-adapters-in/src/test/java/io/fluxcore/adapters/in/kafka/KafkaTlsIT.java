package io.fluxcore.adapters.in.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
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
final class KafkaTlsIT {
  private static final Schema SCHEMA = Schema.builder().field("id", DataType.LONG).build();

  @TempDir private static Path directory;
  private static TestCertificate certificate;
  private static TestCertificate another;
  private static KafkaServer server;
  private static Topics topics;
  private static String topic;

  @BeforeAll
  static void start() throws Exception {
    certificate = TestCertificate.in(directory);
    another = TestCertificate.in(Files.createDirectory(directory.resolve("another")));
    server = KafkaServer.startWithTls(certificate);
    topics = new Topics(server);
    topic = topics.create(1);
    topics.send(topic, 0, 0, "{\"id\":1}");
  }

  @AfterAll
  static void end() {
    topics.close();
    server.close();
  }

  private static Map<String, Object> options(String servers, Path trusted) {
    Map<String, Object> options = new HashMap<>();
    options.put("bootstrapServers", servers);
    options.put("topic", topic);
    options.put("user", KafkaServer.USER);
    options.put("password", KafkaServer.PASSWORD);
    options.put("saslMechanism", "SCRAM-SHA-512");
    options.put("tls", true);
    if (trusted != null) {
      options.put("tlsTrustStore", trusted.toString());
    }
    return options;
  }

  private static Source source(Map<String, Object> options) {
    KafkaSourceConnector connector = new KafkaSourceConnector();
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

  @Test
  void certificateThatIsTrusted_isTaken_asPemAndAsPkcs12() {
    Map<String, Object> byPem = options(server.tlsServers(), certificate.pem());
    source(byPem).check();
    assertThat(read(byPem, 1)).containsExactly(1L);
    Map<String, Object> byStore = options(server.tlsServers(), certificate.store());
    byStore.put("tlsTrustStorePassword", TestCertificate.PASSWORD);
    source(byStore).check();
    assertThat(read(byStore, 1)).containsExactly(1L);
  }

  @Test
  void certificateThatIsNotTrusted_isRefused_withTheRemedy() {
    for (Path trusted : new Path[] {another.pem(), null}) {
      assertRefused(options(server.tlsServers(), trusted), "TLS options that the brokers expect");
    }
  }

  @Test
  void wrongPassword_isTold() {
    Map<String, Object> options = options(server.tlsServers(), certificate.pem());
    options.put("password", "wrong");
    assertRefused(options, "user, password");
  }

  @Test
  void mechanismThatTheBrokersDoNotHave_isTold() {
    Map<String, Object> options = options(server.tlsServers(), certificate.pem());
    options.put("saslMechanism", "PLAIN");
    assertRefused(options, "user, password");
  }

  private static void assertRefused(Map<String, Object> options, String remedy) {
    List<ThrowingCallable> ways = List.of(source(options)::check, () -> read(options, 1));
    ways.forEach(
        way ->
            assertThatThrownBy(way)
                .isInstanceOfSatisfying(
                    FluxCoreException.class,
                    e -> {
                      assertThat(e.category()).isEqualTo(ErrorCategory.USER);
                      assertThat(e.code()).isEqualTo("FLX-KAFKA-0001");
                      assertThat(e.diagnostics().get(0).remedy()).contains(remedy);
                    }));
  }
}
