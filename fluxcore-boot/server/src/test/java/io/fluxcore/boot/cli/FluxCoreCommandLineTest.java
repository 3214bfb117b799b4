package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.cli.FluxCoreCommandLine;
import io.fluxcore.adapters.in.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line inside this process, on the real engine. */
class FluxCoreCommandLineTest {
  private static final String JOB =
      """
      job: {name: inside, parallelism: 2}
      topology:
        - name: in
          source: {connector: generator, count: "${count:4}"}
        - name: keep
          filter: value %s
        - name: out
          sink: {connector: console, format: csv}
      """;

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int execute(boolean terminal, String... arguments) {
    Terminal streams =
        new Terminal(out, new PrintStream(err, true, StandardCharsets.UTF_8), terminal, terminal);
    return new FluxCoreCommandLine(
            streams,
            handler -> {},
            EmbeddedEngine::new,
            settings -> {
              throw new IllegalStateException("no server was asked for");
            },
            "test")
        .execute(arguments);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String job(String condition) throws IOException {
    return Files.writeString(folder.resolve("j.yaml"), JOB.formatted(condition)).toString();
  }

  @Test
  void connectors_areListedAndDescribed() {
    assertThat(execute(false, "connector", "list", "--kind", "source")).isZero();
    assertThat(out()).contains("file", "generator").doesNotContain("console");
    out.reset();
    assertThat(execute(false, "connector", "describe", "generator", "-o", "json")).isZero();
    assertThat(out()).contains("\"name\":\"count\"", "\"type\":\"long\"");
    assertThat(execute(false, "connector", "describe", "fil")).isEqualTo(2);
    assertThat(err()).contains("did you mean 'file'?");
  }

  @Test
  void connections_areTried() throws IOException {
    assertThat(execute(false, "connector", "check", job("> 1"))).isZero();
    assertThat(out()).contains("reachable    source in: 1 split: ", "reachable    sink out");
    String missing =
        JOB.formatted("> 1")
            .replace(
                "connector: generator, count: \"${count:4}\"",
                "connector: file, path: " + folder.resolve("missing.csv") + ", format: csv");
    Path file = Files.writeString(folder.resolve("missing.yaml"), missing);
    out.reset();
    assertThat(execute(false, "connector", "check", file.toString())).isEqualTo(1);
    assertThat(out()).contains("unreachable  source in: FLX-", "missing.csv", "reachable    sink");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"run", "validate", "explain", "schema", "server", "server start", "server status"})
  void helpOfEachCommand_endsWithTwoExamples(String command) {
    assertThat(execute(false, (command + " --help").split(" "))).isZero();
    String[] lines = out().strip().split("\n", -1);
    assertThat(lines[lines.length - 3]).isEqualTo("Examples:");
    assertThat(lines[lines.length - 2]).contains("fluxcore " + command);
    assertThat(lines[lines.length - 1]).contains("fluxcore " + command);
  }

  @Test
  void noArguments_showHelp_withExitCodes() {
    assertThat(execute(false)).isZero();
    assertThat(out()).contains("Exit codes:", "130", "Examples:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rnu x", "run", "run x --sett a=b", "run x --set a", "run x -o xml"})
  void wrongUsage_exits2(String line) {
    assertThat(execute(false, line.split(" "))).isEqualTo(2);
    assertThat(out()).isEmpty();
    assertThat(err()).isNotEmpty();
  }

  @Test
  void misspeltOption_isSuggested() {
    execute(false, "run", "x", "--paralelism=3");
    assertThat(err()).contains("--parallelism");
  }

  @Test
  void validate_findsEveryErrorOfExpressions_withLineAndColumn() throws IOException {
    assertThat(execute(false, "validate", job("> 1 and typo = 3"))).isEqualTo(2);
    assertThat(err()).contains("j.yaml:6:27:", "typo", "hint:", "[FLX-EXPR-");
    assertThat(err()).doesNotContain("\u001b");
  }

  @Test
  void colours_onlyOnATerminal() {
    execute(true, "validate", "nowhere.yaml");
    assertThat(err()).contains("\u001b[31m");
  }

  @Test
  void validAndExplained() throws IOException {
    assertThat(execute(false, "validate", job("> 0"))).isZero();
    assertThat(out()).contains("is valid", "'inside'", "3 nodes");
    assertThat(execute(false, "explain", job("> 0"))).isZero();
    assertThat(out()).contains("stage 0, parallelism 2", "value > 0");
  }

