package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.rest.Api.Answer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every answer is also held against the description of the API, by {@link Api}. */
class RuleApiIT {
  private static final String JSON = "application/json";
  private static final String PATH = "/api/v1/jobs/watched/patterns/fraud/rules";
  private static final String RULE =
      "{\"stages\":[{\"begin\":\"small\",\"where\":\"amount < 2\",\"atLeast\":2},"
          + "{\"followedBy\":\"large\",\"within\":\"10s\"}],\"within\":\"1h\","
          + "\"skip\":\"to-next\",\"measures\":{\"total\":\"sum(small.amount)\"}}";

  private TestServer server;
  private Api api;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    server = TestServer.start();
    api = new Api(server.url());
    assertThat(api.post("/api/v1/jobs", JobFiles.YAML, JobFiles.of("watched")).status())
        .isEqualTo(201);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpRequest.Builder put(String rule, String type, String body) {
    return api.request(PATH + "/" + rule)
        .header("Content-Type", type)
        .PUT(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> delete(String rule, String ifMatch)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            api.request(PATH + "/" + rule).header("If-Match", ifMatch).DELETE().build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void rule_isAdded_shown_changedAndTakenAway() throws Exception {
    Answer before = api.get(PATH);
    assertThat(before.header("ETag")).isEqualTo("\"1\"");
    assertThat(before.at("/items/0/id")).isEqualTo("first");
    assertThat(before.at("/items/0/stages/0/where")).isEqualTo("amount > 1");

    Answer added = api.send(put("t%20x", JSON, RULE).build());
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    assertThat(added.header("Location")).endsWith("/patterns/fraud/rules/t%20x");
    assertThat(added.header("ETag")).isEqualTo("\"2\"");
    Answer shown = api.get(PATH + "/t%20x");
    assertThat(shown.body()).isEqualTo(added.body());
    assertThat(shown.at("/stages/1/within")).isEqualTo("10s");
    assertThat(shown.at("/skip")).isEqualTo("to-next");
    assertThat(shown.at("/measures/total")).isEqualTo("sum(small.amount)");

    Answer changed = api.send(put("t%20x", JobFiles.YAML, "stages: [{begin: b}]\n").build());
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    assertThat(changed.header("ETag")).isEqualTo("\"3\"");

    HttpResponse<String> gone = delete("t%20x", "*");
    assertThat(gone.statusCode()).isEqualTo(204);
    assertThat(gone.headers().firstValue("ETag")).contains("\"4\"");
    assertThat(api.get(PATH + "/t%20x").status()).isEqualTo(404);
    assertThat(delete("t%20x", "*").statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsShown_canBePutBack_andChangesNothing() throws Exception {
    api.send(put("testing", JSON, RULE).build());
    String shown = api.get(PATH + "/testing").body();

    Answer again = api.send(put("testing", JSON, shown).header("If-Match", "\"1\"").build());

    assertThat(again.status()).as("what is so already needs no version").isEqualTo(200);
    assertThat(again.header("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void changeForAnotherVersion_isRefused() throws Exception {
    api.send(put("testing", JSON, RULE).build());
    String other = "{\"stages\":[{\"begin\":\"b\"}]}";

    Answer stale = api.send(put("testing", JSON, other).header("If-Match", "\"1\"").build());
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.at("/code")).isEqualTo("FLX-PATTERN-0025");
    assertThat(delete("testing", "\"1\"").statusCode()).isEqualTo(412);
    Answer fresh = api.send(put("testing", JSON, other).header("If-Match", "\"2\"").build());
    assertThat(fresh.status()).isEqualTo(200);
    assertThat(api.send(put("testing", JSON, other).header("If-Match", "2").build()).status())
        .isEqualTo(400);
  }

  @Test
  void everythingThatIsWrong_isToldAtOnce() throws Exception {
    Answer wrong =
        api.send(
            put(
                    "testing",
                    JobFiles.YAML,
                    "stages: [{begin: a, wher: x > 1}]\nwithin: soon\nmeasure: {}\n")
                .build());

    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.json().at("/diagnostics").size()).as(wrong.body()).isEqualTo(3);
    assertThat(wrong.at("/diagnostics/0/message")).contains("wher");
    assertThat(wrong.at("/diagnostics/1/line")).isEqualTo("2");
  }

  @Test
  void whatIsNotThere_isTold() throws Exception {
    assertThat(api.get("/api/v1/jobs/none/patterns/fraud/rules").status()).isEqualTo(404);
    assertThat(api.get("/api/v1/jobs/watched/patterns/none/rules").status()).isEqualTo(404);
    Answer unknown =
        api.send(
            put("one", JSON, "{\"stages\":[{\"begin\":\"a\",\"where\":\"nothing\"}]}").build());
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.at("/code")).isEqualTo("FLX-TOPO-0017");
    Answer otherId =
        api.send(put("one", JSON, "{\"id\":\"two\",\"stages\":[{\"begin\":\"a\"}]}").build());
    assertThat(otherId.at("/code")).isEqualTo("FLX-JOBFILE-0032");
  }
}
