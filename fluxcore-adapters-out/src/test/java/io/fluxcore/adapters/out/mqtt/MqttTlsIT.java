package io.fluxcore.adapters.out.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.application.kit.MosquittoServer;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections to a real server. */
@Timeout(180)
final class MqttTlsIT {
  private static final Schema SCHEMA = Schema.builder().field("id", DataType.LONG).build();

  @TempDir private static Path directory;
  private static TestCertificate certificate;
  private static TestCertificate another;
  private static MosquittoServer server;
  private static TestSubscriber subscriber;

  @BeforeAll
  static void start() throws Exception {
    certificate = TestCertificate.in(directory);
    another = TestCertificate.in(Files.createDirectory(directory.resolve("another")));
    server = MosquittoServer.startWithTls(certificate.pem(), certificate.key());
    subscriber = new TestSubscriber(server, "encrypted");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static Map<String, Object> options(String uri, Path trusted) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", uri);
    options.put("topic", "encrypted/rows");
    options.put("user", MosquittoServer.USER);
    options.put("password", MosquittoServer.PASSWORD);
    if (trusted != null) {
      options.put("tlsTrustStore", trusted.toString());
    }
    return options;
  }

  private static Sink sink(Map<String, Object> options) {
    MqttSinkConnector connector = new MqttSinkConnector();
    return connector.create(OptionParser.parse(connector.descriptor(), options).orThrow(), SCHEMA);
  }

  private static void write(Map<String, Object> options, long id) {
    try (SinkWriter writer = sink(options).createWriter("sink", 0, 1)) {
      writer.write(new EventBatchBuilder(SCHEMA).row(0, id).build(), RecordFailures.FAIL);
      writer.flush();
    }
  }

  private static List<String> messages() {
    return subscriber.messages().stream()
        .map(message -> new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void certificateThatIsTrusted_isTaken_asPemAndAsPkcs12() {
    Map<String, Object> byPem = options(server.tlsUri(), certificate.pem());
    sink(byPem).check();
    write(byPem, 1);
    Map<String, Object> byStore = options(server.tlsUri(), certificate.store());
    byStore.put("tlsTrustStorePassword", TestCertificate.PASSWORD);
    sink(byStore).check();
    write(byStore, 2);
    assertThat(messages()).containsExactly("{\"id\":1}", "{\"id\":2}");
  }

  @Test
  void certificateThatIsNotTrusted_isRefused_withTheRemedy() {
    for (Path trusted : new Path[] {another.pem(), null}) {
      assertRefused(
          options(server.tlsUri(), trusted), "FLX-MQTT-0003", "give the certificate of who");
    }
  }

  @Test
  void wrongPassword_isTold() {
    Map<String, Object> options = options(server.tlsUri(), certificate.pem());
    options.put("password", "wrong");
    assertRefused(options, "FLX-MQTT-0001", "right user, password");
  }

  private static void assertRefused(Map<String, Object> options, String code, String remedy) {
    List<ThrowingCallable> ways = List.of(sink(options)::check, () -> write(options, 3));
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
