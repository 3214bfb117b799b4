package io.fluxcore.adapters.out.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.connector.kit.ElasticsearchServer;
import io.fluxcore.application.connector.kit.HttpReceiver;
import io.fluxcore.application.connector.kit.HttpReceiver.Answer;
import io.fluxcore.application.connector.kit.HttpReceiver.Request;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import io.fluxcore.application.connector.kit.TestCertificate;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server is gone, slow, full or guarded. */
@Timeout(120)
final class ElasticsearchOutagesIT {
  private static final Schema ROWS =
      Schema.of(new Field("id", DataType.LONG), new Field("name", DataType.STRING));

  private static ElasticsearchServer server;

  @TempDir private static Path folder;

  @BeforeAll
  static void start() {
    server = ElasticsearchServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void emptyIndex() {
    Documents.emptyIndex(server, "results", "{}");
  }

  private static Map<String, Object> options(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("hosts", server.url());
    options.put("index", "results");
    options.put("batchSize", 10);
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    return options;
  }

  private static Sink sink(Object... more) {
    ElasticsearchSinkConnector connector = new ElasticsearchSinkConnector();
    return connector.create(
        OptionParser.parse(connector.descriptor(), options(more)).orThrow(), ROWS);
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(ROWS);
    LongStream.range(from, to).forEach(id -> builder.row(0, id, "name-" + id));
    return builder.build();
  }

  private static void write(Sink sink, long from, long to) {
    try (SinkWriter writer = sink.createWriter("sink", 0, 1)) {
      writer.write(rows(from, to), RecordFailures.FAIL);
      writer.flush();
    }
  }

  private static List<Long> written() {
    return Documents.of(server, "results").stream()
        .map(text -> Documents.JSON.readTree(text).path("id").asLong())
        .sorted()
        .toList();
  }

  private static void assertWritten(long rows) {
    assertThat(written()).isEqualTo(LongStream.range(0, rows).boxed().toList());
  }

  @Nested
  class Faults extends SinkFaultsContract {
    private final HttpReceiver gate = HttpReceiver.start(guarded("ApiKey right"));

    @BeforeEach
    void indexOfWords() {
      Documents.emptyIndex(server, "results", "{\"name\":{\"type\":\"keyword\"}}");
    }

    @AfterEach
    void end() {
      gate.close();
      server.send(
          "PUT", "/_cluster/settings", "{\"persistent\":{\"action.auto_create_index\":null}}");
    }

    @Override
    protected SinkConnector connector() {
      return new ElasticsearchSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return ElasticsearchOutagesIT.options(
          "batchSize", 60, "timeout", "2s", "retryTimeout", "200ms");
    }

    @Override
    protected List<Long> visibleIds() {
      return written();
    }

    @Override
    protected boolean showsRowsOnce() {
      return true;
    }

    @Override
    protected void killServer() {
      server.kill();
    }

    @Override
    protected void restartServer() {
      server.restart();
    }

    @Override
    protected void pauseServer() {
      server.pause();
    }

    @Override
    protected void resumeServer() {
      server.resume();
    }

    /** A word of an index has no more than 32,766 bytes. */
    @Override
    protected String refuse(long id) {
      return "x".repeat(40_000);
    }

    @Override
    protected Map<String, Object> wrongPassword() {
      Map<String, Object> options = options();
      options.put("hosts", gate.url());
      options.put("apiKey", "wrong");
      return options;
    }

    /** What is missing is made, unless the server makes none. */
    @Override
    protected Map<String, Object> missing() {
      server.send(
          "PUT", "/_cluster/settings", "{\"persistent\":{\"action.auto_create_index\":\"false\"}}");
      Map<String, Object> options = options();
      options.put("index", "nowhere");
      return options;
    }
  }

  /** An index on a disk that is full refuses each document with status 429, until there is room. */
  @Test
  void documentsForWhichThereIsNoRoomNow_areSentAgain() throws Exception {
    server.send("PUT", "/results/_settings", "{\"index.blocks.read_only_allow_delete\":true}");
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(sink(), 0, 100));
    TimeUnit.SECONDS.sleep(1);
    assertThat(writing).isNotCompleted();
    server.send("PUT", "/results/_settings", "{\"index.blocks.read_only_allow_delete\":null}");
    writing.get(60, TimeUnit.SECONDS);
    assertWritten(100);
  }

  @Test
  void documentsForWhichThereIsNoRoomForLong_areAnOutage() {
    server.send("PUT", "/results/_settings", "{\"index.blocks.read_only_allow_delete\":true}");
    Sink sink = sink("retryTimeout", "200ms");
    try (SinkWriter writer = sink.createWriter("sink", 0, 1)) {
      writer.write(rows(0, 5), RecordFailures.FAIL);
      assertThatThrownBy(writer::flush)
          .isInstanceOf(TransientSinkException.class)
          .hasMessageContainingAll("FLX-ELASTIC-0003", "blocked");
      server.send("PUT", "/results/_settings", "{\"index.blocks.read_only_allow_delete\":null}");
      writer.flush();
    }
    assertWritten(5);
  }

