package io.fluxcore.adapters.out.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.application.connector.kit.TlsContract;
import io.fluxcore.application.kit.MosquittoServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
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

/** Encrypted connections to a real server. */
final class MqttTlsIT extends TlsContract {
  private static final Schema SCHEMA = Schema.builder().field("id", DataType.LONG).build();

  private static MosquittoServer server;
  private static TestSubscriber subscriber;

  @BeforeAll
  static void start() throws Exception {
    server = MosquittoServer.startWithTls(certificate.pem(), certificate.key());
    subscriber = new TestSubscriber(server, "encrypted");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Override
  protected Map<String, Object> options(@Nullable Path trusted) {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.tlsUri());
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

  @Override
  protected List<ThrowingCallable> uses(Map<String, Object> options) {
    return List.of(sink(options)::check, () -> write(options, 3));
  }

  @Override
  protected Refusal ofUntrusted() {
    return new Refusal("FLX-MQTT-0003", "give the certificate of who");
  }

  @Override
  protected Refusal ofWrongPassword() {
    return new Refusal("FLX-MQTT-0001", "right user, password");
  }

  @Test
  void certificateThatIsTrusted_isTaken_asPemAndAsPkcs12() {
    Map<String, Object> byPem = options(certificate.pem());
    sink(byPem).check();
    write(byPem, 1);
    Map<String, Object> byStore = options(certificate.store());
    byStore.put("tlsTrustStorePassword", TestCertificate.PASSWORD);
    sink(byStore).check();
    write(byStore, 2);
    assertThat(messages()).containsExactly("{\"id\":1}", "{\"id\":2}");
  }
}
