package io.fluxcore.adapters.in.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.rest.JobFiles;
import io.fluxcore.adapters.in.rest.TestServer;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.kit.FreePort;
import io.fluxcore.domain.job.JobId;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code fluxcore job} and {@code fluxcore stream} against a server. */
@Timeout(60)
class ServerCommandsIT {
  private static TestServer server;

  @TempDir private Path folder;
  private String out = "";
  private String err = "";

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private int execute(String... arguments) {
    return answering(null, arguments);
  }

  /** With a person at the keyboard, or nobody. */
  private int answering(@Nullable String typed, String... arguments) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            data,
            new PrintStream(messages, true, StandardCharsets.UTF_8),
            false,
            false,
            typed == null ? null : new BufferedReader(new StringReader(typed)));
    int code =
        new FluxCoreCommandLine(
                terminal,
                handler -> {},
                (rows, letters) -> {
                  throw new IllegalStateException("no engine is needed here");
                },
                settings -> {
                  throw new IllegalStateException("no server of one's own is needed here");
                },
                "test")
            .execute(arguments);
    out = data.toString(StandardCharsets.UTF_8);
    err = messages.toString(StandardCharsets.UTF_8);
    return code;
  }

  private int command(String line, String... more) {
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    words.addAll(List.of(more));
    words.addAll(List.of("--server", server.url()));
    return execute(words.toArray(String[]::new));
  }

  private String file(String name) throws IOException {
    return Files.writeString(folder.resolve(name + ".yaml"), JobFiles.of(name)).toString();
  }

  private void submit(String name) throws IOException {
    assertThat(command("job submit", file(name))).as(err).isZero();
  }

  private JsonNode json() {
    return Server.JSON.readTree(out);
  }

  @Test
  void submit_thenListGetStop() throws Exception {
    assertThat(command("job submit", file("cli-life"))).isZero();
    assertThat(out).startsWith("ID ").contains("cli-life", "RUNNING");

    assertThat(command("job list --search cli-life")).isZero();
    assertThat(out.lines()).hasSize(2);
    assertThat(command("job list --search cli-life -o json")).isZero();
    assertThat(json().at("/items/0/name").asString()).isEqualTo("cli-life");
    assertThat(command("job list --search cli-life -o ndjson")).isZero();
    assertThat(json().get("name").asString()).isEqualTo("cli-life");
    assertThat(command("job get cli-life")).isZero();
    assertThat(out).contains("State:       RUNNING", "History:", "the plan of cli-life");

    assertThat(command("job stop cli-life --wait --timeout 10s")).isZero();
    assertThat(out).contains("STOPPED");
    assertThat(command("job list --search cli-life --state RUNNING")).isZero();
    assertThat(out.lines()).hasSize(1);
  }

  @Test
  void submit_brokenFile_isLocatedInIt() throws Exception {
    Path file = folder.resolve("broken.yaml");
    Files.writeString(file, JobFiles.of("broken").replace("connector: acme", "connector: acmee"));

    assertThat(command("job submit", file.toString())).isEqualTo(2);
    assertThat(err).contains(file + ":6:18:", "acme", "[FLX-JOBFILE-");
    assertThat(out).isEmpty();
    assertThat(command("job submit --dry-run", file.toString())).isEqualTo(2);
    assertThat(err).contains(file + ":6:18:");
    assertThat(command("job submit --dry-run", file("dry"))).isZero();
    assertThat(out).isEqualTo("the plan of dry\n");
    assertThat(command("job get dry")).isEqualTo(3);
    assertThat(command("job submit", folder.resolve("none.yaml").toString())).isEqualTo(2);
  }

  @Test
  void submit_parameters() throws Exception {
    Path file = folder.resolve("p.yaml");
    Files.writeString(file, JobFiles.of("cli-set").replace("${url:here}", "${url}"));

    assertThat(command("job submit", file.toString())).isEqualTo(2);
    assertThat(command("job submit", file.toString(), "--set", "url=a b&c=\u00e9")).isZero();
  }

  @Test
  void submit_takenName_conflicts() throws Exception {
    submit("cli-taken");
    Path other = folder.resolve("other.yaml");
    Files.writeString(other, JobFiles.of("cli-taken").replace("here", "there"));

    assertThat(command("job submit", other.toString())).isEqualTo(5);
    assertThat(err).contains("FLX-JOB-0005");
  }

  @Test
  void wait_endsWithTheJob_orTheTimeout() throws Exception {
    submit("cli-wait");

    assertThat(command("job submit", file("cli-wait"), "--wait", "--timeout", "1ms")).isEqualTo(6);
    assertThat(out).contains("RUNNING");
    server.service().finish("cli-wait");
    assertThat(command("job watch cli-wait")).isZero();
    assertThat(out).contains("cli-wait  FINISHED  read 4  written 0");
    submit("cli-cancel");
    assertThat(command("job cancel cli-cancel --wait")).isZero();
    assertThat(out).contains("CANCELLED");
    assertThat(command("job submit", file("cli-unsent"), "--timeout", "soon")).isEqualTo(2);
    assertThat(command("job get cli-unsent")).isEqualTo(3);
  }

  @Test
  void operations_areBegun_andWaitedFor() throws Exception {
    submit("cli-operated");
    assertThat(command("job suspend cli-operated --wait --timeout 1ms")).isEqualTo(6);
    assertThat(out).contains("SUSPEND", "RUNNING", "10%");
    assertThat(err).contains("stopping with its state ...");
    server.service().result.complete(Map.of());
    assertThat(command("job rescale cli-operated 3 --wait")).isZero();
    assertThat(out).contains("RESCALE", "SUCCEEDED", "100%");
    submit("cli-operated-2");
    assertThat(command("job restart cli-operated-2 --without-state --wait")).isZero();
    assertThat(command("job resume cli-operated-2")).isEqualTo(5);
    assertThat(command("job rescale cli-operated-2 many")).isEqualTo(2);
  }

  @Test
  void replay_andStateOfATime() throws Exception {
    submit("cli-past");
    assertThat(command("job replay cli-past --from-savepoint sp-1 --name again --wait")).isZero();
    assertThat(out).contains("REPLAY", "SUCCEEDED", "jobName: again", "Savepoint[id=sp-1]");
    assertThat(
            command(
                "job replay cli-past --from-timestamp 2026-03-01T12:00:00Z --with-state"
                    + " --declared-sinks --in-place --wait"))
        .isZero();
    assertThat(out)
        .contains("2026-03-01T12:00:00Z, withState=true", "declaredSinks=true", "inPlace=true");
    assertThat(
            command(
                "job replay cli-past --source in --wait --from-offset", "a=b.csv=byte 10, line 2"))
        .isZero();
    assertThat(out).contains("Offset[source=in, split=a=b.csv, position=byte 10, line 2]");
    assertThat(command("job replay cli-past")).isEqualTo(2);
    assertThat(command("job replay cli-past --from-offset nothing")).isEqualTo(2);
    assertThat(command("job replay cli-past --from-savepoint sp-none")).isEqualTo(3);
    assertThat(command("job state cli-past in de")).isZero();
    assertThat(out).contains("de\n", "  seen: 7\n");
    assertThat(command("job state cli-past in de --as-of 2026-03-01T12:00:00Z")).isZero();
    assertThat(out).contains("de\n", "  seen: 2026-03-01T12:00:00Z\n");
    assertThat(command("job state cli-past in --as-of 2026-03-01T12:00:00Z --limit 2")).isZero();
    assertThat(out).contains("a\n", "b\n").doesNotContain("c\n");
    assertThat(command("job state cli-past --as-of 2026-03-01T12:00:00Z")).isZero();
    assertThat(out).contains("OPERATOR", "in", "from checkpoint 3");
    assertThat(command("job state cli-past in")).isEqualTo(2);
    assertThat(command("job state cli-past --as-of 2000-01-01T00:00:00Z --timeout 1ms"))
        .isEqualTo(6);
  }

  @Test
  void why_speaksPlainly() throws Exception {
    submit("cli-why");

    assertThat(command("job why cli-why")).isZero();
    assertThat(out)
        .contains(
            "Job cli-why is RUNNING.",
            "1. in: partition 3 of 'in' has given nothing for 40 s",
            "What helps: give the source an idle timeout",
            "hour: 1 window is open, and gives its results at 1970-01-01T01:00:00Z; event time is"
                + " 1970-01-01T00:00:01Z, held back by partition 3 of in since");
    server.service().emit("cli-why", "a", 1);
    assertThat(command("job why cli-why")).isZero();
    assertThat(out).contains("Nothing was found that keeps results back.");
  }

  @Test
  void metrics_areATable() throws Exception {
    submit("cli-metrics");

    assertThat(command("job metrics cli-metrics")).isZero();
    assertThat(out).contains("OPERATOR", "61%", "1.2s", "Checkpoints: 3 completed, 1 failed");
    assertThat(command("job metrics cli-metrics -o json")).isZero();
    assertThat(json().at("/operators/0/operatorId").asString()).isEqualTo("in");
  }

  @Test
  void tail_shapes() throws Exception {
    submit("cli-tail");
    server.service().emit("cli-tail", "a", 1);
    server.service().emit("cli-tail", "b\tc\nd", 2);

    assertThat(command("stream tail cli-tail --latest 2 --limit 2")).isZero();
    assertThat(out)
        .isEqualTo(
            "TIMESTAMP\tKIND\tWORD\tCOUNT\n"
                + "1970-01-01T00:00:01Z\tINSERT\ta\t1\n"
                + "1970-01-01T00:00:02Z\tINSERT\tb\tc\\nd\t2\n");
    assertThat(err).contains("2 results; ended by the limit");
    assertThat(command("stream tail cli-tail --latest 2 --limit 2 -o json")).isZero();
    assertThat(json().at("/rows/1/row/count").asInt()).isEqualTo(2);
    assertThat(json().at("/summary/rows").asInt()).isEqualTo(2);
    assertThat(command("stream tail cli-tail --timeout 1ms -o ndjson")).isZero();
    assertThat(json().at("/summary/end").asString()).isEqualTo("TIMEOUT");
    assertThat(command("stream tail nope")).isEqualTo(3);
    assertThat(command("stream tail cli-tail --node nope")).isEqualTo(2);
  }

  @Test
  void publish_linesInParts() throws Exception {
    server.streams().drain();
    Path events = folder.resolve("events.ndjson");
    Files.writeString(events, "{\"n\":1}\n\n".repeat(12_000));

    assertThat(command("stream publish clicks", events.toString())).isZero();
    assertThat(out).isEqualTo("12000 events accepted, 0 rejected\n");
    assertThat(server.streams().drain()).hasSize(12_000);
  }

  @Test
  void publish_rejectedLines_areTold() throws Exception {
    Path events = folder.resolve("events.ndjson");
    Files.writeString(events, "{\"n\":1}\n\nnonsense\n");

    assertThat(command("stream publish clicks -o json", events.toString())).isEqualTo(1);
    assertThat(json().get("rejected").asInt()).isEqualTo(1);
    assertThat(err).contains("line 3 was refused");
    Files.writeString(events, "1\n2\n");
    assertThat(command("stream publish clicks", events.toString())).isEqualTo(1);
    assertThat(out).isEqualTo("0 events accepted, 2 rejected\n");
  }

  @Test
  void publish_backPressure_goesOn() throws Exception {
    server.streams().drain();
    Path events = folder.resolve("events.ndjson");
    Files.writeString(events, "{}\n".repeat(5));

    assertThat(command("stream publish full", events.toString())).isZero();
    assertThat(out).isEqualTo("5 events accepted, 0 rejected\n");
  }

  @Test
  void publish_unknownStreamOrFile() throws Exception {
    Path events = Files.writeString(folder.resolve("events.ndjson"), "{}\n");

    assertThat(command("stream publish nope", events.toString())).isEqualTo(3);
    assertThat(command("stream publish clicks", folder.resolve("no").toString())).isEqualTo(2);
    assertThat(command("stream list")).isZero();
    assertThat(out).isEqualTo("clicks\nfull\nsecret\n");
  }

  @Test
  void serverThatIsNotThere_exits7() throws Exception {
    int port = FreePort.next();

    assertThat(execute("job", "list", "--server", "http://127.0.0.1:" + port)).isEqualTo(7);
    assertThat(err).contains("cannot be reached", "FLUXCORE_SERVER", "[FLX-CLI-0003]");
    assertThat(execute("job", "list", "--server", "nonsense")).isEqualTo(2);
    assertThat(execute("job", "list", "--server", "http://a b")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job",
        "job submit",
        "job list",
        "job get",
        "job stop",
        "job cancel",
        "job suspend",
        "job resume",
        "job restart",
        "job rescale",
        "job replay",
        "job state",
        "job metrics",
        "job why",
        "job watch",
        "savepoint",
        "savepoint create",
        "savepoint list",
        "savepoint describe",
        "savepoint restore",
        "savepoint delete",
        "savepoint export",
        "savepoint import",
        "stream",
        "stream list",
        "stream publish",
        "stream tail"
      })
  void helpOfEachCommand_endsWithTwoExamples(String command) {
    assertThat(execute((command + " --help").split(" "))).isZero();
    String[] lines = out.strip().split("\n", -1);
    assertThat(lines[lines.length - 3]).isEqualTo("Examples:");
    assertThat(lines[lines.length - 2]).contains("fluxcore " + command.split(" ")[0]);
    assertThat(lines[lines.length - 1]).contains("fluxcore " + command);
  }

  private String savepoint(String job, String... more) {
    assertThat(command("savepoint create " + job + " --wait -o json", more)).as(err).isZero();
    assertThat(json().get("status").asString()).isEqualTo("SUCCEEDED");
    return json().at("/result/savepointId").asString();
  }

  @Test
  void savepoints_madeAndLookedAt() throws Exception {
    submit("cli-saved");
    String id = savepoint("cli-saved", "--label", "before the move");
    assertThat(command("savepoint list --job cli-saved")).isZero();
    assertThat(out.lines()).hasSize(2);
    assertThat(out).startsWith("ID ").contains(id, "cli-saved", "84.1 MB", "before the move");
    assertThat(command("savepoint list --job cli-saved -o ndjson")).isZero();
    assertThat(json().get("id").asString()).isEqualTo(id);
    assertThat(command("savepoint describe " + id)).isZero();
    assertThat(out)
        .contains(
            "Label:      before the move",
            "    split 0: 4000",
            "  counts  84.0 MB",
            "    state counts by (string): 1200 keys, 84.0 MB");
    assertThat(command("savepoint describe " + id + " -o json")).isZero();
    assertThat(json().at("/savepoint/id").asString()).isEqualTo(id);
    assertThat(command("savepoint describe sp-none")).isEqualTo(3);
    assertThat(command("savepoint create nope")).isEqualTo(3);
    assertThat(command("job stop cli-saved --savepoint --wait")).isZero();
    assertThat(out).contains("SAVEPOINT", "SUCCEEDED", "savepointId: sp-");
    assertThat(command("savepoint create cli-saved")).isEqualTo(5);
  }

  @Test
  void savepoints_restored() throws Exception {
    submit("cli-restored");
    String id = savepoint("cli-restored");
    assertThat(command("savepoint restore " + id)).isEqualTo(5);
    assertThat(err).contains("FLX-JOB-0022");
    assertThat(command("savepoint restore " + id + " --dry-run --file", file("cli-other")))
        .isEqualTo(5);
    assertThat(out).contains("OPERATOR", "counts", "incompatible", "its key has other types");
    assertThat(command("savepoint restore " + id + " --parallelism 2 --file", file("cli-other")))
        .isEqualTo(2);
    assertThat(command("savepoint restore " + id + " --file", file("cli-other"))).isZero();
    assertThat(out).contains("cli-other", "RUNNING");
    assertThat(command("job cancel cli-restored --wait")).isZero();
    assertThat(command("savepoint restore " + id + " --dry-run")).isZero();
    assertThat(command("savepoint restore " + id + " --parallelism 2 -o json")).isZero();
    assertThat(json().get("parallelism").asInt()).isEqualTo(2);
  }

  @Test
  void savepoints_broughtElsewhere_andDeleted() throws Exception {
    submit("cli-moved");
    String id = savepoint("cli-moved");
    Path file = folder.resolve("moved.savepoint");
    assertThat(command("savepoint export " + id, file.toString())).as(err).isZero();
    assertThat(out).contains(id + " written to " + file, Files.size(file) + " bytes");
    assertThat(command("savepoint export sp-none", folder.resolve("no").toString())).isEqualTo(3);
    assertThat(folder.resolve("no")).doesNotExist();
    assertThat(command("savepoint import -o json", file.toString())).as(err).isZero();
    String imported = json().get("id").asString();
    assertThat(imported).isNotEqualTo(id);
    assertThat(command("savepoint import", folder.resolve("no").toString())).isEqualTo(2);

    assertThat(command("savepoint delete " + id)).isEqualTo(2);
    assertThat(err).contains("say --yes", "FLX-CLI-0009");
    String[] words = {"savepoint", "delete", id, "--server", server.url()};
    assertThat(answering("n\n", words)).isEqualTo(1);
    assertThat(err).contains("Delete " + id + "? [y/N]", "nothing was deleted");
    assertThat(answering("y\n", words)).isZero();
    assertThat(command("savepoint delete --yes " + imported)).isZero();
    assertThat(command("savepoint delete --yes " + imported)).isEqualTo(3);
  }

  @Test
  void deadLetters_listShowEditReplayDiscard() throws Exception {
    submit("cli-letters");
    JobId job = new JobId(jobId("cli-letters"));
    long id = letter(job, "a.log:1");
    long other = letter(job, "a.log:2");
    assertThat(command("dead-letter list --job cli-letters")).as(err).isZero();
    assertThat(out.lines()).hasSize(3);
    assertThat(out).startsWith("ID ").contains("TEST-1", "WAITING", "{broken");
    assertThat(command("dead-letter list --job cli-letters -o ndjson --code TEST-9")).isZero();
    assertThat(out).isEmpty();
    assertThat(command("dead-letter replay " + id)).isEqualTo(1);
    assertThat(out).contains("FAILED: still bad");
    assertThat(command("dead-letter edit " + id, "--text", "{}")).as(err).isZero();
    assertThat(out).contains("content   {}", "original  {broken", "attempts  2");
    assertThat(command("dead-letter replay " + id)).isZero();
    assertThat(out).isEqualTo(id + " PROCESSED\n");
    assertThat(command("dead-letter show " + id + " -o json")).isZero();
    assertThat(json().get("state").asString()).isEqualTo("REPLAYED");
    assertThat(command("dead-letter discard --job cli-letters --dry-run")).isZero();
    assertThat(out).startsWith("would be: 1 matching");
    assertThat(command("dead-letter discard " + other)).isZero();
    assertThat(command("dead-letter show " + other)).isNotZero();
    assertThat(command("dead-letter replay")).isEqualTo(2);
    assertThat(err).contains("FLX-CLI-0007");
  }

  private String jobId(String name) {
    assertThat(command("job get " + name + " -o json")).isZero();
    return json().get("id").asString();
  }

  private static long letter(JobId job, String position) {
    return server
        .letters()
        .add(
            DeadLetter.of(
                job,
                "cli-letters",
                "in",
                new DeadLetter.Origin("in", "a.log", position),
                DeadLetter.Content.ofBytes("{broken".getBytes(StandardCharsets.UTF_8)),
                new DeadLetter.Failure("TEST-1", "no JSON", 1, Instant.EPOCH),
                0))
        .id();
  }
}
