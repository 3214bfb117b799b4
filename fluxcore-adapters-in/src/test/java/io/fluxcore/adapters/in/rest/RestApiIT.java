package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.rest.Api.Answer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Every answer is also held against the description of the API, by {@link Api}. */
class RestApiIT {
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";

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

  private static String submit(String name) throws IOException, InterruptedException {
    Answer answer = api.post("/api/v1/jobs", JobFiles.YAML, JobFiles.of(name));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.at("/id");
  }

  @Test
  void submit_yaml_createsJob() throws Exception {
    Answer answer = api.post("/api/v1/jobs", JobFiles.YAML, JobFiles.of("orders"));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("Location")).isEqualTo("/api/v1/jobs/" + answer.at("/id"));
    assertThat(answer.at("/name")).isEqualTo("orders");
    assertThat(answer.at("/state")).isEqualTo("RUNNING");
    assertThat(answer.at("/submittedAt")).endsWith("Z");
    assertThat(answer.json().at("/history/1/type").asString()).isEqualTo("STARTING");
    assertThat(api.get("/api/v1/jobs/orders").json()).isEqualTo(answer.json());
    assertThat(api.get("/api/v1/jobs/" + answer.at("/id")).json()).isEqualTo(answer.json());
  }

  @Test
  void submit_json_createsJob() throws Exception {
    String file =
        """
        {"job": {"name": "as-json"}, "topology": [
          {"name": "in", "source": {"connector": "acme", "url": "x"}},
          {"name": "out", "sink": {"connector": "console"}}]}
        """;

    assertThat(api.post("/api/v1/jobs", JSON, file).status()).isEqualTo(201);
  }

  @Test
  void submit_parameters_areReplaced() throws Exception {
    String file = JobFiles.of("with-parameter").replace("${url:here}", "${url}");

    Answer missing = api.post("/api/v1/jobs", JobFiles.YAML, file);
    assertThat(missing.status()).isEqualTo(400);
    assertThat(missing.at("/code")).isEqualTo("FLX-JOBFILE-0010");
    assertThat(api.post("/api/v1/jobs?set=url=a%3Db", JobFiles.YAML, file).status()).isEqualTo(201);
    Answer without = api.post("/api/v1/jobs?set=url", JobFiles.YAML, file);
    assertThat(without.at("/errors/0/parameter")).isEqualTo("set");
  }

  @Test
  void submit_brokenFile_isLocated() throws Exception {
    String file = JobFiles.of("broken").replace("connector: acme", "connector: acmee");

    Answer answer = api.post("/api/v1/jobs", JobFiles.YAML, file);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/diagnostics/0/line")).isEqualTo("6");
    assertThat(answer.at("/diagnostics/0/column")).isEqualTo("18");
    assertThat(answer.at("/hint")).contains("acme");
  }

  @Test
  void submit_wrongTopology_isLocated() throws Exception {
    String file =
        """
        job: {name: wrong}
        topology:
          - name: in
            source: {connector: acme, url: x}
          - name: some
            filter: 1 +
          - name: out
            sink: {connector: console}
        """;

    Answer answer = api.post("/api/v1/jobs", JobFiles.YAML, file);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/diagnostics/0/line")).isEqualTo("6");
  }

  @Test
  void submit_sameNameOtherTopology_conflicts() throws Exception {
    submit("taken");
    Answer answer =
        api.post("/api/v1/jobs", JobFiles.YAML, JobFiles.of("taken").replace("here", "there"));

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.at("/code")).isEqualTo("FLX-JOB-0005");
  }

  @Test
  void submit_dryRun_submitsNothing() throws Exception {
    Answer good = api.post("/api/v1/jobs?dryRun=true", JobFiles.YAML, JobFiles.of("dry"));
    Answer bad = api.post("/api/v1/jobs/validate", JobFiles.YAML, "job: {}");

    assertThat(good.status()).isEqualTo(200);
    assertThat(good.at("/valid")).isEqualTo("true");
    assertThat(good.at("/plan")).isEqualTo("the plan of dry");
    assertThat(bad.status()).isEqualTo(200);
    assertThat(bad.at("/valid")).isEqualTo("false");
    assertThat(bad.json().at("/diagnostics").isEmpty()).isFalse();
    assertThat(api.get("/api/v1/jobs/dry").status()).isEqualTo(404);
  }

  @Test
  void connectors_areListedWithTheirOptions() throws Exception {
    Answer all = api.get("/api/v1/connectors");
    Answer sinks = api.get("/api/v1/connectors?kind=sink");
    Answer lookups = api.get("/api/v1/connectors?kind=lookup");
    Answer acme = api.get("/api/v1/connectors/acme");

    assertThat(all.status()).isEqualTo(200);
    assertThat(all.at("/items/0/name")).isEqualTo("acme");
    assertThat(all.at("/items/0/kind")).isEqualTo("source");
    assertThat(all.at("/items/1/name")).isEqualTo("console");
    assertThat(sinks.json().at("/items").size()).isEqualTo(1);
    assertThat(lookups.at("/items/0/name")).isEqualTo("store");
    assertThat(acme.at("/items/0/options/0/name")).isEqualTo("url");
    assertThat(acme.at("/items/0/options/0/presence")).isEqualTo("required");
    assertThat(acme.at("/items/0/options/0/ofHost")).isEqualTo("false");
  }

  @Test
  void connectors_thatDoNotExist_areNotFound_withWhatThereIs() throws Exception {
    Answer missing = api.get("/api/v1/connectors/acne");
    Answer wrong = api.get("/api/v1/connectors?kind=both");

    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.at("/code")).isEqualTo("FLX-CONN-0001");
    assertThat(missing.body()).contains("did you mean 'acme'?");
    assertThat(wrong.status()).isEqualTo(400);
  }

  @Test
  void connections_areTried_andThoseThatCannotBeReachedSayWhy() throws Exception {
    String job = JobFiles.of("tried");
    Answer good = api.post("/api/v1/connectors/check", JobFiles.YAML, job);
    Answer bad =
        api.post("/api/v1/connectors/check", JobFiles.YAML, job.replace("name: out", "name: gone"));
    Answer wrong = api.post("/api/v1/connectors/check", JobFiles.YAML, "job: {}");

    assertThat(good.status()).isEqualTo(200);
    assertThat(good.at("/reachable")).isEqualTo("true");
    assertThat(good.at("/connections/0/splits/0")).isEqualTo("0");
    assertThat(bad.at("/reachable")).isEqualTo("false");
    assertThat(bad.at("/connections/1/problem/message")).isEqualTo("nobody answers");
    assertThat(bad.at("/connections/1/problem/hint")).isEqualTo("start it");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(api.get("/api/v1/jobs/tried").status()).isEqualTo(404);
  }

  @Test
  void submit_sameKeyTwice_isDoneOnce() throws Exception {
    HttpRequest.Builder request =
        api.request("/api/v1/jobs")
            .header("Content-Type", JobFiles.YAML)
            .header("Idempotency-Key", "k-1");
    HttpRequest first = request.POST(BodyPublishers.ofString(JobFiles.of("once"))).build();
    String id = api.send(first).at("/id");
    server.service().finish("once");

    assertThat(api.send(first).at("/id")).isEqualTo(id);
    Answer other = api.send(request.POST(BodyPublishers.ofString(JobFiles.of("other"))).build());
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.at("/code")).isEqualTo("FLX-REST-0010");
  }

  @Test
  void list_filtersSortsAndPages() throws Exception {
    for (String name : List.of("page-c", "page-a", "page-b")) {
      submit(name);
    }
    server.service().finish("page-b");

    assertThat(names(api.get("/api/v1/jobs?q=PAGE-&sort=name")))
        .containsExactly("page-a", "page-b", "page-c");
    assertThat(names(api.get("/api/v1/jobs?q=page-")))
        .containsExactly("page-b", "page-a", "page-c");
    assertThat(names(api.get("/api/v1/jobs?q=page-&state=FINISHED,FAILED")))
        .containsExactly("page-b");

    Answer first = api.get("/api/v1/jobs?q=page-&sort=-name&limit=2");
    assertThat(names(first)).containsExactly("page-c", "page-b");
    assertThat(first.at("/total")).isEqualTo("3");
    Answer second =
        api.get("/api/v1/jobs?q=page-&sort=-name&limit=2&cursor=" + first.at("/nextCursor"));
    assertThat(names(second)).containsExactly("page-a");
    assertThat(second.json().get("nextCursor").isNull()).isTrue();
  }

  private static List<String> names(Answer answer) {
    List<String> names = new ArrayList<>();
    for (JsonNode item : answer.json().get("items")) {
      names.add(item.get("name").asString());
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,limit",
    "limit=9999999999,limit",
    "state=running,state",
    "sort=colour,sort",
    "cursor=xyz,cursor",
    "stat=RUNNING,stat",
    "limit=1&limit=2,limit"
  })
  void list_badParameter_isNamed(String query, String parameter) throws Exception {
    Answer answer = api.get("/api/v1/jobs?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/errors/0/parameter")).isEqualTo(parameter);
    assertThat(answer.at("/hint")).isNotEmpty();
  }

  @Test
  void job_looksAreDescribed() throws Exception {
    submit("looked-at");
    server.service().emit("looked-at", "a", 1);

    Answer metrics = api.get("/api/v1/jobs/looked-at/metrics");
    assertThat(metrics.at("/operators/0/watermark")).isEqualTo("1970-01-01T00:00:01Z");
    assertThat(metrics.json().at("/operators/0/state/pendingTimers").asInt()).isZero();
    Answer state = api.get("/api/v1/jobs/looked-at/state/in/%5B%22de%22,7,null%5D");
    assertThat(state.at("/key/0")).isEqualTo("de");
    assertThat(state.at("/key/1")).isEqualTo("7");
    assertThat(state.json().at("/key/2").isNull()).isTrue();
    assertThat(state.json().at("/restoring").asBoolean()).isFalse();
    assertThat(state.json().at("/states/0/value").asInt()).isEqualTo(7);
    assertThat(state.at("/states/1/value/home/1")).isEqualTo("x");
    assertThat(api.get("/api/v1/jobs/looked-at/state/in/de").at("/key/0")).isEqualTo("de");
    assertThat(api.get("/api/v1/jobs/looked-at/state/nope/de").status()).isEqualTo(404);
    assertThat(metrics.json().at("/operators/1/watermark").isNull()).isTrue();
    assertThat(metrics.json().at("/operators/1/watermarkLagMs").isNull()).isTrue();
    assertThat(metrics.json().at("/endToEndLatencyMs/p99").isNull()).isTrue();
    assertThat(api.get("/api/v1/jobs/looked-at/graph").at("/edges/0/exchange")).isEqualTo("FUSED");
    Answer diagnosis = api.get("/api/v1/jobs/looked-at/diagnosis");
    assertThat(diagnosis.at("/windows/0/heldBackBy/split")).isEqualTo("3");
    Answer results = api.get("/api/v1/jobs/looked-at/results?limit=5");
    assertThat(results.at("/schema/fields/1/name")).isEqualTo("count");
    assertThat(results.at("/items/0/row/word")).isEqualTo("a");
    assertThat(server.service().readers("looked-at")).isZero();
    assertThat(api.get("/api/v1/jobs/looked-at/results?node=nope").status()).isEqualTo(400);
  }

  @Test
  void stop_modes() throws Exception {
    submit("stop-1");
    submit("stop-2");
    submit("stop-3");

    Answer unknown = api.post("/api/v1/jobs/stop-1/stop", JSON, "{\"mode\":\"drain\"}");
    assertThat(unknown.at("/errors/0/pointer")).isEqualTo("/mode");
    assertThat(api.post("/api/v1/jobs/stop-1/stop", JSON, "{\"mood\":1}").at("/errors/0/pointer"))
        .isEqualTo("/mood");
    assertThat(api.post("/api/v1/jobs/stop-1/stop", JSON, "{\"mode\":").at("/code"))
        .isEqualTo("FLX-REST-0001");

    Answer stopped =
        api.send(api.request("/api/v1/jobs/stop-1/stop").POST(BodyPublishers.noBody()).build());
    assertThat(stopped.status()).isEqualTo(202);
    assertThat(stopped.at("/state")).isEqualTo("STOPPED");
    assertThat(api.post("/api/v1/jobs/stop-2/stop", JSON, "{\"mode\":\"CANCEL\"}").at("/state"))
        .isEqualTo("CANCELLED");
    assertThat(api.post("/api/v1/jobs/stop-3/cancel", JSON, "").at("/state"))
        .isEqualTo("CANCELLED");
  }

  @Test
  void operations_areBegun_andFollowedToTheirEnd() throws Exception {
    submit("operated-1");
    submit("operated-2");
    submit("operated-3");
    Answer begun = api.post("/api/v1/jobs/operated-1/suspend", JSON, "");
    assertThat(begun.status()).isEqualTo(202);
    assertThat(begun.at("/type")).isEqualTo("SUSPEND");
    assertThat(begun.at("/progress/step")).isEqualTo("stopping with its state");
    String path = begun.header("Location");
    assertThat(path).isEqualTo("/api/v1/operations/" + begun.at("/id"));
    assertThat(api.get(path + "?wait=1ms").at("/status")).isEqualTo("RUNNING");

    Answer restart = api.post("/api/v1/jobs/operated-2/restart", JSON, "{\"withState\":false}");
    assertThat(restart.at("/type")).isEqualTo("RESTART");
    HttpRequest patch =
        api.request("/api/v1/jobs/operated-3")
            .header("Content-Type", JSON)
            .method("PATCH", BodyPublishers.ofString("{\"spec\":{\"parallelism\":4}}"))
            .build();
    assertThat(api.send(patch).at("/type")).isEqualTo("RESCALE");
    HttpRequest empty =
        api.request("/api/v1/jobs/operated-3")
            .header("Content-Type", JSON)
            .method("PATCH", BodyPublishers.ofString("{\"spec\":{}}"))
            .build();
    assertThat(api.send(empty).at("/errors/0/pointer")).isEqualTo("/spec/parallelism");
    Answer resume = api.post("/api/v1/jobs/operated-1/resume", JSON, "");
    assertThat(resume.status()).isEqualTo(409);

    server.service().result.complete(Map.of("a", "b"));
    Answer ended = api.get(path + "?wait=20s");
    assertThat(ended.at("/status")).isEqualTo("SUCCEEDED");
    assertThat(ended.at("/result/a")).isEqualTo("b");
    assertThat(ended.at("/progress/percent")).isEqualTo("100");
    assertThat(api.get("/api/v1/operations").at("/items/0/type")).isEqualTo("RESCALE");
    assertThat(api.get("/api/v1/operations/op_none").status()).isEqualTo(404);
    assertThat(api.get("/api/v1/operations/none").status()).isEqualTo(400);
  }

  @Test
  void wait_returnsWhenJobEnds_andIsLimited() throws Exception {
    submit("awaited");
    HttpRequest wait = api.request("/api/v1/jobs/awaited?wait=1m").GET().build();
    List<CompletableFuture<Answer>> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(CompletableFuture.supplyAsync(() -> unchecked(wait)));
    }
    // Two may wait: whoever is third comes back at once.
    Answer refused =
        (Answer) CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new)).get();
    server.service().finish("awaited");

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.at("/retryable")).isEqualTo("true");
    assertThat(waiting.stream().map(CompletableFuture::join).map(Answer::status))
        .containsExactlyInAnyOrder(200, 200, 429);
  }

  private static Answer unchecked(HttpRequest request) {
    try {
      return api.send(request);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "application/json;{\"a\":1};1",
        "application/json;[{\"a\":1},{\"a\":[\"]\"]}];2",
        "application/json;[];0",
        "application/x-ndjson;{\"a\":1}~~{\"a\":2}~;2"
      },
      delimiter = ';')
  void publish_shapes(String type, String body, int accepted) throws Exception {
    server.streams().drain();

    Answer answer =
        api.post("/api/v1/streams/publish?stream=clicks", type, body.replace('~', '\n'));

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    assertThat(answer.at("/accepted")).isEqualTo(String.valueOf(accepted));
    assertThat(server.streams().drain()).hasSize(accepted);
  }

  @Test
  void publish_rejectionsNameTheirPlace() throws Exception {
    String lines = "{\"a\":1}\n17\n{broken\n{\"big\":\"" + "x".repeat(5000) + "\"}\n{\"a\":2}\n";

    Answer answer = api.post("/api/v1/streams/clicks/events", NDJSON, lines);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.at("/accepted")).isEqualTo("2");
    assertThat(answer.at("/rejectedCount")).isEqualTo("3");
    assertThat(answer.json().get("rejected").valueStream().map(r -> r.get("index").asInt()))
        .containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void publish_nothingTaken_isAProblem() throws Exception {
    Answer answer = api.post("/api/v1/streams/clicks/events", NDJSON, "1\n2\n");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/published/rejectedCount")).isEqualTo("2");
  }

  @Test
  void publish_backPressure_saysFromWhereOn() throws Exception {
    Answer answer = api.post("/api/v1/streams/full/events", NDJSON, "{}\n7\n{}\n{}\n{}\n{}\n8\n");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isEqualTo("2");
    assertThat(answer.at("/published/accepted")).isEqualTo("3");
    assertThat(answer.at("/published/processed")).isEqualTo("4");
    assertThat(answer.at("/published/rejectedCount")).isEqualTo("1");
  }

  @Test
  void publish_brokenStream_saysWhatWasTaken() throws Exception {
    String lines = "{}\n".repeat(1_000) + "{\"a\":\"fsync\"}\n";

    Answer answer = api.post("/api/v1/streams/clicks/events", NDJSON, lines);

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.at("/published/processed")).isEqualTo("1000");
    assertThat(answer.at("/hint")).isEqualTo("mend it");
  }

  @Test
  void publish_tooMuch_saysWhatWasTaken() throws Exception {
    String many = "{}\n".repeat(5_001);
    Answer rows = api.post("/api/v1/streams/clicks/events", NDJSON, many);
    assertThat(rows.status()).isEqualTo(413);
    assertThat(rows.at("/published/accepted")).isEqualTo("5000");

    String large = "{\"a\":\"" + "x".repeat(4000) + "\"}\n";
    Answer bytes = api.post("/api/v1/streams/clicks/events", NDJSON, large.repeat(300));
    assertThat(bytes.status()).isEqualTo(413);
    assertThat(bytes.at("/code")).isEqualTo("FLX-REST-0007");
  }

  private static Answer publishSecretly(String authorization) throws Exception {
    HttpRequest.Builder request =
        api.request("/api/v1/streams/secret/events")
            .header("Content-Type", JSON)
            .POST(BodyPublishers.ofString("{\"id\":1}"));
    return api.send(
        authorization.isEmpty()
            ? request.build()
            : request.header("Authorization", authorization).build());
  }

  @Test
  void publish_withoutTheStreamsSecret_isUnauthorized_andCounted() throws Exception {
    for (String wrong : List.of("", "Bearer other")) {
      Answer refused = publishSecretly(wrong);
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"fluxcore\"");
      assertThat(refused.at("/code")).isEqualTo("FLX-REST-0022");
    }
    assertThat(publishSecretly("Bearer geheim").status()).isEqualTo(202);
    Answer list = api.get("/api/v1/streams");
    assertThat(list.at("/items/2/secured")).isEqualTo("true");
    assertThat(list.at("/items/2/refused")).isEqualTo("2");
    assertThat(list.at("/items/0/secured")).isEqualTo("false");
  }

  @Test
  void publish_unknownStream_suggests() throws Exception {
    Answer answer = api.post("/api/v1/streams/publish?stream=click", JSON, "{}");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.at("/hint")).contains("clicks");
    assertThat(api.post("/api/v1/streams/publish", JSON, "{}").at("/errors/0/parameter"))
        .isEqualTo("stream");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/v1/nothing,'','',404,FLX-REST-0004",
    "GET,/api,'','',404,FLX-REST-0004",
    "DELETE,/api/v1/jobs,'','',405,FLX-REST-0005",
    "BREW,/api/v1/jobs,'','',405,FLX-REST-0005",
    "GET,/api/v1/jobs,'',image/png,406,FLX-REST-0006",
    "POST,/api/v1/jobs,text/csv,'',415,FLX-REST-0008",
    "POST,/api/v1/jobs,'text/plain;a=b','',415,FLX-REST-0008",
    "POST,/api/v1/jobs,application/x-www-form-urlencoded,'',415,FLX-REST-0008",
    "POST,/api/v1/jobs,application/json;charset=utf-16,'',415,FLX-REST-0008",
    "GET,/api/v1/jobs/nothing,'','',404,FLX-REST-0009",
    "GET,/api/v1/jobs/job_99,'','',404,FLX-REST-0009",
    "GET,/api/v1/streams/ws,'','',426,FLX-REST-0021"
  })
  void problems_haveTheirStatus(
      String method, String path, String type, String accept, int status, String code)
      throws Exception {
    HttpRequest.Builder request = api.request(path).method(method, BodyPublishers.ofString("{}"));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    if (!accept.isEmpty()) {
      request.header("Accept", accept);
    }

    Answer answer = api.send(request.build());

    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.at("/code")).isEqualTo(code);
    assertThat(answer.at("/instance")).isEqualTo(path);
    assertThat(answer.at("/hint")).isNotEmpty();
  }

  @Test
  void largeJobFile_isRefused() throws Exception {
    Answer answer = api.post("/api/v1/jobs", JobFiles.YAML, "#".repeat((1 << 20) + 1));

    assertThat(answer.status()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/jobs,https://evil.example,403",
    "/api/v1/jobs,null,403",
    "/%61pi/v1/jobs,https://evil.example,403",
    "/api;x=1/v1/jobs,https://evil.example,403",
    "/api/v1/jobs,https://console.example,400",
    "/api/v1/jobs,OWN,400"
  })
  void otherOrigins_areTurnedAway(String path, String origin, int status) throws Exception {
    HttpRequest request =
        api.request(path)
            .header("Content-Type", JobFiles.YAML)
            .header("Origin", origin.equals("OWN") ? server.url() : origin)
            .POST(BodyPublishers.ofString("job: {}"))
            .build();

    try (var body = api.open(request).body()) {
      assertThat(Json.MAPPER.readTree(body).get("status").asInt()).isEqualTo(status);
    }
  }

  @Test
  void preflight_ofOtherOrigin_isTurnedAway() throws Exception {
    HttpRequest request =
        api.request("/api/v1/jobs")
            .header("Origin", "https://evil.example")
            .header("Access-Control-Request-Method", "POST")
            .method("OPTIONS", BodyPublishers.noBody())
            .build();

    var response = api.open(request);
    response.body().close();
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void otherPathsOfTheApplication_areLeftAlone() throws Exception {
    var response = api.open(api.request("/nothing").GET().build());
    response.body().close();

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).doesNotContain("problem"));
  }

  @Test
  void info_tellsLimits() throws Exception {
    Answer info = api.get("/api/v1/info");

    assertThat(info.at("/version")).isEqualTo("0.0.0-test");
    assertThat(info.at("/limits/maxReadings")).isEqualTo("4");
    assertThat(info.at("/sources/0")).isEqualTo("acme");
  }

  @Test
  void manyJobs_areListedInPartsWithoutRepetition() throws Exception {
    List<String> names = IntStream.range(0, 30).mapToObj(i -> "many-" + i).toList();
    for (String name : names) {
      submit(name);
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Answer part = api.get("/api/v1/jobs?q=many-&limit=7" + cursor);
      seen.addAll(names(part));
      cursor = "&cursor=" + part.at("/nextCursor");
    } while (seen.size() < names.size());

    assertThat(seen).containsExactlyInAnyOrderElementsOf(names);
  }
}
