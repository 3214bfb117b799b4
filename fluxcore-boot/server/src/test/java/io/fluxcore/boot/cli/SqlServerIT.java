package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** SQL over REST and from the command line, on a real server that is killed in the middle. */
@Timeout(600)
final class SqlServerIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NUMBERS =
      "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'generator', 'rate' = '2000');\n";

  @TempDir private Path folder;

  private static String sql(String script) {
    return JSON.createObjectNode().put("sql", script).toString();
  }

  private static long rows(RunningServer server, String view) throws Exception {
    return server.get("/views/" + view).path("rows").asLong();
  }

  private static void awaitRows(RunningServer server, String view, long rows) throws Exception {
    for (int i = 0; i < 1_200 && rows(server, view) < rows; i++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(rows(server, view)).isGreaterThanOrEqualTo(rows);
  }

  @Test
  void viewAndInsert_outliveTheServer() throws Exception {
    try (RunningServer server = RunningServer.start(folder)) {
      JsonNode run =
          server.send(
              "POST",
              "/sql",
              sql(
                  NUMBERS
                      + "SET 'checkpointInterval' = '1s';"
                      + "CREATE TABLE nowhere (id BIGINT) WITH ('connector' = 'discard');\n"
                      + "CREATE MATERIALIZED VIEW ids AS SELECT id, COUNT(*) AS n FROM numbers"
                      + " GROUP BY id;\n"
                      + "INSERT INTO nowhere SELECT id FROM numbers WHERE id > 5"));
      assertThat(run.at("/results/3/kind").asString()).isEqualTo("JOB");
      assertThat(run.at("/results/3/jobName").asString()).isEqualTo("view-ids");
      assertThat(run.at("/results/4/jobName").asString()).isEqualTo("insert-into-nowhere");
      awaitRows(server, "ids", 5_000);
      for (int i = 0;
          i < 600 && server.get("/jobs/view-ids/metrics").path("checkpoints").asInt() == 0;
          i++) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      server.process().destroyForcibly();
      server.process().waitFor();
    }
    try (RunningServer server = RunningServer.start(folder)) {
      awaitRows(server, "ids", 10_000);
      assertThat(server.get("/views/ids/rows/4999").at("/row/n").asLong()).isEqualTo(1);
      assertThat(server.get("/jobs/insert-into-nowhere").path("state").asString())
          .isEqualTo("RUNNING");

      Program.Result counted =
          Program.run(
              folder,
              "sql",
              "--server",
              server.url(),
              "-o",
              "ndjson",
              "-e",
              "SELECT id FROM ids WHERE id < 3");
      assertThat(counted.exitCode()).as(counted.err()).isZero();
      assertThat(counted.out()).contains("\"id\":2").contains("QUERY_ENDED");
      Program.Result wrong =
          Program.run(
              folder, "sql", "--server", server.url(), "-e", "SHOW TABLES;\nSELECT idd FROM ids");
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.err()).contains("2:8").contains("did you mean 'id'?");
      Program.Result dropped =
          Program.run(folder, "sql", "--server", server.url(), "-e", "DROP MATERIALIZED VIEW ids");
      assertThat(dropped.exitCode()).as(dropped.err()).isZero();
      assertThat(server.get("/views").path("total").asInt()).isZero();
    }
  }
}
