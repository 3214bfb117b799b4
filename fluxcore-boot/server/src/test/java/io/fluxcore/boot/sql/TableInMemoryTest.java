package io.fluxcore.boot.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.boot.FluxCore;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.job.RestartStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Joins in SQL with a file that is held in memory. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TableInMemoryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private final FluxCore engine =
      FluxCore.embedded(
          ConnectorRegistry.load(TableInMemoryTest.class.getClassLoader()),
          new InMemoryDeadLetters(10),
          FluxCore.expressions());

  private void table(String... lines) throws IOException {
    Path next = Files.write(directory.resolve("next"), List.of(lines));
    Files.move(next, directory.resolve("codes.csv"), StandardCopyOption.REPLACE_EXISTING);
  }

  private String statements(String orders, String codes) {
    return """
        %s;
        CREATE TABLE codes (code STRING, name STRING)
        WITH ('connector' = 'file', 'path' = '%s/codes.csv', 'format' = 'csv', %s);
        CREATE TABLE named (n BIGINT, name STRING)
        WITH ('connector' = 'file', 'path' = '%s/out', 'format' = 'csv');
        INSERT INTO named
        SELECT o.n, c.name FROM orders AS o
        LEFT JOIN codes FOR SYSTEM_TIME AS OF PROCTIME() AS c ON o.code = c.code;
        """
        .formatted(orders, directory, codes, directory);
  }

  private String ordersFile(String... codes) throws IOException {
    List<String> lines =
        IntStream.range(0, codes.length).mapToObj(i -> codes[i] + "," + i).toList();
    Files.write(
        directory.resolve("orders.csv"),
        Stream.concat(Stream.of("code,n"), lines.stream()).toList());
    return "CREATE TABLE orders (code STRING, n BIGINT) WITH ('connector' = 'file', 'format' = 'csv',"
        + " 'path' = '"
        + directory.resolve("orders.csv")
        + "')";
  }

  private JobId submit(String script, int parallelism) {
    SqlSession session = engine.sql().newSession();
    SqlOutcome last = null;
    for (SqlStatement statement : engine.sql().statements(script)) {
      last = session.execute(statement);
    }
    return engine
        .service()
        .submitJob(
            ((SqlOutcome.Job) last).topology(),
            JobConfig.builder()
                .name("in-memory")
                .parallelism(parallelism)
                .restartStrategy(RestartStrategy.none())
                .build());
  }

  private List<String> results() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("out"))
          .flatMap(TableInMemoryTest::lines)
          .filter(line -> !line.startsWith("n,"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void eachRow_hasWhatTheFileHas_atAnyParallelism() throws Exception {
    table("code,name", "a,Ann", "b,Bob", "b,Bert", "c,");
    JobId job = submit(statements(ordersFile("b", "a", "x", "c"), "'lookup.cache' = 'full'"), 3);
    assertThat(engine.service().awaitEnd(job, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(results()).containsExactly("0,Bert", "0,Bob", "1,Ann", "2,", "3,");
  }

  @Test
  void fileThatChanges_isReadAgain() throws Exception {
    table("code,name", "a,old");
    JobId job =
        submit(
            statements(
                "CREATE TABLE made (id BIGINT) WITH ('connector' = 'generator', 'rate' = '100');"
                    + " CREATE VIEW orders AS SELECT 'a' AS code, id AS n FROM made",
                "'lookup.cache' = 'full', 'lookup.cache.reload' = '100ms'"),
            1);
    awaitResult("old");
    table("code,name", "a,new");
    awaitResult("new");
    engine.service().cancelJob(job);
    assertThat(engine.service().awaitEnd(job, PATIENCE)).isEqualTo(JobStatus.CANCELLED);
  }

  private void awaitResult(String name) throws IOException, InterruptedException {
    while (results().stream().noneMatch(line -> line.endsWith("," + name))) {
      Thread.sleep(20);
    }
  }

  @Test
  void recordThatCannotBeRead_failsTheJob_andIsTold() throws Exception {
    table("code,name", "a,Ann", "b,\"Bob");
    JobId job = submit(statements(ordersFile("a"), "'lookup.cache' = 'full'"), 1);
    assertThat(engine.service().awaitEnd(job, PATIENCE)).isEqualTo(JobStatus.FAILED);
    assertThat(engine.service().getJob(job).toString())
        .contains("FLX-JOIN-0006")
        .contains("codes.csv");
  }

  @Test
  void tableWithMoreRowsThanItMayHave_failsTheJob() throws Exception {
    table("code,name", "a,Ann", "b,Bob");
    JobId job =
        submit(
            statements(ordersFile("a"), "'lookup.cache' = 'full', 'lookup.cache.mostRows' = '1'"),
            1);
    assertThat(engine.service().awaitEnd(job, PATIENCE)).isEqualTo(JobStatus.FAILED);
    assertThat(engine.service().getJob(job).toString()).contains("FLX-JOIN-0004");
  }

  @Test
  void optionsThatDoNotGoTogether_areRefused() throws Exception {
    table("code,name");
    String orders = ordersFile("a");
    assertThatThrownBy(() -> submit(statements(orders, "'lookup.cache' = 'all'"), 1))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-QUERY-0029")
        .hasMessageContaining("'all'");
    assertThatThrownBy(
            () -> submit(statements(orders, "'lookup.cache' = 'full', 'lookup.inFlight' = '3'"), 1))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("it is for tables that are asked for keys");
  }
}
