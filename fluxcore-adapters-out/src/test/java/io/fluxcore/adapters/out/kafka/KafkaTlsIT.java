package io.fluxcore.adapters.out.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.application.connector.kit.TlsContract;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
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
final class KafkaTlsIT extends TlsContract {
  private static final Schema SCHEMA = Schema.builder().field("id", DataType.LONG).build();

  private static KafkaServer server;
  private static Topics topics;
  private static String topic;

  @BeforeAll
  static void start() throws Exception {
    server = KafkaServer.startWithTls(certificate);
    topics = new Topics(server);
    topic = topics.create(1);
  }

  @AfterAll
  static void end() {
    topics.close();
    server.close();
  }

  @Override
  protected Map<String, Object> options(@Nullable Path trusted) {
    Map<String, Object> options = new HashMap<>();
    options.put("bootstrapServers", server.tlsServers());
    options.put("topic", topic);
    options.put("guarantee", "at-least-once");
    options.put("user", KafkaServer.USER);
    options.put("password", KafkaServer.PASSWORD);
    options.put("saslMechanism", "SCRAM-SHA-512");
    options.put("tls", true);
    if (trusted != null) {
      options.put("tlsTrustStore", trusted.toString());
    }
    return options;
  }

  private static Sink sink(Map<String, Object> options) {
    KafkaSinkConnector connector = new KafkaSinkConnector();
    return connector.create(OptionParser.parse(connector.descriptor(), options).orThrow(), SCHEMA);
  }

  private static void write(Map<String, Object> options, long id) {
    try (SinkWriter writer = sink(options).createWriter("sink", 0, 1)) {
      writer.write(new EventBatchBuilder(SCHEMA).row(0, id).build(), RecordFailures.FAIL);
      writer.flush();
    }
  }

  @Override
  protected List<ThrowingCallable> uses(Map<String, Object> options) {
    return List.of(sink(options)::check, () -> write(options, 3));
  }

  @Override
  protected Refusal ofUntrusted() {
    return new Refusal("FLX-KAFKA-0001", "TLS options that the brokers expect");
  }

  @Override
  protected Refusal ofWrongPassword() {
    return new Refusal("FLX-KAFKA-0001", "user, password");
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
    assertThat(topics.values(topic)).containsExactly("{\"id\":1}", "{\"id\":2}");
  }
}