  @Test
  void run_asTable_json_ndjson() throws IOException {
    String job = job("is not null");
    assertThat(execute(false, "run", job)).as(err()).isZero();
    assertThat(out().lines()).hasSize(5);
    assertThat(err()).contains("Job inside FINISHED");
    out.reset();
    assertThat(execute(false, "run", job, "-o", "json", "--set", "count=2")).isZero();
    assertThat(out()).startsWith("{\"rows\":[\n{").contains("},\n{", "\n],\n\"summary\":{");
    assertThat(out()).contains("\"status\":\"FINISHED\"");
    out.reset();
    assertThat(execute(false, "run", job, "-o", "NDJSON", "--parallelism", "1")).isZero();
    assertThat(out().lines()).hasSize(5).allMatch(line -> line.startsWith("{"));
    out.reset();
    assertThat(execute(false, "run", job, "-o", "json", "--set", "count=0")).as(err()).isZero();
    assertThat(out()).startsWith("{\"rows\":[],\n\"summary\":{");
  }

  @Test
  void exampleOfTheDocumentation_isValid() throws IOException {
    String page = Files.readString(Program.ROOT.resolve("docs/job-files.md"));
    int start = page.indexOf("```yaml\n") + 8;
    Path file =
        Files.writeString(
            folder.resolve("page.yaml"), page.substring(start, page.indexOf("```", start)));
    assertThat(execute(false, "validate", file.toString(), "--set", "input=x")).as(err()).isZero();
  }

  @Test
  void schemaOfTheDocumentation_isTheOneInUse() throws IOException {
    assertThat(execute(false, "schema")).isZero();
    assertThat(Program.ROOT.resolve("docs/job-file.schema.json"))
        .as("stale: bin/fluxcore schema > docs/job-file.schema.json")
        .hasContent(out());
  }

  /** A table over lines of CSV that the test has written. */
  private String requests() throws IOException {
    Path input =
        Files.writeString(
            folder.resolve("requests.csv"),
            """
            path,status,millis
            /a,200,1000
            /b,404,2000
            /a,200,61000
            """);
    return Files.writeString(
            folder.resolve("tables.sql"),
            """
            CREATE TABLE requests (
              path STRING, status INT, millis BIGINT,
              t AS TO_TIMESTAMP_LTZ(millis, 3),
              WATERMARK FOR t AS t - INTERVAL '5' SECOND
            ) WITH ('connector' = 'file', 'path' = '%s', 'format' = 'csv');
            """
                .formatted(input))
        .toString();
  }

  @Test
  void sql_printsTheRowsOfAQuery() throws IOException {
    String query =
        "SELECT window_start, path, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE requests, DESCRIPTOR(t),"
            + " INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, path";
    assertThat(execute(false, "sql", "-f", requests(), "-e", query, "-o", "ndjson")).isZero();
    assertThat(out().lines())
        .contains(
            "{\"window_start\":\"1970-01-01T00:00:00Z\",\"path\":\"/a\",\"n\":1}",
            "{\"window_start\":\"1970-01-01T00:00:00Z\",\"path\":\"/b\",\"n\":1}",
            "{\"window_start\":\"1970-01-01T00:01:00Z\",\"path\":\"/a\",\"n\":1}");
  }

  @Test
  void sql_givesADocumentForEachStatementThatHasOne() throws IOException {
    String statements =
        "SHOW TABLES; SELECT status FROM requests WHERE status > 400;"
            + " SELECT path FROM requests WHERE status > 400";
    assertThat(execute(false, "sql", "-f", requests(), "-e", statements, "-o", "json")).isZero();
    assertThat(out())
        .startsWith(
            "{\"rows\":[\n{\"table name\":\"requests\"}\n]}\n{\"rows\":[\n{\"status\":404}\n],")
        .contains("{\"rows\":[\n{\"path\":\"/b\"}\n],");
  }

  @Test
  void sql_insertsAndExplains() throws IOException {
    String sink =
        "CREATE TABLE found (path STRING) WITH ('connector' = 'file', 'path' = '"
            + folder.resolve("found.csv")
            + "', 'format' = 'csv');";
    String insert = "INSERT INTO found SELECT path FROM requests WHERE status = 404;";
    assertThat(
            execute(
                false, "sql", "-f", requests(), "-e", "SET 'name' = 'finding';" + sink + insert))
        .isZero();
    assertThat(err()).contains("Table 'found' is created.", "Job finding FINISHED");
    assertThat(execute(false, "sql", "-f", requests(), "-e", sink + "EXPLAIN " + insert)).isZero();
    assertThat(out()).contains("filter (status = 404)", "found: file");
  }

  @Test
  void sql_tellsWhatIsWrongWithItsPlaceInTheFile() throws IOException {
    Path file =
        Files.writeString(folder.resolve("q.sql"), "SHOW TABLES;\nSELECT pat FROM requests");
    assertThat(execute(false, "sql", "-f", requests(), "-f", file.toString())).isEqualTo(2);
    assertThat(err()).contains("q.sql:2:8: Column 'pat' not found", "FLX-QUERY-0006");
    err.reset();
    assertThat(execute(false, "sql")).isEqualTo(2);
    assertThat(err()).contains("--file", "--execute");
    err.reset();
    assertThat(execute(false, "sql", "-f", folder.resolve("none.sql").toString())).isEqualTo(2);
    assertThat(err()).contains("none.sql");
  }
}
