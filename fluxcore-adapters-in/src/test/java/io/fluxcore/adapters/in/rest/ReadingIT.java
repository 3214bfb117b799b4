package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.in.rest.Api.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Results as they come: NDJSON, server-sent events, WebSocket. */
@Timeout(60)
class ReadingIT {
  private static final String JSON = "application/json";
  private static final String QUERY = "/api/v1/streams/query";

  private static TestServer server;
  private static Api api;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = TestServer.start();
    api = new Api(server.url());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void submit(String name) throws IOException, InterruptedException {
    assertThat(api.post("/api/v1/jobs", JobFiles.YAML, JobFiles.of(name)).status()).isEqualTo(201);
  }

  private static HttpRequest query(String body, String accept) {
    return api.request(QUERY)
        .header("Content-Type", JSON)
        .header("Accept", accept)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  @Test
  void ndjson_endsAtLimit() throws Exception {
    submit("lines");
    server.service().emit("lines", "a", 1);
    server.service().emit("lines", "b", 2);
    server.service().emit("lines", "c", 3);

    Answer answer = api.send(query("{\"job\":\"lines\",\"latest\":3,\"limit\":2}", "*/*"));

    List<JsonNode> lines = answer.body().lines().map(Json.MAPPER::readTree).toList();
    lines.forEach(line -> api.description().check("ReadingLine", line));
    assertThat(answer.header("Content-Type")).startsWith("application/x-ndjson");
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0).at("/schema/node").asString()).isEqualTo("out");
    assertThat(lines.get(1).at("/row/word").asString()).isEqualTo("a");
    assertThat(lines.get(1).get("timestamp").asString()).isEqualTo("1970-01-01T00:00:01Z");
    assertThat(lines.get(3).at("/summary/end").asString()).isEqualTo("LIMIT");
    assertThat(lines.get(3).at("/summary/rows").asInt()).isEqualTo(2);
    assertThat(server.service().readers("lines")).isZero();
  }

  @Test
  void ndjson_endsWhenTimeIsOut() throws Exception {
    submit("quiet");

    Answer answer = api.send(query("{\"job\":\"quiet\",\"timeoutMs\":1}", "application/x-ndjson"));

    assertThat(answer.body()).contains("\"end\":\"TIMEOUT\"");
  }

  @Test
  void events_followTheJobToItsEnd() throws Exception {
    submit("events");
    HttpResponse<InputStream> response =
        api.open(query("{\"job\":\"events\"}", "text/event-stream"));
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    try (BufferedReader reader = reader(response)) {
      assertThat(reader.readLine()).isEqualTo("event: schema");
      assertThat(reader.readLine()).startsWith("data: {\"schema\":");
      assertThat(reader.readLine()).isEmpty();
      assertThat(reader.readLine()).as("heartbeat").isEqualTo(": alive");
      server.service().emit("events", "x", 9);
      assertThat(nextFrom(reader, "event: row")).isEqualTo("id: 1");
      assertThat(reader.readLine()).contains("\"word\":\"x\"");
      server.service().finish("events");
      assertThat(nextFrom(reader, "event: summary")).contains("JOB_ENDED");
    }
  }

  private static BufferedReader reader(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private static String nextFrom(BufferedReader reader, String start) throws IOException {
    String line = reader.readLine();
    while (line != null && !line.equals(start)) {
      line = reader.readLine();
    }
    return String.valueOf(reader.readLine());
  }

  @Test
  void clientThatGoes_leavesNothingBehind() throws Exception {
    submit("left");
    HttpResponse<InputStream> response = api.open(query("{\"job\":\"left\"}", "*/*"));
    BufferedReader reader = reader(response);
    assertThat(reader.readLine()).contains("schema");
    assertThat(server.service().readers("left")).isEqualTo(1);

    reader.close();

    awaitNoReaders("left");
  }

  /** A heartbeat finds out that the client has gone. */
  private static void awaitNoReaders(String job) throws InterruptedException {
    while (server.service().readers(job) > 0) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void readings_areLimited() throws Exception {
    submit("crowded");
    List<HttpResponse<InputStream>> open = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      open.add(api.open(query("{\"job\":\"crowded\"}", "*/*")));
    }

    Answer fifth = api.send(query("{\"job\":\"crowded\"}", "*/*"));

    assertThat(fifth.status()).isEqualTo(429);
    assertThat(fifth.header("Retry-After")).isEqualTo("1");
    for (HttpResponse<InputStream> response : open) {
      response.body().close();
    }
    awaitNoReaders("crowded");
  }

  @Test
  void badRequests_areProblems() throws Exception {
    submit("asked");

    assertThat(api.post(QUERY, JSON, "").at("/errors/0/pointer")).isEqualTo("/job");
    assertThat(api.post(QUERY, JSON, "{\"job\":\"nope\"}").status()).isEqualTo(404);
    assertThat(api.post(QUERY, JSON, "{\"job\":\"asked\",\"node\":\"nope\"}").status())
        .isEqualTo(400);
    Answer several =
        api.post(QUERY, JSON, "{\"job\":\"\",\"latest\":-1,\"limit\":0,\"timeoutMs\":0}");
    assertThat(several.json().get("errors")).hasSize(4);
    assertThat(
            api.post(QUERY, JSON, "{\"job\":\"asked\",\"latest\":\"5\"}").at("/errors/0/pointer"))
        .isEqualTo("/latest");
    assertThat(api.send(query("{\"job\":\"asked\"}", "image/png")).status()).isEqualTo(406);
    server.service().finish("asked");
    assertThat(api.post(QUERY, JSON, "{\"job\":\"asked\"}").status()).isEqualTo(409);
  }

  @Test
  void socket_rowsOfTwoSubscriptions() throws Exception {
    submit("socket-1");
    submit("socket-2");
    try (Socket socket = new Socket()) {
      socket.send("{\"type\":\"subscribe\",\"id\":\"a\",\"job\":\"socket-1\"}");
      assertThat(socket.next("schema").get("id").asString()).isEqualTo("a");
      socket.send("{\"type\":\"subscribe\",\"id\":\"b\",\"job\":\"socket-2\",\"limit\":1}");
      assertThat(socket.next("schema").get("id").asString()).isEqualTo("b");
      server.service().emit("socket-1", "one", 1);
      JsonNode row = socket.next("row");
      assertThat(row.get("id").asString()).isEqualTo("a");
      assertThat(row.at("/row/word").asString()).isEqualTo("one");
      server.service().emit("socket-2", "two", 2);
      assertThat(socket.next("row").get("id").asString()).isEqualTo("b");
      assertThat(socket.next("summary").at("/summary/end").asString()).isEqualTo("LIMIT");
      socket.send("{\"type\":\"unsubscribe\",\"id\":\"a\"}");
      assertThat(socket.next("summary").at("/summary/end").asString()).isEqualTo("UNSUBSCRIBED");
    }
    awaitNoReaders("socket-1");
    awaitNoReaders("socket-2");
  }

  @Test
  void socket_closed_endsReadings() throws Exception {
    submit("socket-left");
    Socket socket = new Socket();
    socket.send("{\"type\":\"subscribe\",\"job\":\"socket-left\"}");
    socket.next("schema");

    socket.close();

    awaitNoReaders("socket-left");
  }

  @Test
  void socket_badMessages_areToldAsProblems() throws Exception {
    submit("socket-bad");
    try (Socket socket = new Socket()) {
      for (String message :
          List.of(
              "nonsense",
              "[]",
              "null",
              "{\"type\":\"dance\"}",
              "{\"type\":\"subscribe\"}",
              "{\"type\":\"subscribe\",\"job\":\"nope\"}",
              "{\"type\":\"unsubscribe\",\"id\":\"x\"}",
              "{\"type\":\"subscribe\",\"id\":\""
                  + "x".repeat(65)
                  + "\",\"job\":\"socket-bad\"}")) {
        socket.send(message);
        assertThat(socket.next("error").at("/problem/code").asString()).startsWith("FLX-REST-");
      }
    }
  }

  @Test
  void socket_ofOtherOrigin_isTurnedAway() {
    assertThatThrownBy(
            () ->
                HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Origin", "https://evil.example")
                    .buildAsync(socketUri(), new WebSocket.Listener() {})
                    .join())
        .hasMessageContaining("WebSocketHandshakeException");
  }

  private static URI socketUri() {
    return URI.create("ws://127.0.0.1:" + server.port() + ResultSocket.PATH);
  }

  /** A client that keeps what it gets. */
  private static final class Socket implements WebSocket.Listener, AutoCloseable {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    Socket() {
      socket =
          HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(socketUri(), this).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        messages.add(part.toString());
        part.setLength(0);
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }

    void send(String message) {
      socket.sendText(message, true).join();
    }

    JsonNode next(String type) throws InterruptedException {
      JsonNode message = Json.MAPPER.readTree(messages.take());
      api.description().check("SocketMessage", message);
      assertThat(message.get("type").asString()).as(message.toString()).isEqualTo(type);
      return message;
    }

    @Override
    public void close() {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }
  }
}
