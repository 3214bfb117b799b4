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
import io.fluxcore.application.connector.kit.TlsContract;
import io.fluxcore.application.kit.MosquittoServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted connections to a real server. */
final class MqttTlsIT extends TlsContract {
  private static final Schema SCHEMA = Schema.builder().field("id", DataType.LONG).build();

  private static MosquittoServer server;
  private static int tests;

  @TempDir private Path spool;

  @BeforeAll
  static void start() throws Exception {
    server = MosquittoServer.startWithTls(certificate.pem(), certificate.key());
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected Map<String, Object> options(@Nullable Path trusted) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.tlsUri());
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

  @Override
  protected List<ThrowingCallable> uses(Map<String, Object> options) {
    return List.of(source(options)::check, () -> SourceReading.ids(source(options), 1));
  }

  @Override
  protected Refusal ofUntrusted() {
    return new Refusal("FLX-MQTT-0003", "give the certificate of who");
  }

  @Override
  protected Refusal ofWrongPassword() {
    return new Refusal("FLX-MQTT-0001", "right user, password");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void certificateThatIsTrusted_isTaken_asPemAndAsPkcs12(String version) {
    publish(1);
    Map<String, Object> byPem = options(certificate.pem());
    byPem.put("version", version);
    source(byPem).check();
    assertThat(SourceReading.ids(source(byPem), 1)).containsExactly(1L);
    Map<String, Object> byStore = options(certificate.store());
    byStore.put("tlsTrustStorePassword", TestCertificate.PASSWORD);
    byStore.put("version", version);
    byStore.put("spool", spool.resolve("other").toString());
    source(byStore).check();
    assertThat(SourceReading.ids(source(byStore), 1)).containsExactly(1L);
  }

  /** It ends the connection without a word, as one that is about to end does. */
  @Test
  void portWithoutTls_isTriedAgain() {
    publish(1);
    Map<String, Object> options = options(certificate.pem());
    options.put("uri", "ssl://127.0.0.1:" + server.port());
    Source source = source(options);
    assertThatThrownBy(source::check).hasMessageContaining("FLX-MQTT-0004");
    try (SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 100))) {
      reader.assign(source.discoverSplits().get(0), null);
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      while (System.nanoTime() < until) {
        assertThat(reader.poll(Duration.ofMillis(50))).isInstanceOf(Poll.Nothing.class);
      }
    }
  }
}
