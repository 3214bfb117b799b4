package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.rest.Api.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every answer is also held against the description of the API, by {@link Api}. */
class SavepointApiIT {
  private static final String JSON = "application/json";
  private static final String BYTES = "application/octet-stream";
  private static final String PATH = "/api/v1/savepoints";

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

  private static String savepoint(String job, String body)
      throws IOException, InterruptedException {
    Answer begun = api.post("/api/v1/jobs/" + job + "/savepoints", JSON, body);
    assertThat(begun.status()).as(begun.body()).isEqualTo(202);
    assertThat(begun.header("Location")).isEqualTo("/api/v1/operations/" + begun.at("/id"));
    assertThat(begun.at("/type")).isEqualTo("SAVEPOINT");
    Answer over = api.get(begun.header("Location") + "?wait=10s");
    assertThat(over.at("/status")).isEqualTo("SUCCEEDED");
    return over.at("/result/savepointId");
  }

  private static int delete(String id) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(api.request(PATH + "/" + id).DELETE().build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void savepoint_isMade_listed_describedAndDeleted() throws Exception {
    String job = submit("kept");
    String id = savepoint("kept", "{\"label\":\"before the move\"}");

    Answer list = api.get("/api/v1/jobs/kept/savepoints");
    assertThat(list.json().at("/items").size()).isEqualTo(1);
    assertThat(list.at("/items/0/id")).isEqualTo(id);
    assertThat(list.at("/items/0/label")).isEqualTo("before the move");
    assertThat(list.at("/items/0/jobId")).isEqualTo(job);
    assertThat(api.get(PATH).body()).contains(id);
    Answer described = api.get(PATH + "/" + id);
    assertThat(described.at("/savepoint/id")).isEqualTo(id);
    assertThat(described.at("/operators/0/splits/0/position")).isEqualTo("4000");
    assertThat(described.json().at("/operators/1/states/0/keys").asInt()).isEqualTo(1_200);
    Answer checkpoints = api.get("/api/v1/jobs/kept/checkpoints");
    assertThat(checkpoints.json().at("/items/0/savepoint").isNull()).isTrue();
    assertThat(checkpoints.json().at("/items/0/newBytes").asInt()).isEqualTo(20);
    assertThat(checkpoints.at("/items/1/savepoint")).isEqualTo(id);
    assertThat(delete(id)).isEqualTo(204);
    assertThat(delete(id)).isEqualTo(404);
    assertThat(api.get("/api/v1/jobs/kept/savepoints").json().at("/items").size()).isZero();
  }

  @Test
  void whatIsNotThere_is404() throws Exception {
    for (String id : List.of("sp-none", "none", "SP-1", "import")) {
      Answer answer = api.get(PATH + "/" + id);
      assertThat(answer.status()).isEqualTo(404);
    }
    assertThat(api.get(PATH + "/sp-none/export").at("/code")).isEqualTo("FLX-CKPT-0003");
    assertThat(api.post(PATH + "/nope/restore", JSON, "").at("/code")).isEqualTo("FLX-CKPT-0003");
    assertThat(api.post("/api/v1/jobs/nope/savepoints", JSON, "").at("/code"))
        .isEqualTo("FLX-REST-0009");
    assertThat(api.get("/api/v1/jobs/nope/savepoints").status()).isEqualTo(404);
    assertThat(api.get("/api/v1/jobs/nope/checkpoints").status()).isEqualTo(404);
  }

  @Test
  void stop_withSavepoint_endsTheJob() throws Exception {
    submit("stopped");
    Answer begun = api.post("/api/v1/jobs/stopped/stop", JSON, "{\"mode\":\"SAVEPOINT\"}");
    assertThat(begun.status()).isEqualTo(202);
    assertThat(begun.header("Location")).isEqualTo("/api/v1/operations/" + begun.at("/id"));
    assertThat(api.get("/api/v1/jobs/stopped").at("/state")).isEqualTo("STOPPED");
    assertThat(api.post("/api/v1/jobs/stopped/savepoints", JSON, "").status()).isEqualTo(409);
  }

  @Test
  void restore_theSameTopology() throws Exception {
    String job = submit("again");
    String id = savepoint("again", "");
    assertThat(api.post(PATH + "/" + id + "/restore", JSON, "").at("/code"))
        .isEqualTo("FLX-JOB-0022");
    String stopped = savepoint("again", "{\"stop\":true}");
    Answer dry = api.post(PATH + "/" + stopped + "/restore?dryRun=true", JSON, "");
    assertThat(dry.at("/operators/0/fate")).isEqualTo("KEPT");
    assertThat(api.post(PATH + "/" + id + "/restore", JSON, "{\"parallelism\":0}").at("/code"))
        .isEqualTo("FLX-REST-0002");
    assertThat(
            api.post(PATH + "/" + id + "/restore", JSON, "{\"parallel\":2}")
                .at("/errors/0/pointer"))
        .isEqualTo("/parallel");
    Answer wanting = api.post(PATH + "/" + id + "/restore?set=a=b", JSON, "");
    assertThat(wanting.at("/errors/0/parameter")).isEqualTo("set");

    Answer restored = api.post(PATH + "/" + stopped + "/restore", JSON, "{\"parallelism\":3}");
    assertThat(restored.status()).as(restored.body()).isEqualTo(201);
    assertThat(restored.header("Location")).isEqualTo("/api/v1/jobs/" + restored.at("/id"));
    assertThat(restored.at("/id")).isNotEqualTo(job);
    assertThat(restored.json().at("/parallelism").asInt()).isEqualTo(3);
  }

  @Test
  void restore_anotherTopology_fromAJobFile() throws Exception {
    submit("old");
    String path = PATH + "/" + savepoint("old", "") + "/restore";
    Answer dry = api.post(path + "?dryRun=true", JobFiles.YAML, JobFiles.of("new"));
    assertThat(dry.at("/operators/0/fate")).isEqualTo("INCOMPATIBLE");
    assertThat(dry.at("/operators/0/why")).isEqualTo("its key has other types");
    assertThat(api.get("/api/v1/jobs/new").status()).isEqualTo(404);
    assertThat(api.post(path, JobFiles.YAML, "job: {name: new}").at("/code"))
        .startsWith("FLX-JOBFILE-");
    Answer first =
        api.send(
            api.request(path)
                .header("Content-Type", JobFiles.YAML)
                .header("Idempotency-Key", "restore-1")
                .POST(BodyPublishers.ofString(JobFiles.of("new")))
                .build());
    assertThat(first.status()).as(first.body()).isEqualTo(201);
    assertThat(first.at("/name")).isEqualTo("new");
    String json =
        """
        {"job": {"name": "new-json"}, "topology": [
          {"name": "in", "source": {"connector": "acme", "url": "x"}},
          {"name": "out", "sink": {"connector": "console"}}]}
        """;
    assertThat(api.post(path, JSON, json).at("/name")).isEqualTo("new-json");
  }

  @Test
  void export_thenImport() throws Exception {
    submit("moved");
    String id = savepoint("moved", "");
    HttpResponse<InputStream> exported =
        api.open(api.request(PATH + "/" + id + "/export").GET().build());
    byte[] file;
    try (InputStream body = exported.body()) {
      file = body.readAllBytes();
    }
    assertThat(exported.headers().firstValue("Content-Type")).contains(BYTES);
    assertThat(exported.headers().firstValueAsLong("Content-Length")).hasValue(file.length);

    // Larger than what the API takes of anything else, and without a length.
    byte[] rest = new byte[8 << 20];
    Answer imported =
        api.send(
            api.request(PATH + "/import")
                .header("Content-Type", BYTES)
                .POST(
                    BodyPublishers.ofInputStream(
                        () ->
                            new SequenceInputStream(
                                new ByteArrayInputStream(file), new ByteArrayInputStream(rest))))
                .build());
    assertThat(imported.status()).as(imported.body()).isEqualTo(201);
    assertThat(imported.at("/id")).isNotEqualTo(id);
    assertThat(imported.header("Location")).isEqualTo(PATH + "/" + imported.at("/id"));
    assertThat(imported.json().at("/bytes").asLong()).isEqualTo(file.length + rest.length);

    Answer refused = api.post(PATH + "/import", BYTES, "nonsense");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.at("/code")).isEqualTo("FLX-CKPT-0010");
    assertThat(api.post(PATH + "/import", JSON, "{}").status()).isEqualTo(415);
  }
}
