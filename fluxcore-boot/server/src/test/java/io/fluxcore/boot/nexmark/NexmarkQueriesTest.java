package io.fluxcore.boot.nexmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationStatus;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.boot.FluxCore;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The queries of Nexmark as the examples have them, over events out of order, against {@link
 * Definitions}: in batches of several sizes, at parallelism 1 to 4, and at another one from the
 * middle on, from a snapshot. {@code -Dfluxcore.nexmark.events} says how many events, {@code
 * -Dfluxcore.nexmark.seed} which, {@code -Dfluxcore.nexmark.query} which query alone.
 */
final class NexmarkQueriesTest {
  private static final long EVENTS = Long.getLong("fluxcore.nexmark.events", 20_000);
  private static final long SEED = Long.getLong("fluxcore.nexmark.seed", 42);
  private static final @Nullable Integer ONLY = Integer.getInteger("fluxcore.nexmark.query");
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final Path EXAMPLES = examples();

  /** A day begins in the middle; some 20 windows of ten seconds for each 20,000 events. */
  private static final Map<String, Object> OPTIONS =
      Map.of(
          "count",
          EVENTS,
          "seed",
          SEED,
          "splits",
          4L,
          "eventRate",
          100L,
          "startTime",
          "2025-12-31T23:58:20Z");

  private static final ConnectorRegistry CONNECTORS =
      ConnectorRegistry.load(NexmarkQueriesTest.class.getClassLoader());

  private static Site site;
  private static Definitions definitions;

  @TempDir private Path directory;

  /**
   * How a query is run.
   *
   * @param batchRows rows of a batch
   * @param before parallelism of the first half
   * @param after of the second half, from a snapshot; 0: there is none
   */
  private record Run(int batchRows, int before, int after) {}

  private static final List<Run> RUNS =
      List.of(new Run(1, 1, 2), new Run(7, 2, 4), new Run(2048, 3, 1), new Run(2048, 4, 0));

