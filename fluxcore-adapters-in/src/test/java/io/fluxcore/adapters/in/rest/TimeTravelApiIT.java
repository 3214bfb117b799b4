package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.rest.Api.Answer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer is also held against the description of the API, by {@link Api}. */
class TimeTravelApiIT {
  private static final String JSON = "application/json";
  private static final String TIME = "2026-03-01T12:00:00Z";

  private static TestServer server;
  private static Api api;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = TestServer.start();
    api = new Api(server.url());
    Answer answer = api.post("/api/v1/jobs", JobFiles.YAML, JobFiles.of("past"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer replay(String body) throws IOException, InterruptedException {
    return api.post("/api/v1/jobs/past/replay", JSON, body);
  }

  private static String asked(String body) throws IOException, InterruptedException {
    Answer begun = replay(body);
    assertThat(begun.status()).as(begun.body()).isEqualTo(202);
    assertThat(begun.at("/type")).isEqualTo("REPLAY");
    return api.get(begun.header("Location") + "?wait=10s").at("/result/asked");
  }

  @Test
  void replay_saysFromWhere_andIntoWhat() throws Exception {
    assertThat(asked("{\"from\":{\"savepoint\":\"sp-1\"}}"))
        .contains("Savepoint[id=sp-1]", "name=null", "declaredSinks=false", "inPlace=false");
    assertThat(
            asked(
                "{\"from\":{\"timestamp\":\""
                    + TIME
                    + "\",\"withState\":true},\"name\":\"again\",\"sinks\":\"DECLARED\"}"))
        .contains(
            "Timestamp[time=" + TIME + ", withState=true]", "name=again", "declaredSinks=true");
    assertThat(
            asked(
                "{\"from\":{\"offsets\":[{\"source\":\"in\",\"split\":\"0\",\"position\":\"7\"},"
                    + "{\"split\":\"1\",\"position\":\"8\"}]},\"inPlace\":true}"))
        .contains(
            "Offset[source=in, split=0, position=7]",
            "Offset[source=null, split=1, position=8]",
            "inPlace=true");
  }

  @Test
  void replay_sentTwiceWithAKey_isBegunOnce() throws Exception {
    HttpRequest request =
        api.request("/api/v1/jobs/past/replay")
            .header("Content-Type", JSON)
            .header("Idempotency-Key", "replay-1")
            .POST(HttpRequest.BodyPublishers.ofString("{\"from\":{\"savepoint\":\"sp-1\"}}"))
            .build();
    assertThat(api.send(request).at("/id")).isEqualTo(api.send(request).at("/id"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"from\":{}}",
        "{\"from\":{\"savepoint\":\"SP 1\"}}",
        "{\"from\":{\"savepoint\":\"sp-1\",\"timestamp\":\"2026-03-01T12:00:00Z\"}}",
        "{\"from\":{\"savepoint\":\"sp-1\",\"withState\":true}}",
        "{\"from\":{\"timestamp\":\"yesterday\"}}",
        "{\"from\":{\"offsets\":[]}}",
        "{\"from\":{\"offsets\":[{\"split\":\"0\"}]}}",
        "{\"from\":{\"savepoint\":\"sp-1\"},\"sinks\":\"SOME\"}",
        "{\"from\":{\"savepoint\":\"sp-1\"},\"name\":\" \"}",
        "{\"from\":{\"savepoint\":\"sp-1\"},\"nope\":1}"
      })
  void replay_thatCannotBe_isRefused(String body) throws Exception {
    assertThat(replay(body).status()).isEqualTo(400);
  }

  @Test
  void replay_ofWhatIsNotThere_isNotFound() throws Exception {
    assertThat(replay("{\"from\":{\"savepoint\":\"sp-none\"}}").at("/code"))
        .isEqualTo("FLX-CKPT-0003");
    assertThat(
            api.post("/api/v1/jobs/nope/replay", JSON, "{\"from\":{\"savepoint\":\"sp-1\"}}")
                .status())
        .isEqualTo(404);
  }

  @Test
  void view_isMade_asked_andLetGo() throws Exception {
    Answer begun = api.post("/api/v1/jobs/past/state-views", JSON, "{\"asOf\":\"" + TIME + "\"}");
    assertThat(begun.status()).as(begun.body()).isEqualTo(202);
    String id = api.get(begun.header("Location") + "?wait=10s").at("/result/viewId");
    String path = "/api/v1/state-views/" + id;
    Answer view = api.get(path);
    assertThat(view.at("/asOf")).isEqualTo(TIME);
    assertThat(view.at("/from")).isEqualTo("checkpoint 3");
    assertThat(view.at("/operators/0/operatorId")).isEqualTo("in");
    Answer keys = api.get(path + "/operators/in/keys?limit=2");
    assertThat(keys.at("/items/1/key/0")).isEqualTo("b");
    assertThat(keys.at("/items/1/states/0/value")).isEqualTo(TIME);
    assertThat(keys.json().at("/total").asInt()).isEqualTo(3);
    Answer rest = api.get(path + "/operators/in/keys?limit=2&cursor=" + keys.at("/nextCursor"));
    assertThat(rest.at("/items/0/key/0")).isEqualTo("c");
    assertThat(rest.json().at("/nextCursor").isNull()).isTrue();
    assertThat(api.get(path + "/operators/in/keys/a").at("/key/0")).isEqualTo("a");
    assertThat(api.get(path + "/operators/nope/keys/a").status()).isEqualTo(404);
    HttpRequest delete = api.request(path).DELETE().build();
    assertThat(
            HttpClient.newHttpClient()
                .send(delete, HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(204);
    assertThat(api.get(path).at("/code")).isEqualTo("FLX-TRAVEL-0008");
    assertThat(api.get("/api/v1/state-views/what").at("/code")).isEqualTo("FLX-TRAVEL-0007");
    assertThat(api.post("/api/v1/jobs/past/state-views", JSON, "{}").status()).isEqualTo(400);
  }

  @Test
  void stateOfAKey_asOfATime() throws Exception {
    Answer state = api.get("/api/v1/jobs/past/state/in/de?asOf=" + TIME);
    assertThat(state.at("/key/0")).isEqualTo("de");
    assertThat(state.at("/states/0/value")).isEqualTo(TIME);
    assertThat(api.get("/api/v1/jobs/past/state/in/de?asOf=noon").status()).isEqualTo(400);
  }

  @Test
  void view_isCancelled() throws Exception {
    Answer begun =
        api.post(
            "/api/v1/jobs/past/state-views", JSON, "{\"asOf\":\"" + FakeFluxCore.NEVER + "\"}");
    Answer cancelled = api.post(begun.header("Location") + "/cancel", JSON, "");
    assertThat(cancelled.status()).isEqualTo(202);
    assertThat(api.get(begun.header("Location") + "?wait=10s").at("/status"))
        .isEqualTo("CANCELLED");
    Answer suspend = api.post("/api/v1/jobs/past/suspend", JSON, "");
    assertThat(api.post(suspend.header("Location") + "/cancel", JSON, "").at("/code"))
        .isEqualTo("FLX-OP-0005");
  }
}
