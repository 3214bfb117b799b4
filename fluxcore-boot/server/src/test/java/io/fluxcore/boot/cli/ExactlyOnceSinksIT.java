package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.job.kit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A job writes to PostgreSQL and to files while its servers are killed, or paused and woken after
 * another has taken it over. What is committed in the end is compared with a plain computation.
 */
@Timeout(600)
final class ExactlyOnceSinksIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int WINDOW_SECONDS = 10;

  /** Who owns the job, to its sinks. */
  private static final String TOKENS =
      "select sink, token from fluxcore_commits where subtask = -1 order by sink";

  private static PostgresServer database;

  @TempDir private Path folder;
  private final List<RunningServer> started = new ArrayList<>();

  @BeforeAll
  static void startDatabase() {
    database = PostgresServer.start();
  }

  @AfterAll
  static void endDatabase() throws IOException {
    database.close();
  }

  @BeforeEach
  void emptyDatabase() throws SQLException {
    database.empty();
    execute(
        "create table events (id bigint not null, shop varchar(20), amount bigint,"
            + " at timestamptz)",
        "create table totals (shop varchar(20), window_start timestamptz, window_end timestamptz,"
            + " n bigint, total bigint, primary key (shop, window_start))");
  }

  @AfterEach
  void end() {
    started.forEach(RunningServer::close);
  }

  private RunningServer start(String name, String configuration) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    if (!configuration.isEmpty()) {
      RunningServer.configured(home, configuration);
    }
    RunningServer server = RunningServer.start(home);
    started.add(server);
    return server;
  }

  /** Where the database is, without its user. */
  private static String url() {
    return database.url().substring(0, database.url().indexOf('?'));
  }

  private static String user() {
    String url = database.url();
    return url.substring(url.indexOf("user=") + 5).split("&", 2)[0];
  }

  /** Counts amounts by shop and window, and writes the events down as they are too. */
  private String job(long events, long rate) {
    return """
    job:
      name: shops
      parallelism: 2
      checkpointInterval: 150ms
      deliveryGuarantee: exactly-once
      restartStrategy: {fixedDelay: {attempts: 100000, delay: 200ms}}
    topology:
      - name: orders
        source:
          connector: generator
          count: %d
          rate: %d
          splits: 2
          step: 20ms
          timestampField: at
          maxOutOfOrderness: 0s
          fields:
            id: sequence
            at: time
            shop: {kind: zipf, keys: 20, prefix: shop-}
            amount: {kind: uniform, min: 1, max: 1000}
      - name: events
        sink: {connector: jdbc, url: "%s", user: %s, password: none, table: events}
      - name: window
        from: orders
        window:
          tumbling: {duration: %ds}
      - name: perShop
        aggregate:
          groupBy: [shop]
          fields:
            n: count
            total: {sum: amount}
      - name: totals
        sink: {connector: jdbc, url: "%s", user: %s, password: none, table: totals}
      - name: files
        from: orders
        sink: {connector: file, path: "%s"}
      - name: parts
        from: orders
        sink:
          connector: file
          path: "%s"
          partitionBy: "dt={yyyy-MM-dd-HH}"
          rollSize: 16kb
    """
        .formatted(
            events,
            rate,
            url(),
            user(),
            WINDOW_SECONDS,
            url(),
            user(),
            folder.resolve("out/events.json"),
            folder.resolve("parts/events.json"));
  }

  private static void submit(RunningServer server, String job)
      throws IOException, InterruptedException {
    JsonNode answer = server.send("POST", "/jobs", job);
    assertThat(answer.path("id").asString("")).as(answer.toString()).startsWith("job_");
    assertThat(answer.toString()).doesNotContain("password=none");
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Rows, their values with a space between. */
  private static List<String> query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      int columns = results.getMetaData().getColumnCount();
      while (results.next()) {
        StringBuilder row = new StringBuilder(results.getString(1));
        for (int i = 2; i <= columns; i++) {
          row.append(' ').append(results.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  private static long committed() throws SQLException {
    return Long.parseLong(query("select count(*) from events").get(0));
  }

  private static void awaitCommitted(long rows) throws SQLException, InterruptedException {
    while (committed() < rows) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Whether, after the next commit, there is more to come. */
  private static boolean awaitMoreOrAll(long events) throws SQLException, InterruptedException {
    long before = committed();
    if (before < events) {
      awaitCommitted(before + 1);
    }
    return committed() < events;
  }

  private static void awaitFinished(RunningServer server) throws IOException, InterruptedException {
    server.await(
        "shops",
        job -> {
          String state = job.path("state").asString("");
          assertThat(state).isNotIn("FAILED", "CANCELLED");
          return state.equals("FINISHED");
        });
  }

  /** Every event once in the table and in the files, and the totals that follow from them. */
  private void assertNoneLostNoneTwice(long events) throws SQLException, IOException {
    List<Long> ids = LongStream.range(0, events).boxed().toList();
    assertThat(query("select id from events order by id").stream().map(Long::valueOf).toList())
        .isEqualTo(ids);
    assertThat(idsInFiles("out")).isEqualTo(ids);
    assertThat(idsInFiles("parts")).isEqualTo(ids);
    Map<String, long[]> expected = new TreeMap<>();
    for (String row :
        query("select shop, floor(extract(epoch from at))::bigint, amount from events")) {
      String[] values = row.split(" ");
      long window = Long.parseLong(values[1]) / WINDOW_SECONDS * WINDOW_SECONDS;
      long[] total = expected.computeIfAbsent(values[0] + " " + window, k -> new long[2]);
      total[0]++;
      total[1] += Long.parseLong(values[2]);
    }
    Map<String, long[]> found = new TreeMap<>();
    for (String row :
        query("select shop, extract(epoch from window_start)::bigint, n, total from totals")) {
      String[] values = row.split(" ");
      found.put(
          values[0] + " " + values[1],
          new long[] {Long.parseLong(values[2]), Long.parseLong(values[3])});
    }
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((key, total) -> assertThat(found.get(key)).as(key).isEqualTo(total));
    assertThat(query("select count(*) from fluxcore_staged")).containsExactly("0");
    for (String directory : List.of("out", "parts")) {
      try (Stream<Path> left = Files.walk(folder.resolve(directory))) {
        assertThat(left.filter(file -> file.getFileName().toString().startsWith("."))).isEmpty();
      }
    }
  }

  private List<Long> idsInFiles(String directory) throws IOException {
    List<Long> ids = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder.resolve(directory))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("e")).toList()) {
        for (String line : Files.readAllLines(file)) {
          ids.add(JSON.readTree(line).path("id").asLong());
        }
      }
    }
    return ids.stream().sorted().toList();
  }

  @Test
  void serverKilledAtRandom_losesNothing_andWritesNothingTwice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the moments: " + seed);
    Random random = new Random(seed);
    long events = 60_000;
    RunningServer server = start("one", "");
    submit(server, job(events, 3_000));
    int kills = 0;
    while (kills < 6 && awaitMoreOrAll(events)) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(800));
      server.close();
      kills++;
      server = start("one", "");
    }
    assertThat(kills).isGreaterThanOrEqualTo(3);
    awaitFinished(server);
    assertNoneLostNoneTwice(events);
  }

  @Test
  void pausedOwnerThatWakesUp_canNeitherRegisterNorCommit() throws Exception {
    String configuration =
        """
        fluxcore:
          store:
            url: "%s"
          checkpoints:
            directory: "%s"
            shared: true
        """
            .formatted(database.url(), folder.resolve("checkpoints"));
    RunningServer a = start("a", configuration);
    RunningServer b = start("b", configuration);
    long events = 60_000;
    submit(a, job(events, 1_500));
    awaitCommitted(1);
    Random random = new Random(7);
    RunningServer owner = a;
    RunningServer other = b;
    for (int round = 0; round < 2; round++) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
      Program.signal(owner.process(), "STOP");
      List<String> tokens = query(TOKENS);
      while (query(TOKENS).equals(tokens)) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      awaitCommitted(committed() + 1);
      Path said = owner.home().resolve("stderr.txt");
      long times = saidItEnded(said);
      Program.signal(owner.process(), "CONT");
      while (saidItEnded(said) == times) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      awaitCommitted(committed() + 1);
      RunningServer paused = owner;
      owner = other;
      other = paused;
    }
    awaitFinished(owner);
    assertNoneLostNoneTwice(events);
  }

  private static long saidItEnded(Path said) throws IOException {
    return Files.readAllLines(said).stream()
        .filter(line -> line.contains("job shops is ended here"))
        .count();
  }

  @Test
  void tableThatDoesNotFit_isRefusedAtSubmission() throws Exception {
    RunningServer server = start("one", "");
    execute("alter table totals drop column n", "drop table events");
    JsonNode answer = server.send("POST", "/jobs", job(10, 10));
    assertThat(answer.path("id").isMissingNode()).as(answer.toString()).isTrue();
    assertThat(answer.toString())
        .contains("FLX-JDBC-0003", "FLX-JDBC-0004", "there is no table 'events'")
        .contains("has no column 'n'", "total (int8)");
  }
}
