package io.fluxcore.adapters.out.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.connector.kit.ChangelogSinkContract;
import io.fluxcore.application.connector.kit.HttpReceiver;
import io.fluxcore.application.connector.kit.HttpReceiver.Answer;
import io.fluxcore.application.connector.kit.HttpReceiver.Request;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sink against a server of HTTP in this process. */
@Timeout(60)
final class WebhookSinkConnectorTest {
  private static final Schema ROWS =
      Schema.of(new Field("id", DataType.LONG), new Field("name", DataType.STRING));

  @TempDir private Path folder;
  private HttpReceiver receiver;

  @BeforeEach
  void start() {
    receiver = HttpReceiver.start(request -> Answer.of(200, "thank you"));
  }

  @AfterEach
  void end() {
    receiver.close();
  }

  private Map<String, Object> options(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("url", receiver.url() + "/hook?for=rows");
    options.put("allowInternal", true);
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    return options;
  }

  private Sink sink(Object... more) {
    WebhookSinkConnector connector = new WebhookSinkConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options(more)).orThrow(), ROWS);
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(ROWS);
    LongStream.range(from, to).forEach(id -> builder.row(7, id, "name-" + id));
    return builder.build();
  }

  private static List<String> write(Sink sink, EventBatch... batches) {
    List<String> refused = new ArrayList<>();
    try (SinkWriter writer = sink.createWriter("sink", 0, 1)) {
      for (EventBatch batch : batches) {
        writer.write(
            batch,
            (rows, row, error) -> refused.add(rows.column(0).get(row) + " " + error.getMessage()));
      }
      writer.flush();
    }
    return refused;
  }

  private List<String> bodies() {
    return receiver.requests().stream().map(Request::text).toList();
  }

  @Nested
  class OfConnectors extends SinkConnectorContract {
    @Override
    protected SinkConnector connector() {
      return new WebhookSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return WebhookSinkConnectorTest.this.options("body", "array", "batchSize", 1_000);
    }

    @Override
    protected List<List<@Nullable Object>> visibleRows(Schema schema) {
      return JsonReadBack.rows(schema, String.join("\n", rowsOfArrays()));
    }
  }

  private List<String> rowsOfArrays() {
    return bodies().stream()
        .map(array -> array.substring(1, array.length() - 1))
        .flatMap(rows -> Stream.of(rows.split("(?<=\\}),(?=\\{\"(id|bool|\\$op)\":)")))
        .toList();
  }

  /** What was posted in order makes the table. */
  @Nested
  class Changelog extends ChangelogSinkContract {
    @Override
    protected Sink sink() {
      WebhookSinkConnector connector = new WebhookSinkConnector();
      return connector.create(
          OptionParser.parse(connector.descriptor(), options("body", "array", "batchSize", 1_000))
              .orThrow(),
          ROWS);
    }

    @Override
    protected Collection<List<@Nullable Object>> table() {
      return make(
          rowsOfArrays().stream()
              .map(row -> new Written(JsonReadBack.kind(row), JsonReadBack.rows(ROWS, row).get(0)))
              .toList());
    }
  }

  @Test
  void eachRow_isPosted_withHeaders_andAKeyThatComesAgain() {
    Sink sink = sink("headers", Map.of("X-Team", "fraud"), "bearerToken", "a-token");
    assertThat(write(sink, rows(0, 2))).isEmpty();
    assertThat(write(sink, rows(0, 2))).isEmpty();
    assertThat(bodies())
        .containsExactly(
            "{\"id\":0,\"name\":\"name-0\"}",
            "{\"id\":1,\"name\":\"name-1\"}",
            "{\"id\":0,\"name\":\"name-0\"}",
            "{\"id\":1,\"name\":\"name-1\"}");
    assertThat(receiver.requests())
        .allSatisfy(
            request -> {
              assertThat(request.method()).isEqualTo("POST");
              assertThat(request.target()).isEqualTo("/hook?for=rows");
              assertThat(request.header("content-type")).isEqualTo("application/json");
              assertThat(request.header("x-team")).isEqualTo("fraud");
              assertThat(request.header("authorization")).isEqualTo("Bearer a-token");
              assertThat(request.header("host")).isEqualTo("127.0.0.1:" + receiver.port());
              assertThat(request.header("x-fluxcore-signature")).isNull();
            });
    List<String> keys =
        receiver.requests().stream()
            .map(request -> String.valueOf(request.header("idempotency-key")))
            .toList();
    assertThat(keys.subList(0, 2)).isEqualTo(keys.subList(2, 4)).doesNotHaveDuplicates();
    assertThat(keys.get(0)).matches("[0-9a-f]{32}");
  }

  @Test
  void signature_isThatOfTimeAndBody() throws Exception {
    write(sink("secret", "géheim", "signatureHeader", "X-Sign"), rows(0, 1));
    Request request = receiver.requests().get(0);
    String[] parts = String.valueOf(request.header("x-sign")).split("[=,]");
    assertThat(Long.parseLong(parts[1]))
        .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond() + 1);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("géheim".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signed = parts[1] + "." + request.text();
    assertThat(parts[3])
        .isEqualTo(HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void arrays_holdSeveralRows() {
    write(sink("body", "array", "batchSize", 2), rows(0, 3));
    assertThat(bodies())
        .containsExactly(
            "[{\"id\":0,\"name\":\"name-0\"},{\"id\":1,\"name\":\"name-1\"}]",
            "[{\"id\":2,\"name\":\"name-2\"}]");
  }

  @Test
  void whatIsNotPossibleNow_isPostedAgain_withTheSameKey_asLateAsIsAsked() {
    AtomicInteger number = new AtomicInteger();
    String soon =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().plusSeconds(1).atOffset(ZoneOffset.UTC));
    receiver.behave(
        request ->
            switch (number.incrementAndGet()) {
              case 1 -> Answer.of(500, "a bug");
              case 2 -> Answer.of(429).with("Retry-After", "1");
              case 3 -> Answer.of(503).with("Retry-After", soon);
              case 4 -> Answer.of(503).with("Retry-After", "nonsense");
              default -> Answer.of(204);
            });
    long begun = System.nanoTime();
    assertThat(write(sink(), rows(0, 1))).isEmpty();
    assertThat(System.nanoTime() - begun).isGreaterThan(1_000_000_000L);
    assertThat(receiver.requests()).hasSize(5);
    assertThat(receiver.requests().stream().map(r -> r.header("idempotency-key")).distinct())
        .hasSize(1);
  }

  @Test
  void rowThatTheReceiverRefuses_isTold_andTheOthersArePosted() {
    receiver.behave(
        request -> request.text().contains(":1,") ? Answer.of(422, "no ones") : Answer.of(200));
    List<String> refused = write(sink(), rows(0, 3));
    assertThat(refused).hasSize(1);
    assertThat(refused.get(0)).startsWith("1 ").contains("FLX-WEBHOOK-0101", "422", "no ones");
    assertThat(receiver.requests()).hasSize(3);
  }

  @Test
  void redirect_isNotFollowed() {
    receiver.behave(
        request -> Answer.of(302).with("Location", "http://169.254.169.254/latest/meta-data"));
    assertThatThrownBy(() -> write(sink(), rows(0, 1)))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContainingAll("FLX-WEBHOOK-0003", "302", "169.254.169.254");
    assertThat(receiver.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:PORT/",
        "http://localhost:PORT/",
        "http://[::1]:PORT/",
        "http://[::ffff:127.0.0.1]:PORT/",
        "http://0.0.0.0:PORT/",
        "http://2130706433:PORT/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://224.0.0.1/"
      })
  void internalAddress_isRefused(String url) {
    Sink sink = sink("allowInternal", false, "url", url.replace("PORT", "" + receiver.port()));
    assertThatThrownBy(() -> write(sink, rows(0, 1)))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContainingAll("FLX-WEBHOOK-0001", "internal address");
    assertThat(receiver.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "LOCALHOST, 127.0.0.0/8", "10.0.0.0/8, 127.0.0.1/32"})
  void internalAddress_thatIsNamed_isCalled(String allowed) {
    Sink sink = sink("allowInternal", false, "allowedHosts", allowed);
    assertThat(write(sink, rows(0, 1))).isEmpty();
    assertThat(receiver.requests()).hasSize(1);
    assertThatThrownBy(
            () ->
                write(
                    sink("allowInternal", false, "allowedHosts", "10.0.0.0/8, other"), rows(0, 1)))
        .hasMessageContaining("FLX-WEBHOOK-0001");
  }

  @Test
  void tls_asksForACertificateThatIsTrusted() {
    TestCertificate certificate = TestCertificate.in(folder);
    try (HttpReceiver secure = HttpReceiver.start(certificate, request -> Answer.of(200))) {
      String url = secure.url() + "/";
      assertThat(write(sink("url", url, "tlsCaFile", certificate.pem()), rows(0, 3))).isEmpty();
      assertThat(
              write(
                  sink(
                      "url", url.replace("127.0.0.1", "localhost"), "tlsCaFile", certificate.pem()),
                  rows(0, 1)))
          .isEmpty();
      assertThat(write(sink("url", url, "tlsInsecure", true), rows(0, 1))).isEmpty();
      assertThatThrownBy(() -> write(sink("url", url, "retryTimeout", "1ms"), rows(0, 1)))
          .isInstanceOf(TransientSinkException.class)
          .hasMessageContaining("PKIX");
      assertThat(secure.requests()).hasSize(5);
    }
  }

  @Test
  void connection_isMadeAgainWhenTheReceiverEndsIt() {
    receiver.behave(request -> Answer.of(200).with("Connection", "close"));
    assertThat(write(sink(), rows(0, 5))).isEmpty();
    assertThat(receiver.requests()).hasSize(5);
  }

  @Test
  void hugeAndEmptyRows_arePosted() {
    EventBatch batch =
        new EventBatchBuilder(ROWS)
            .row(0, 1L, "x".repeat(3_000_000))
            .row(0, null, null)
            .row(0, 2L, "日本 😀")
            .build();
    assertThat(write(sink(), batch)).isEmpty();
    assertThat(bodies().get(0)).hasSizeGreaterThan(3_000_000);
    assertThat(bodies().subList(1, 3))
        .containsExactly("{\"id\":null,\"name\":null}", "{\"id\":2,\"name\":\"日本 😀\"}");
  }

  @Test
  void wrongOptions_areAllSaid() {
    assertThatThrownBy(
            () ->
                sink(
                    "url",
                    "ftp://host",
                    "batchSize",
                    5,
                    "headers",
                    Map.of("Host", "other", "A b", "c"),
                    "allowedHosts",
                    "10.0.0.0/64",
                    "signatureHeader",
                    "x y",
                    "secret",
                    "a",
                    "secretFile",
                    "/b"))
        .hasMessageContainingAll(
            "'url'",
            "'batchSize'",
            "'Host'",
            "'A b: c'",
            "'allowedHosts'",
            "'signatureHeader'",
            "'secretFile'");
  }
}
