package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.checkpoint.kit.S3Gate;
import io.fluxcore.application.checkpoint.kit.S3Server;
import io.fluxcore.application.job.kit.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Servers whose jobs have their checkpoints in a bucket. */
@Timeout(600)
final class S3CheckpointsIT {
  private static final String JOB =
      """
      job:
        name: counting
        stateBackend: rocksdb
        checkpoints: {interval: 500ms, toleratedFailures: 1000}
      topology:
        - name: in
          source: {connector: generator, rate: 20000}
        - name: day
          window:
            tumbling: {duration: 1d}
        - name: counts
          aggregate:
            groupBy: id
            fields: {n: count}
        - name: out
          sink: {connector: memory, overflow: dropOldest, maxRows: 10}
      """;

  @TempDir private Path folder;
  private S3Server store;
  private S3Gate gate;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    store = S3Server.start();
    gate = S3Gate.before(store);
  }

  @AfterEach
  void end() throws IOException {
    gate.close();
    store.close();
  }

  private Path home(String name, String bucket, String more) throws IOException {
    return RunningServer.configured(
        folder.resolve(name),
        """
        fluxcore:
          checkpoints:
            s3:
              bucket: %s
              prefix: fluxcore/test
              endpoint: %s
              access-key: %s
              secret-key: %s
        %s
        """
            .formatted(
                bucket, gate.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY, more.indent(2)));
  }

  /** Requests so far that sent an object of which the path has this in it. */
  private List<String> sent(String path) {
    return gate.requests().stream()
        .filter(request -> request.startsWith("PUT") && request.contains(path))
        .toList();
  }

  private static long restarts(JsonNode job) {
    return RunningServer.history(job).stream().filter(l -> l.startsWith("restarting")).count();
  }

  @Test
  void jobs_goOnFromTheBucket_onAnotherServer_andOutliveTheStore() throws Exception {
    try (PostgresServer database = PostgresServer.start()) {
      String shared =
          """
          store:
            url: "%s"
          state:
            rocksdb: {memory: 16MB, cache: 1MB}
          """
              .formatted(database.url());
      try (RunningServer a = RunningServer.start(home("a", S3Server.BUCKET, shared));
          RunningServer b = RunningServer.start(home("b", S3Server.BUCKET, shared))) {
        a.submit(JOB);
        a.await("counting", job -> RunningServer.newest(job) >= 5);

        // What is large is sent once, however many checkpoints refer to it.
        List<String> files = sent("/.shared/");
        assertThat(files).isNotEmpty();
        assertThat(new HashSet<>(files)).hasSameSizeAs(files);
        assertThat(sent("/SHARED")).hasSizeGreaterThan(1);

        // Another server goes on with the job, from the bucket.
        Program.signal(a.process(), "KILL");
        JsonNode taken = b.await("counting", RunningServer.says("taken on by"));
        assertThat(RunningServer.history(taken))
            .anyMatch(line -> line.matches("taken on by .*, from checkpoint \\d+"));
        long before = RunningServer.newest(taken);
        JsonNode running = b.await("counting", job -> RunningServer.newest(job) > before + 1);

        // Without the store checkpoints fail, and the job goes on.
        store.kill();
        JsonNode troubled = b.await("counting", RunningServer.says("FLX-S3-0006"));
        assertThat(RunningServer.history(troubled))
            .anyMatch(
                line ->
                    line.matches("checkpoint \\d+ failed: FLX-S3-0006 at s3://checkpoints/.*")
                        && line.contains("cannot be reached"));
        b.awaitProgress("counting");
        long last = RunningServer.newest(b.get("/jobs/counting"));
        store.restart();
        JsonNode well = b.await("counting", job -> RunningServer.newest(job) > last);
        assertThat(well.path("state").asString()).isEqualTo("RUNNING");
        assertThat(restarts(well)).isEqualTo(restarts(running));
      }
    }
  }

  @Test
  void bucketThatIsNotThere_keepsTheServerFromStarting_andIsTold() throws Exception {
    Path home = home("c", "nowhere", "");
    Program.Result refused =
        Program.run(
            home, "server", "start", "--port", "0", "--data", home.resolve("data").toString());
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err())
        .contains("FLX-S3-0001")
        .contains("s3://nowhere")
        .contains("fluxcore.checkpoints.s3.bucket");
  }
}
