package io.fluxcore.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.query.QueryRows;
import io.fluxcore.application.query.SqlCheck;
import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SqlServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ENDLESS =
      "CREATE TABLE events (id BIGINT, `key` STRING, `value` DOUBLE)"
          + " WITH ('connector' = 'generator');";

  private final FluxCoreService service = FluxCore.embedded().service();

  private static String numbers(long count) {
    return "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'generator', 'count' = '"
        + count
        + "');\n";
  }

  @Test
  void query_givesItsRows_andEnds() {
    try (QueryRows rows =
        service.sql(numbers(10_000) + "SELECT id * 2 AS twice FROM numbers").rows()) {
      long expected = 0;
      for (EventRecord row : rows) {
        assertThat(row.getLong("twice")).isEqualTo(2 * expected++);
      }
      assertThat(expected).isEqualTo(10_000);
      assertThat(rows.isEnded()).isTrue();
      assertThat(rows.schema().fieldNames()).containsExactly("twice");
    }
  }

  @Test
  void changelog_comesWithTheKindsOfItsRows() {
    List<String> changes = new ArrayList<>();
    try (QueryRows rows =
        service.sql(numbers(3) + "SELECT COUNT(*) AS n FROM numbers GROUP BY id - id").rows()) {
      rows.forEach(row -> changes.add(row.rowKind().sign() + row.getLong("n")));
    }
    assertThat(changes).isNotEmpty();
    assertThat(changes.get(changes.size() - 1)).endsWith("3");
    assertThat(changes.get(0)).startsWith("+");
  }

  @Test
  void slowReader_holdsTheQueryBack_andClosingCancelsIt() throws Exception {
    QueryRows rows = service.sql(ENDLESS + "SELECT id FROM events").rows();
    List<EventRecord> first = rows.poll(10, PATIENCE);
    assertThat(first).hasSize(10);
    long read = -1;
    for (int same = 0; same < 5; ) { // until nothing moves any more
      long now =
          rows.metrics().operators().stream().mapToLong(o -> o.counts().rowsIn()).max().orElse(0);
      same = now == read ? same + 1 : 0;
      read = now;
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(read).as("what an endless source was let read").isLessThan(200_000);
    rows.close();

    assertThat(rows.isEnded()).isTrue();
    assertThat(rows.poll(10, Duration.ZERO)).isEmpty();
    assertThat(service.listJobs()).as("a query is no job").isEmpty();
  }

  @Test
  void readerThatWaits_isWokenByClosing() throws Exception {
    QueryRows rows = service.sql(ENDLESS + "SELECT id FROM events WHERE id < 0").rows();
    CompletableFuture<Integer> reader =
        CompletableFuture.supplyAsync(
            () -> {
              int count = 0;
              for (EventRecord row : rows) {
                count += row.schema().size();
              }
              return count;
            });
    rows.close();

    assertThat(reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isZero();
  }

  @Test
  void publisher_givesWhatIsAskedFor_andCompletes() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    List<Long> got = new ArrayList<>();
    QueryRows rows = service.sql(numbers(2_000) + "SELECT id FROM numbers").rows();
    rows.publisher()
        .subscribe(
            new Flow.Subscriber<>() {
              private Flow.Subscription subscription;

              @Override
              public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                given.request(1);
              }

              @Override
              public void onNext(EventRecord row) {
                got.add(row.getLong("id"));
                subscription.request(1);
              }

              @Override
              public void onError(Throwable failure) {
                over.countDown();
              }

              @Override
              public void onComplete() {
                got.add(-1L);
                over.countDown();
              }
            });

    assertThat(over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(got).hasSize(2_001).endsWith(1_999L, -1L);
  }

  @Test
  void failure_reachesTheReader(@TempDir Path folder) {
    Path gone = folder.resolve("gone.ndjson");
    assertThatThrownBy(
            () -> {
              try (QueryRows rows =
                  service
                      .sql(
                          "CREATE TABLE t (a BIGINT) WITH ('connector' = 'file', 'path' = '"
                              + gone
                              + "', 'format' = 'json');\nSELECT * FROM t")
                      .rows()) {
                rows.forEach(row -> assertThat(row).isNull());
              }
            })
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("gone.ndjson");
  }

  @Test
  void insert_isAJob_andTheSameAgainIsTheSameJob(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("out.ndjson");
    String script =
        numbers(100)
            + "CREATE TABLE sink_table (id BIGINT) WITH ('connector' = 'file', 'path' = '"
            + out
            + "', 'format' = 'json');\n"
            + "INSERT INTO sink_table SELECT id FROM numbers WHERE id < 7";
    JobId id = service.sql(script).jobId();

    assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    assertThat(service.getJob(id).config().name()).isEqualTo("insert-into-sink_table");
    try (var files = Files.walk(folder)) {
      long lines = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines += Files.readAllLines(file).size();
      }
      assertThat(lines).isEqualTo(7);
    }
  }

  @Test
  void twoInsertsIntoOneTable_areTwoJobs() {
    String tables = ENDLESS + "CREATE TABLE nowhere (id BIGINT) WITH ('connector' = 'discard');";
    JobId one = service.sql(tables + "INSERT INTO nowhere SELECT id FROM events").jobId();
    JobId two =
        service.sql(tables + "INSERT INTO nowhere SELECT id FROM events WHERE id > 5").jobId();
    JobId again =
        service.sql(tables + "INSERT INTO nowhere SELECT id FROM events WHERE id > 5").jobId();

    assertThat(two).isNotEqualTo(one).isEqualTo(again);
    service.cancelJob(one);
    service.cancelJob(two);
  }

  @Test
  void errors_haveLineAndColumn_alsoThoseOfThePlanner() {
    assertThatThrownBy(() -> service.sql(numbers(1) + "SELECT\n  idd FROM numbers"))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> assertThat(e.diagnostics().get(0).place()).hasFieldOrPropertyWithValue("line", 3));
    assertThatThrownBy(
            () ->
                service.sql(
                    "CREATE TABLE t (a BIGINT) WITH ('connector' = 'gnerator');\n SELECT * FROM t"))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              Diagnostic found = e.diagnostics().get(0);
              assertThat(found.place().line()).isEqualTo(2);
              assertThat(found.place().column()).isEqualTo(2);
              assertThat(found.remedy()).contains("generator");
            });
    assertThatThrownBy(() -> service.sql("  -- nothing\n"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("no statement");
  }

  @Test
  void check_tellsEveryStatement_andRunsNone() {
    SqlWorkspace workspace = service.sql();
    List<SqlCheck> checks =
        workspace.check(
            ENDLESS
                + "CREATE TABLE nowhere (id BIGINT) WITH ('connector' = 'discard');\n"
                + "SELECT `key`, COUNT(*) AS n FROM events GROUP BY `key`;\n"
                + "SELECT nope FROM events;\n"
                + "INSERT INTO nowhere SELECT id FROM events;\n"
                + "SHOW TABLES;\n");

    assertThat(checks)
        .extracting(SqlCheck::kind)
        .containsExactly(
            SqlCheck.Kind.DEFINITION,
            SqlCheck.Kind.DEFINITION,
            SqlCheck.Kind.QUERY,
            null,
            SqlCheck.Kind.INSERT,
            SqlCheck.Kind.LISTING);
    assertThat(checks.get(2).columns().fieldNames()).containsExactly("key", "n");
    assertThat(checks.get(2).diagnostics())
        .singleElement()
        .matches(found -> !found.isError() && found.message().contains("grows without bound"));
    assertThat(checks.get(3).isValid()).isFalse();
    assertThat(checks.get(4).plan()).contains("nowhere").contains("discard");
    assertThat(service.listJobs()).isEmpty();
  }

  @Test
  void explain_isATreeWithChangesAndState() {
    SqlResult result =
        service.sql(ENDLESS + "EXPLAIN SELECT `key`, COUNT(*) AS n FROM events GROUP BY `key`");
    assertThat(result).isInstanceOf(SqlResult.Plan.class);
    String text = ((SqlResult.Plan) result).text();
    assertThat(text)
        .contains("└─ ")
        .contains("events: read generator")
        .contains("rows: append")
        .contains("state grows without bound: a group for each different");
    assertThat(result.warnings()).hasSize(1);
  }

  /** Each kind of node that keeps state says which. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT id, SUM(id) OVER (PARTITION BY `key` ORDER BY `value`) AS s FROM events|bound: all rows",
        "SELECT a.id FROM events a ASOF JOIN events b MATCH_CONDITION a.id >= b.id ON a.`key` = b.`key`"
            + "|bound: all rows of both inputs",
        "SELECT * FROM timed MATCH_RECOGNIZE (PARTITION BY `key` ORDER BY t MEASURES LAST(id) AS l"
            + " PATTERN (A B) DEFINE A AS id > 0)|up to the limits of the pattern",
        "SELECT * FROM timed MATCH_RECOGNIZE (PARTITION BY `key` ORDER BY t MEASURES LAST(id) AS l"
            + " PATTERN (A B) WITHIN INTERVAL '1' HOUR DEFINE A AS id > 0)|rows of matches whose time is not over",
        "SELECT `key`, e FROM events CROSS JOIN UNNEST(ARRAY[1, 2]) AS u(e)|rows: append",
      })
  void explain_saysWhatStateEachKindOfNodeKeeps(String query, String expected) {
    String timed =
        "CREATE TABLE timed (id BIGINT, `key` STRING, eventTime TIMESTAMP_LTZ(3), t AS eventTime,"
            + " WATERMARK FOR t AS t) WITH ('connector' = 'generator', 'rate' = '10');\n";
    SqlResult result = service.sql(ENDLESS + timed + "EXPLAIN " + query);
    assertThat(((SqlResult.Plan) result).text()).contains(expected);
  }

  @Test
  void explainAnalyze_countsRows_andWritesNothing(@TempDir Path folder) {
    Path out = folder.resolve("out");
    SqlResult result =
        service.sql(
            numbers(5_000)
                + "CREATE TABLE sink_table (id BIGINT) WITH ('connector' = 'file', 'path' = '"
                + out
                + "', 'format' = 'json');\n"
                + "EXPLAIN ANALYZE INSERT INTO sink_table SELECT id FROM numbers WHERE id < 10");
    String text = ((SqlResult.Plan) result).text();

    assertThat(text).contains("5,000").contains("in 10").contains("nothing was written");
    assertThat(out).doesNotExist();
  }

  @Test
  void explainAnalyze_ofWhatNeverEnds_endsAfterItsTime() {
    SqlResult result = service.sql(ENDLESS + "EXPLAIN ANALYZE FOR '300ms' SELECT id FROM events");

    assertThat(((SqlResult.Plan) result).text())
        .contains("Run for 300ms, not to the end of its input");
  }

  @Test
  void rowKinds_ofAQuery_areThoseOfAChangelog() {
    try (QueryRows rows = service.sql(numbers(1) + "SELECT id FROM numbers").rows()) {
      assertThat(rows.iterator().next().rowKind()).isEqualTo(RowKind.INSERT);
    }
  }
}