  private static Path examples() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("examples/nexmark"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException(
          "examples/nexmark is not above " + Path.of("").toAbsolutePath());
    }
    return folder.resolve("examples/nexmark");
  }

  @BeforeAll
  static void makeEvents() throws IOException {
    SourceConnector nexmark = CONNECTORS.source("nexmark");
    Source source =
        nexmark.create(
            OptionParser.parse(nexmark.descriptor(), OPTIONS).orThrow(),
            new ConnectorServices(JdkRegexCompiler.INSTANCE));
    site = new Site();
    SourceReading.readAll(source, SourceReading.context(source.schema(), 1000))
        .values()
        .forEach(split -> split.rows().forEach(site::add));
    Map<Long, String> sideInput =
        Files.readAllLines(EXAMPLES.resolve("side-input.csv")).stream()
            .skip(1)
            .map(line -> line.split(","))
            .collect(Collectors.toMap(words -> Long.parseLong(words[0]), words -> words[1]));
    definitions = new Definitions(site, sideInput);
  }

  private String script(String file) throws IOException {
    return Files.readString(EXAMPLES.resolve(file))
        .replace("/tmp/nexmark", directory.toString())
        .replace("examples/nexmark/", EXAMPLES + "/");
  }

  /** Runs a query, and gives the rows that it came to; null if it writes them itself. */
  private @Nullable Result run(int query, Run run) throws IOException, InterruptedException {
    String what = "q" + query + ", seed " + SEED + ", " + run;
    GatedNexmark source =
        new GatedNexmark(CONNECTORS.source("nexmark"), OPTIONS, run.batchRows(), EVENTS / 2);
    FluxCore engine =
        FluxCore.embedded(
            ConnectorRegistry.of(
                List.of(source, CONNECTORS.source("file")), List.of(CONNECTORS.sink("file"))),
            new InMemoryDeadLetters(10),
            FluxCore.expressions());
    StreamTopology topology = null;
    Result result = null;
    SqlSession session = engine.sql().newSession();
    List<SqlStatement> statements =
        Stream.of(script("tables.sql"), script("q" + query + ".sql"))
            .flatMap(text -> engine.sql().statements(text).stream())
            .toList();
    for (SqlStatement statement : statements) {
      SqlOutcome outcome = session.execute(statement);
      if (outcome instanceof SqlOutcome.Query rows) {
        result = new Result(rows.columns());
        topology =
            rows.topology().withSink("rows", SinkConfig.custom(result).build(), rows.output());
      } else if (outcome instanceof SqlOutcome.Job job) {
        topology = job.topology();
      }
    }
    assertThat(topology).as(what).isNotNull();
    JobConfig config = JobConfig.builder().name("nexmark").parallelism(run.before()).build();
    JobId job = engine.service().submitJob(topology, config);
    if (run.after() > 0) {
      assertThat(source.awaitHalf(PATIENCE)).as(what).isTrue();
      Operation rescaling = engine.service().rescaleJob(job, run.after());
      rescaling = engine.service().awaitOperation(rescaling.id(), PATIENCE);
      assertThat(rescaling.status())
          .as("%s: %s", what, rescaling)
          .isEqualTo(OperationStatus.SUCCEEDED);
    }
    source.goOn();
    assertThat(engine.service().awaitEnd(job, PATIENCE))
        .as("%s: %s", what, engine.service().getJob(job))
        .isEqualTo(JobStatus.FINISHED);
    return result;
  }

  static List<Integer> queries() {
    return IntStream.rangeClosed(0, 23)
        .filter(q -> q != 10 && q != 12)
        .filter(q -> ONLY == null || ONLY == q)
        .boxed()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_comesToWhatItsDefinitionSays(int query) throws IOException, InterruptedException {
    Table expected = definitions.of(query);
    assertThat(expected.size()).as("rows of q%s", query).isPositive();
    for (Run run : RUNS) {
      expected.check("q" + query + ", seed " + SEED + ", " + run, run(query, run).rows());
    }
  }

  /** The files of q10 are whole, and each row is in the directory of its minute. */
  @Test
  void filesByMinute_holdWhatTheDefinitionSays() throws IOException, InterruptedException {
    Table expected = definitions.of(10);
    for (Run run : RUNS) {
      run(10, run);
      Map<List<Object>, Integer> found = new HashMap<>();
      for (Path file : files()) {
        List<String> lines = Files.readAllLines(file);
        for (String line : lines.subList(1, lines.size())) {
          String[] values = line.split(",");
          assertThat(file.getParent().endsWith("dt=" + values[5] + "/hm=" + values[6]))
              .as("%s in %s", line, file)
              .isTrue();
          found.merge(logged(values), 1, Integer::sum);
        }
        Files.delete(file);
      }
      expected.check("q10, seed " + SEED + ", " + run, found);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".csv")).toList();
    }
  }

  private static List<Object> logged(String[] values) {
    List<Object> row = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      row.add(Long.parseLong(values[i]));
    }
    row.add(LocalDateTime.parse(values[3].replace(' ', 'T')));
    row.addAll(List.of(values).subList(4, 7));
    return row;
  }

  /** When a bid is processed is open: its bidder, and that it is counted once, is not. */
  @Test
  void windowsOfTheClock_countEachBidOnce() throws IOException, InterruptedException {
    Map<Object, Long> expected =
        site.bids.stream()
            .collect(Collectors.groupingBy(Site.Bid::bidder, TreeMap::new, Collectors.counting()));
    for (Run run : RUNS) {
      Map<Object, Long> found = new TreeMap<>();
      run(12, run)
          .rows()
          .forEach(
              (row, times) -> {
                assertThat(times).as("%s", row).isEqualTo(1);
                Instant start = (Instant) row.get(2);
                assertThat(start.getEpochSecond() % 10).as("%s", row).isZero();
                assertThat(row.get(3)).isEqualTo(start.plusSeconds(10));
                found.merge(row.get(0), (Long) row.get(1), Long::sum);
              });
      assertThat(found).as("seed %s, %s", SEED, run).isEqualTo(expected);
    }
  }
}
