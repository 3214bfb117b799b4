package io.fluxcore.adapters.in.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.kit.KafkaServer;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.application.connector.kit.TlsContract;
import io.fluxcore.domain.expression.JdkRegexCompiler;
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

  private static KafkaServer server;
  private static Topics topics;
  private static String topic;

  @BeforeAll
  static void start() throws Exception {
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

  @Override
  protected Map<String, Object> options(@Nullable Path trusted) {
    Map<String, Object> options = new HashMap<>();
    options.put("bootstrapServers", server.tlsServers());
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

  @Override
  protected List<ThrowingCallable> uses(Map<String, Object> options) {
    return List.of(source(options)::check, () -> SourceReading.ids(source(options), 1));
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
    source(byPem).check();
    assertThat(SourceReading.ids(source(byPem), 1)).containsExactly(1L);
    Map<String, Object> byStore = options(certificate.store());
    byStore.put("tlsTrustStorePassword", TestCertificate.PASSWORD);
    source(byStore).check();
    assertThat(SourceReading.ids(source(byStore), 1)).containsExactly(1L);
  }

  @Test
  void mechanismThatTheBrokersDoNotHave_isTold() {
    Map<String, Object> options = options(certificate.pem());
    options.put("saslMechanism", "PLAIN");
    assertRefused(options, ofWrongPassword());
  }
}
