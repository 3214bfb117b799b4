package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.rest.Api.Answer;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.domain.job.JobId;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dead letters over HTTP, each answer held against the description. */
class DeadLetterApiIT {
  private static final String PATH = "/api/v1/dead-letters";
  private static final String JSON = "application/json";
  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");

  private static TestServer server;
  private static Api api;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    api = new Api(server.url());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JobId job(String name) throws Exception {
    Answer answer = api.post("/api/v1/jobs", JobFiles.YAML, JobFiles.of(name));
    return new JobId(answer.at("/id"));
  }

  private static long record(JobId job, String position, byte[] bytes) {
    return server
        .letters()
        .add(
            DeadLetter.of(
                job,
                "job",
                "in",
                new DeadLetter.Origin("in", "a.log", position),
                DeadLetter.Content.ofBytes(bytes),
                new DeadLetter.Failure("TEST-1", "no number", 1, T),
                0))
        .id();
  }

  private static long row(JobId job) {
    return server
        .letters()
        .add(
            DeadLetter.of(
                job,
                "job",
                "map",
                new DeadLetter.Origin("in", "a.log", "1..9"),
                DeadLetter.Content.ofRow(
                    new DeadLetter.Row(T.toEpochMilli(), "INSERT", Map.of("a", 1L))),
                new DeadLetter.Failure("TEST-2", "threw", 1, T.plusSeconds(5)),
                0))
        .id();
  }

  private static Answer patch(long id, String body) throws Exception {
    return api.send(
        api.request(PATH + "/" + id)
            .header("Content-Type", JSON)
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void record_listed_mended_replayed() throws Exception {
    JobId job = job("letters-life");
    long id = record(job, "a.log:7", "{x".getBytes(StandardCharsets.UTF_8));
    Answer list = api.get(PATH + "?job=letters-life&state=WAITING");
    assertThat(list.at("/items/0/id")).isEqualTo(Long.toString(id));
    assertThat(list.at("/items/0/content/text")).isEqualTo("{x");
    assertThat(list.at("/items/0/position")).isEqualTo("a.log:7");
    assertThat(list.json().at("/counts/waiting").asInt()).isEqualTo(1);

    Answer failed = api.post(PATH + "/" + id + "/replay", JSON, "");
    assertThat(failed.at("/outcome")).isEqualTo("FAILED");
    assertThat(api.get(PATH + "/" + id).json().at("/attempts").asInt()).isEqualTo(2);

    Answer mended = patch(id, "{\"text\": \"{}\"}");
    assertThat(mended.at("/content/text")).isEqualTo("{}");
    assertThat(mended.at("/original/text")).isEqualTo("{x");
    assertThat(api.post(PATH + "/" + id + "/replay", JSON, "{}").at("/outcome"))
        .isEqualTo("PROCESSED");
    assertThat(api.get(PATH + "/" + id).at("/state")).isEqualTo("REPLAYED");
    assertThat(api.post(PATH + "/" + id + "/replay", JSON, "").status()).isEqualTo(409);
    assertThat(patch(id, "{\"text\": \"x\"}").status()).isEqualTo(409);
  }

  @Test
  void row_isMendedByFields_andBinaryIsBase64() throws Exception {
    JobId job = job("letters-content");
    long row = row(job);
    Answer mended =
        patch(row, "{\"fields\": {\"b\": 2.5}, \"timestamp\": \"2026-03-02T00:00:00Z\"}");
    assertThat(mended.json().at("/content/fields").toString()).isEqualTo("{\"a\":1,\"b\":2.5}");
    assertThat(mended.at("/content/timestamp")).isEqualTo("2026-03-02T00:00:00Z");
    long binary = record(job, "a.log:8", new byte[] {-1, 0});
    assertThat(api.get(PATH + "/" + binary).at("/content/base64")).isEqualTo("/wA=");
    assertThat(patch(binary, "{\"fields\": {}}").status()).isEqualTo(400);
    assertThat(patch(binary, "{}").status()).isEqualTo(400);
    assertThat(patch(binary, "{\"base64\": \"%\"}").status()).isEqualTo(400);
    assertThat(patch(binary, "{\"text\": \"a\", \"base64\": \"YQ==\"}").status()).isEqualTo(400);
    assertThat(patch(4_711_000, "{\"text\": \"a\"}").status()).isEqualTo(404);
  }

  @Test
  void filters_pages_andDiscards() throws Exception {
    JobId job = job("letters-many");
    for (int i = 0; i < 5; i++) {
      record(job, "a.log:" + i, new byte[] {'x'});
    }
    long row = row(job);
    String mine = PATH + "?job=" + job.value();
    assertThat(api.get(mine + "&operator=map").at("/items/0/id")).isEqualTo(Long.toString(row));
    assertThat(api.get(mine + "&code=TEST-1").json().at("/total").asInt()).isEqualTo(5);
    assertThat(api.get(mine + "&from=2026-03-01T12:00:01Z").json().at("/total").asInt())
        .isEqualTo(1);
    assertThat(api.get(mine + "&to=2026-03-01T12:00:01Z").json().at("/total").asInt()).isEqualTo(5);
    Answer part = api.get(mine + "&limit=4");
    assertThat(part.json().at("/items").size()).isEqualTo(4);
    assertThat(
            api.get(mine + "&limit=4&cursor=" + part.at("/nextCursor")).json().at("/items").size())
        .isEqualTo(2);
    assertThat(api.get(mine + "&state=LOST").status()).isEqualTo(400);
    assertThat(api.get(mine + "&from=today").status()).isEqualTo(400);
    assertThat(api.get(mine + "&cursor=x").status()).isEqualTo(400);
    assertThat(api.get(PATH + "?job=nobody").status()).isEqualTo(404);
    assertThat(api.get(PATH + "/x").status()).isEqualTo(404);

    String filter = "?job=" + job.value() + "&code=TEST-1";
    Answer dry = api.post(PATH + "/discard" + filter + "&dryRun=true", JSON, "");
    assertThat(dry.json().at("/matching").asInt()).isEqualTo(5);
    assertThat(dry.json().at("/discarded").asInt()).isZero();
    Answer replayed = api.post(PATH + "/replay" + filter, JSON, "");
    assertThat(replayed.json().at("/failed").asInt()).isEqualTo(5);
    assertThat(replayed.at("/problems/0/code")).isEqualTo("TEST-2");
    assertThat(
            api.post(PATH + "/discard?job=" + job.value() + "&limit=3", JSON, "")
                .json()
                .at("/discarded")
                .asInt())
        .isEqualTo(3);
    HttpResponse<Void> gone =
        HttpClient.newHttpClient()
            .send(
                api.request(PATH + "/" + row).DELETE().build(),
                HttpResponse.BodyHandlers.discarding());
    assertThat(gone.statusCode()).isEqualTo(204);
    assertThat(api.get(PATH + "/" + row).status()).isEqualTo(404);
    assertThat(api.get(mine).json().at("/counts/discarded").asInt()).isEqualTo(4);
  }
}
