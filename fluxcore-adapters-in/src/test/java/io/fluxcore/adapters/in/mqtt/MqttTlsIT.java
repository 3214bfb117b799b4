package io.fluxcore.adapters.in.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.application.kit.MosquittoServer;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted connections to a real server. */
@Timeout(180)
final class MqttTlsIT {
  private static final Schema SCHEMA = Schema.builder().field("id", DataType.LONG).build();

  @TempDir private static Path directory;
  private static TestCertificate certificate;
  private static TestCertificate another;
  private static MosquittoServer server;
  private static int tests;

  @TempDir private Path spool;

  @BeforeAll
  static void start() throws Exception {
    certificate = TestCertificate.in(directory);
    another = TestCertificate.in(Files.createDirectory(directory.resolve("another")));
    server = MosquittoServer.startWithTls(certificate.pem(), certificate.key());
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private Map<String, Object> options(String uri, Path trusted) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", uri);
    options.put("clientId", "encrypted-" + tests++);
    options.put("topic", "encrypted");
    options.put("spool", spool.toString());
    options.put("user", MosquittoServer.USER);
    options.put("password", MosquittoServer.PASSWORD);
    if (trusted != null) {
      options.put("tlsTrustStore", trusted.toString());
    }
    return options;
  }

  private static Source source(Map<String, Object> options) {
    MqttSourceConnector connector = new MqttSourceConnector();
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

  /** A retained message, which each subscription is given. */
  private static void publish(long id) {
    TestTopic.with(
        server,
        client ->
            client.publish(
                Mqtt5Publish.builder()
                    .topic("encrypted")
                    .payload(("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8))
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .retain(true)
                    .build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void certificateThatIsTrusted_isTaken_asPemAndAsPkcs12(String version) {
    publish(1);
    Map<String, Object> byPem = options(server.tlsUri(), certificate.pem());
    byPem.put("version", version);
    source(byPem).check();
    assertThat(read(byPem, 1)).containsExactly(1L);
    Map<String, Object> byStore = options(server.tlsUri(), certificate.store());
    byStore.put("tlsTrustStorePassword", TestCertificate.PASSWORD);
    byStore.put("version", version);
    byStore.put("spool", spool.resolve("other").toString());
    source(byStore).check();
    assertThat(read(byStore, 1)).containsExactly(1L);
  }

  @Test
  void certificateThatIsNotTrusted_isRefused_withTheRemedy() {
    for (Path trusted : new Path[] {another.pem(), null}) {
      assertRefused(
          options(server.tlsUri(), trusted), "FLX-MQTT-0003", "give the certificate of who");
    }
  }

  /** It ends the connection without a word, as one that is about to end does. */
  @Test
  void portWithoutTls_isTriedAgain() {
    publish(1);
    Map<String, Object> options = options("ssl://127.0.0.1:" + server.port(), certificate.pem());
    Source source = source(options);
    source.check();
    try (SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 100))) {
      reader.assign(source.discoverSplits().get(0), null);
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      while (System.nanoTime() < until) {
        assertThat(reader.poll(Duration.ofMillis(50))).isInstanceOf(Poll.Nothing.class);
      }
    }
  }

  @Test
  void wrongPassword_isTold() {
    Map<String, Object> options = options(server.tlsUri(), certificate.pem());
    options.put("password", "wrong");
    assertRefused(options, "FLX-MQTT-0001", "right user, password");
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