  @Test
  void requestsThatTheServerCannotTakeNow_areSentAgain() {
    AtomicInteger number = new AtomicInteger();
    Function<Request, Answer> server = HttpReceiver.forwardTo(ElasticsearchOutagesIT.server.url());
    try (HttpReceiver gate =
        HttpReceiver.start(
            request ->
                switch (number.incrementAndGet()) {
                  case 1 -> Answer.of(429, "{\"error\":\"too many\"}");
                  case 2, 4 -> Answer.of(503, "no");
                  case 3 -> Answer.of(502, "<html>bad gateway</html>");
                  default -> server.apply(request);
                })) {
      write(sink("hosts", gate.url(), "requests", 1), 0, 100);
    }
    assertWritten(100);
  }

  @Test
  void requestThatIsTooLarge_isHalved_andADocumentThatIsTooLargeAloneIsTold() {
    Function<Request, Answer> server = HttpReceiver.forwardTo(ElasticsearchOutagesIT.server.url());
    List<Long> refused = new ArrayList<>();
    try (HttpReceiver gate =
        HttpReceiver.start(
            request ->
                request.text().contains("\"id\":7,") || request.text().split("\n").length > 8
                    ? Answer.of(413, "too large")
                    : server.apply(request))) {
      Sink sink = sink("hosts", gate.url(), "batchSize", 100);
      try (SinkWriter writer = sink.createWriter("sink", 0, 1)) {
        writer.write(rows(0, 7), RecordFailures.FAIL);
        writer.write(
            rows(7, 8), (batch, row, error) -> refused.add((Long) batch.column(0).get(row)));
        writer.flush();
      }
    }
    assertThat(refused).containsExactly(7L);
    assertWritten(7);
  }

  /** Only who sends this header gets through. */
  private static Function<Request, Answer> guarded(String authorization) {
    Function<Request, Answer> behind = HttpReceiver.forwardTo(server.url());
    return request ->
        authorization.equals(request.header("authorization"))
            ? behind.apply(request)
            : Answer.of(
                    401,
                    "{\"error\":{\"type\":\"security_exception\",\"reason\":\"unable to"
                        + " authenticate\"},\"status\":401}")
                .with("Content-Type", "application/json");
  }

  @Test
  void userAndPassword_throughTls() throws IOException {
    TestCertificate certificate = TestCertificate.in(folder);
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString("elastic:pässword".getBytes(StandardCharsets.UTF_8));
    Path password = Files.writeString(folder.resolve("password"), "pässword\n");
    try (HttpReceiver gate = HttpReceiver.start(certificate, guarded(basic))) {
      Object[] right = {
        "hosts", gate.url(), "user", "elastic", "passwordFile", password.toString()
      };
      Sink trusting = sink(with(right, "tlsCaFile", certificate.pem().toString()));
      trusting.check();
      write(trusting, 0, 20);
      write(sink(with(right, "tlsInsecure", true)), 20, 30);
      assertWritten(30);

      Sink distrusting = sink(with(right, "retryTimeout", "100ms"));
      assertThatThrownBy(() -> write(distrusting, 30, 31))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContainingAll("FLX-ELASTIC-0003", "PKIX path building failed");

      Sink stranger =
          sink("hosts", gate.url(), "user", "elastic", "password", "guessed", "tlsInsecure", true);
      assertThatThrownBy(stranger::check)
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContainingAll("FLX-ELASTIC-0001", "401")
          .hasMessageNotContaining("guessed");
      assertThatThrownBy(() -> write(stranger, 30, 31))
          .isInstanceOf(FluxCoreException.class)
          .hasMessageContainingAll("FLX-ELASTIC-0001", "unable to authenticate");
    }
  }

  private static Object[] with(Object[] options, Object... more) {
    List<Object> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return all.toArray();
  }

  @Test
  void apiKey_isSent() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "dGhlLWlkOnRoZS1rZXk=");
    try (HttpReceiver gate = HttpReceiver.start(guarded("ApiKey dGhlLWlkOnRoZS1rZXk="))) {
      write(sink("hosts", gate.url(), "apiKey", "dGhlLWlkOnRoZS1rZXk="), 0, 10);
      write(sink("hosts", gate.url(), "apiKeyFile", key.toString()), 10, 20);
      assertThatThrownBy(() -> write(sink("hosts", gate.url(), "apiKey", "wrong"), 20, 21))
          .hasMessageContaining("FLX-ELASTIC-0001");
    }
    assertWritten(20);
  }

  @Test
  void nodeThatIsAway_leavesItsTurnToAnother() {
    write(sink("hosts", "127.0.0.1:1, " + server.url()), 0, 100);
    assertWritten(100);
  }
}
