package io.fluxcore.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.query.QueryRows;
import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.view.MaterializedView;
import io.fluxcore.application.view.ViewSnapshot;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MaterializedViewsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FluxCoreService service = FluxCore.embedded().service();

  private static String numbers(long count) {
    return "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'generator', 'count' = '"
        + count
        + "');\n";
  }

  private JobId finished(String script) throws InterruptedException {
    JobId id = service.sql(script).jobId();
    assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
    return id;
  }

  @Test
  void groups_areARowEach_foundByTheirKey() throws Exception {
    finished(
        numbers(1_000)
            + "CREATE MATERIALIZED VIEW digits AS"
            + " SELECT id - id / 10 * 10 AS digit, COUNT(*) AS n, MAX(id) AS latest FROM numbers"
            + " GROUP BY id - id / 10 * 10");
    MaterializedView view = service.view("digits");
    ViewSnapshot snapshot = view.snapshot();

    assertThat(view.key()).containsExactly("digit");
    assertThat(snapshot.size()).isEqualTo(10);
    Map<Long, Long> latest = new HashMap<>();
    snapshot.forEach(row -> latest.put(row.getLong("digit"), row.getLong("latest")));
    assertThat(latest).hasSize(10).containsEntry(7L, 997L);
    assertThat(snapshot.find("7").orElseThrow().getLong("n")).isEqualTo(100);
    assertThat(snapshot.find(7L)).isPresent();
    assertThat(snapshot.find(10L)).isEmpty();
    assertThatThrownBy(() -> snapshot.find("seven"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("seven");
    assertThatThrownBy(() -> snapshot.find(1, 2)).isInstanceOf(FluxCoreException.class);
  }

  @Test
  void sql_readsAView_asItIs() throws Exception {
    finished(
        numbers(1_000)
            + "CREATE MATERIALIZED VIEW thirds (third, n) AS"
            + " SELECT id / 3, COUNT(*) FROM numbers GROUP BY id / 3");
    List<Long> got = new ArrayList<>();
    try (QueryRows rows =
        service.sql("SELECT third FROM thirds WHERE third >= 330 AND n = 3").rows()) {
      rows.forEach(row -> got.add(row.getLong("third")));
    }
    assertThat(got).containsExactlyInAnyOrder(330L, 331L, 332L);
    EventRecord last = null;
    try (QueryRows rows = service.sql("SELECT SUM(n) AS s, COUNT(*) AS c FROM thirds").rows()) {
      for (EventRecord row : rows) {
        last = row;
      }
    }
    assertThat(last).isNotNull();
    assertThat(last.getLong("s")).isEqualTo(1_000);
    assertThat(last.getLong("c")).isEqualTo(334);
    assertThat(service.sql("SHOW TABLES"))
        .isEqualTo(new SqlResult.Listing(List.of("table name"), List.of(List.of("thirds"))));
  }

  @Test
  void rowsWithoutAKey_areThereAsOftenAsTheyCame() throws Exception {
    finished(numbers(10) + "CREATE MATERIALIZED VIEW halves AS SELECT id / 5 AS half FROM numbers");
    ViewSnapshot snapshot = service.view("halves").snapshot();

    assertThat(snapshot.size()).isEqualTo(10);
    Map<Long, Integer> counts = new HashMap<>();
    snapshot.forEach(row -> counts.merge(row.getLong("half"), 1, Integer::sum));
    assertThat(counts).isEqualTo(Map.of(0L, 5, 1L, 5));
    assertThatThrownBy(() -> snapshot.find(1L))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("PRIMARY KEY");
    long rows = 0;
    try (QueryRows read = service.sql("SELECT half FROM halves").rows()) {
      for (EventRecord unused : read) {
        rows++;
      }
    }
    assertThat(rows).isEqualTo(10);
  }

  @Test
  void primaryKey_keepsTheLastRowOfEach() throws Exception {
    finished(
        numbers(10)
            + "CREATE MATERIALIZED VIEW latest PRIMARY KEY (half) AS"
            + " SELECT id / 5 AS half, id FROM numbers");
    ViewSnapshot snapshot = service.view("latest").snapshot();

    assertThat(snapshot.size()).isEqualTo(2);
    assertThat(snapshot.find(1L).orElseThrow().getLong("id")).isEqualTo(9);
  }

  @Test
  void retractedRows_go() throws Exception {
    finished(
        numbers(100)
            + "CREATE MATERIALIZED VIEW top3 AS SELECT id FROM (SELECT id, ROW_NUMBER() OVER"
            + " (ORDER BY id DESC) AS place FROM numbers) WHERE place <= 3");
    List<Long> ids = new ArrayList<>();
    service.view("top3").snapshot().forEach(row -> ids.add(row.getLong("id")));

    assertThat(ids).containsExactlyInAnyOrder(97L, 98L, 99L);
  }

  /** Both columns of a row are of one batch, and the view of a single snapshot is whole. */
  @Test
  void readersOfARunningView_neverSeeHalfABatch() throws Exception {
    JobId id =
        service
            .sql(
                "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'generator');"
                    + "CREATE MATERIALIZED VIEW parity AS SELECT id - id / 2 * 2 AS parity,"
                    + " COUNT(*) AS n, SUM(id) AS s, MAX(id) AS m FROM numbers"
                    + " GROUP BY id - id / 2 * 2")
            .jobId();
    long version = 0;
    int looked = 0;
    while (looked < 200) {
      ViewSnapshot snapshot = service.view("parity").snapshot();
      if (snapshot.version() == version) {
        Thread.onSpinWait();
        continue;
      }
      version = snapshot.version();
      looked++;
      for (EventRecord row : snapshot) {
        long n = row.getLong("n");
        long parity = row.getLong("parity");
        // The numbers are 0, 1, 2 …: the n first of a parity have this sum and this maximum.
        assertThat(row.getLong("s")).isEqualTo(n * (n - 1) + parity * n);
        assertThat(row.getLong("m")).isEqualTo(2 * (n - 1) + parity);
      }
    }
    assertThat(service.sql("SHOW MATERIALIZED VIEWS")).isInstanceOf(SqlResult.Listing.class);
    assertThat(service.sql("DROP MATERIALIZED VIEW parity")).isInstanceOf(SqlResult.Done.class);
    assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.CANCELLED);
    assertThatThrownBy(() -> service.view("parity"))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND));
  }

  @Test
  void viewGoesOn_fromItsCheckpoint() throws Exception {
    JobId id =
        service
            .sql(
                "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'generator',"
                    + " 'rate' = '20000');"
                    + "CREATE MATERIALIZED VIEW ids AS SELECT id, COUNT(*) AS n FROM numbers"
                    + " GROUP BY id")
            .jobId();
    awaitRows("ids", 1_000);
    service.awaitOperation(service.suspendJob(id).id(), PATIENCE);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.SUSPENDED);
    long before = service.view("ids").snapshot().size();
    service.awaitOperation(service.resumeJob(id).id(), PATIENCE);
    awaitRows("ids", before + 1_000);
    ViewSnapshot snapshot = service.view("ids").snapshot();

    for (long key : new long[] {0, 999, before - 1, before, before + 500}) {
      assertThat(snapshot.find(key).orElseThrow().getLong("n")).isEqualTo(1);
    }
    service.cancelJob(id);
  }

  private void awaitRows(String view, long rows) throws InterruptedException {
    for (int i = 0; i < 3_000 && service.view(view).snapshot().size() < rows; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(service.view(view).snapshot().size()).isGreaterThanOrEqualTo(rows);
  }

  @Test
  void names_areTakenOnce() throws Exception {
    String endless = "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'generator');";
    JobId id =
        service.sql(endless + "CREATE MATERIALIZED VIEW v AS SELECT id FROM numbers").jobId();

    assertThatThrownBy(
            () ->
                service.sql(
                    "CREATE TABLE other (id BIGINT) WITH ('connector' = 'generator');"
                        + "CREATE MATERIALIZED VIEW v AS SELECT id FROM other"))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.STATE_CONFLICT));
    assertThat(
            service.sql(
                endless + "CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT id FROM numbers"))
        .isInstanceOf(SqlResult.Done.class);
    assertThatThrownBy(() -> service.sql("DROP MATERIALIZED VIEW w"))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND);
              assertThat(e.diagnostics().get(0).remedy()).contains("'v'");
            });
    assertThat(service.sql("DROP MATERIALIZED VIEW IF EXISTS w"))
        .isInstanceOf(SqlResult.Done.class);
    service.cancelJob(id);
    assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.CANCELLED);
  }
}
