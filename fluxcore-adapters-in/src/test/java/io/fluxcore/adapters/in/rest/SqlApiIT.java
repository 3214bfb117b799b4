package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.rest.Api.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Statements and queries over HTTP, before a workspace that knows a few words. */
@Timeout(60)
class SqlApiIT {
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";
  private static final String QUERIES = "/api/v1/queries";

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

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (JsonNode query : api.get(QUERIES).json().get("items")) {
      api.open(api.request(QUERIES + "/" + query.get("id").asString()).DELETE().build());
    }
    for (int i = 0; i < 500 && server.service().openQueries() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(server.service().openQueries()).isZero();
  }

  private static String sql(String script) {
    return Json.MAPPER.createObjectNode().put("sql", script).toString();
  }

  private static HttpRequest query(String body, String accept) {
    return api.request(QUERIES)
        .header("Content-Type", JSON)
        .header("Accept", accept)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static List<JsonNode> lines(Answer answer) {
    List<JsonNode> lines =
        answer.body().lines().filter(l -> !l.isEmpty()).map(Json.MAPPER::readTree).toList();
    lines.forEach(line -> api.description().check("ReadingLine", line));
    return lines;
  }

  @Test
  void validate_tellsEachStatement_andEveryError() throws Exception {
    Answer answer =
        api.post("/api/v1/sql/validate", JSON, sql("CREATE TABLE t;\nSELECT 3;\nSELEKT 4;\nNO"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/valid")).isEqualTo("false");
    assertThat(answer.at("/statements/1/kind")).isEqualTo("QUERY");
    assertThat(answer.at("/statements/1/columns/0/name")).isEqualTo("word");
    assertThat(answer.at("/statements/1/plan")).isEqualTo("a plan");
    assertThat(answer.json().at("/diagnostics")).hasSize(2);
    assertThat(answer.at("/diagnostics/0/line")).isEqualTo("3");
    assertThat(answer.at("/diagnostics/0/hint")).contains("SELECT");
  }

  @Test
  void validate_ofWhatCannotBeCut_isAnAnswerToo() throws Exception {
    Answer answer = api.post("/api/v1/sql/validate", "application/sql", "SELECT 'a");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/valid")).isEqualTo("false");
    assertThat(answer.at("/diagnostics/0/column")).isEqualTo("8");
  }

  @Test
  void script_isRun_statementByStatement() throws Exception {
    Answer answer =
        api.post(
            "/api/v1/sql", JSON, sql("CREATE TABLE t;\nSHOW;\nINSERT 1;\nEXPLAIN x;\nSELECT 2"));

    assertThat(answer.status()).isEqualTo(200);
    List<String> kinds = new ArrayList<>();
    answer.json().get("results").forEach(result -> kinds.add(result.get("kind").asString()));
    assertThat(kinds).containsExactly("DONE", "LISTING", "JOB", "PLAN", "QUERY");
    assertThat(answer.at("/results/1/rows/0/0")).isEqualTo("t");
    assertThat(answer.at("/results/2/jobName")).isEqualTo("insert-into-out");
    assertThat(answer.at("/results/2/warnings/0/code")).isEqualTo("FLX-PLAN-0020");
    String id = answer.at("/results/4/query/id");
    assertThat(lines(api.send(api.request(QUERIES + "/" + id + "/results").build()))).hasSize(4);
  }

  @Test
  void script_thatBreaksOff_leavesNoQueryBehind() throws Exception {
    Answer answer = api.post("/api/v1/sql", JSON, sql("SELECT -1;\nWHAT"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/diagnostics/0/line")).isEqualTo("2");
    assertThat(server.service().openQueries()).isZero();
  }

  @Test
  void query_asNdjson_isTheAnswer() throws Exception {
    Answer answer = api.send(query(sql("SELECT 3"), NDJSON));

    List<JsonNode> lines = lines(answer);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0).at("/schema/fields/1/name").asString()).isEqualTo("count");
    assertThat(lines.get(3).at("/row/word").asString()).isEqualTo("w2");
    assertThat(lines.get(4).at("/summary/end").asString()).isEqualTo("QUERY_ENDED");
  }

  @Test
  void query_asEvents_isTheAnswer() throws Exception {
    Answer answer = api.send(query(sql("CREATE TABLE t; SELECT 2"), "text/event-stream"));

    assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
    assertThat(answer.body()).startsWith("event: schema\n").contains("event: row\nid: 1\n");
    assertThat(answer.body()).contains("event: summary");
  }

  @Test
  void limit_endsAQueryWithoutEnd() throws Exception {
    Answer answer = api.send(query("{\"sql\":\"SELECT -1\",\"limit\":25}", NDJSON));

    assertThat(lines(answer)).hasSize(27);
    assertThat(answer.body()).contains("\"end\":\"LIMIT\"");
  }

  @Test
  void failure_isTheLastLine() throws Exception {
    Answer answer = api.send(query(sql("SELECT -2"), NDJSON));

    List<JsonNode> lines = lines(answer);
    assertThat(lines.get(lines.size() - 1).at("/error/code").asString()).isEqualTo("FLX-TEST-0001");
    assertThat(api.get(QUERIES).at("/items/0/state")).isEqualTo("FAILED");
  }

  @Test
  void query_isStarted_lookedAt_readOnce() throws Exception {
    Answer started = api.post(QUERIES, "application/sql", "SELECT 2");
    String path = QUERIES + "/" + started.at("/id");

    assertThat(started.status()).isEqualTo(201);
    assertThat(started.header("Location")).isEqualTo(path);
    assertThat(started.at("/state")).isEqualTo("WAITING");
    assertThat(started.at("/columns/0/type")).isEqualToIgnoringCase("string");
    assertThat(lines(api.send(api.request(path + "/results").build()))).hasSize(4);
    Answer over = api.get(path);
    assertThat(over.at("/state")).isEqualTo("ENDED");
    assertThat(over.at("/rows")).isEqualTo("2");
    assertThat(api.send(api.request(path + "/results").build()).status()).isEqualTo(409);
  }

  @Test
  void deleted_isGone() throws Exception {
    String path = QUERIES + "/" + api.post(QUERIES, JSON, sql("SELECT -1")).at("/id");
    HttpResponse<InputStream> deleted = api.open(api.request(path).DELETE().build());

    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(api.get(path).status()).isEqualTo(404);
    assertThat(server.service().openQueries()).isZero();
  }

  @Test
  void clientThatHangsUp_cancelsItsQuery() throws Exception {
    HttpResponse<InputStream> response = api.open(query(sql("SELECT -1"), NDJSON));
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      assertThat(reader.readLine()).contains("schema");
      assertThat(server.service().openQueries()).isEqualTo(1);
    }
    for (int i = 0; i < 1_000 && server.service().openQueries() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(server.service().openQueries()).isZero();
  }

  @Test
  void queryThatNobodyReads_isCancelledInTime() throws Exception {
    String path = QUERIES + "/" + api.post(QUERIES, JSON, sql("SELECT -1")).at("/id");
    for (int i = 0; i < 1_000 && server.service().openQueries() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(api.get(path).at("/state")).isEqualTo("CANCELLED");
  }

  @Test
  void tooManyQueries_areRefused() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(api.post(QUERIES, JSON, sql("SELECT -1")).status()).isEqualTo(201);
    }
    Answer refused = api.post(QUERIES, JSON, sql("SELECT -1"));

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isNotEmpty();
  }

  @Test
  void errors_areProblemsWithTheirPlace() throws Exception {
    assertThat(api.post(QUERIES, JSON, sql("CREATE t;\n\nSELEC 1")).at("/diagnostics/0/line"))
        .isEqualTo("3");
    assertThat(api.post(QUERIES, JSON, sql("INSERT 1")).at("/code")).isEqualTo("FLX-REST-0041");
    assertThat(api.post(QUERIES, JSON, sql("SELECT 1; SELECT 2")).at("/code"))
        .isEqualTo("FLX-REST-0040");
    assertThat(api.post(QUERIES, JSON, "{}").at("/errors/0/pointer")).isEqualTo("/sql");
    assertThat(api.post(QUERIES, JSON, "{\"sql\":\"SELECT 1\",\"limit\":0}").status())
        .isEqualTo(400);
    assertThat(
            api.post(QUERIES, JSON, "{\"sql\":\"SELECT 1\",\"setup\":\"NOPE\"}")
                .at("/diagnostics/0/path"))
        .isEqualTo("setup");
    assertThat(api.post(QUERIES, "text/plain", "SELECT 1").status()).isEqualTo(415);
    assertThat(api.get("/api/v1/views/none").status()).isEqualTo(404);
    assertThat(api.get("/api/v1/views").at("/total")).isEqualTo("0");
  }
}
