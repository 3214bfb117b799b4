package io.fluxcore.infrastructure.metrics;

import static io.fluxcore.infrastructure.metrics.ScriptedService.operator;
import static io.fluxcore.infrastructure.metrics.ScriptedService.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.infrastructure.metrics.ScriptedService.JobScript;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JobMetersTest {
  private final ScriptedService service = new ScriptedService();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Instant now = Instant.parse("2026-03-29T00:59:59Z");
  private JobMeters meters = meters(10, 10);

  private JobMeters meters(int maxJobs, int maxOperators) {
    // An interval that never comes: tests refresh themselves.
    JobMeters made =
        new JobMeters(
            service,
            new MeterSettings(maxJobs, maxOperators, Duration.ofDays(1), Duration.ofMinutes(5)),
            () -> now);
    made.refresh();
    registry.clear();
    made.bindTo(registry);
    return made;
  }

  private void bounded(int maxJobs, int maxOperators) {
    meters.close();
    meters = meters(maxJobs, maxOperators);
  }

  @AfterEach
  void close() {
    meters.close();
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  @Test
  void accounts_areCountersByJobAndOperator() {
    service.job(1, "orders").counts(0, rows(100, 1, 2, 3, 4));
    meters.refresh();

    String[] tags = {"job", "orders", "operator", "in"};
    assertThat(counter("fluxcore.operator.rows.in", tags)).isEqualTo(100);
    assertThat(counter("fluxcore.operator.rows.late", tags)).isEqualTo(1);
    assertThat(counter("fluxcore.operator.rows.filtered", tags)).isEqualTo(2);
    assertThat(counter("fluxcore.operator.rows.failed", tags)).isEqualTo(3);
    assertThat(
            counter(
                "fluxcore.operator.rows.dropped",
                "job",
                "orders",
                "operator",
                "in",
                "policy",
                "oldest"))
        .isEqualTo(4);
    assertThat(counter("fluxcore.operator.rows.out", tags)).isEqualTo(99);
    assertThat(counter("fluxcore.operator.in", tags)).isEqualTo(1_000);
    assertThat(counter("fluxcore.operator.out", tags)).isEqualTo(990);
    assertThat(gauge("fluxcore.operator.busy.ratio", tags)).isEqualTo(0.61);
    assertThat(gauge("fluxcore.operator.backpressured.ratio", tags)).isEqualTo(0.04);
    assertThat(gauge("fluxcore.operator.idle.ratio", tags)).isEqualTo(0.35);
    assertThat(gauge("fluxcore.operator.watermark.lag", tags)).isEqualTo(1.2);
    assertThat(gauge("fluxcore.operator.subtasks", tags)).isEqualTo(2);
    assertThat(gauge("fluxcore.operator.state", tags)).isEqualTo(4_096);
    assertThat(gauge("fluxcore.job.running", "job", "orders")).isEqualTo(1);
    assertThat(gauge("fluxcore.jobs", "status", "RUNNING")).isEqualTo(1);
    assertThat(gauge("fluxcore.jobs", "status", "FAILED")).isZero();
  }

  @Test
  void labels_areJobOperatorAndFixedWords() {
    service.job(1, "orders").counts(0, rows(100, 1, 2, 3, 4));
    meters.refresh();

    Set<String> labels = new TreeSet<>();
    registry.getMeters().stream()
        .map(Meter::getId)
        .forEach(id -> id.getTags().forEach(tag -> labels.add(tag.getKey())));
    assertThat(labels).containsExactly("job", "operator", "policy", "quantile", "result", "status");
  }

  @Test
  void counters_doNotFall_whenARunGoesOnFromACheckpoint() {
    JobScript job = service.job(1, "orders").counts(0, rows(1_000, 0, 0, 0, 0));
    meters.refresh();

    job.status = JobStatus.RESTARTING;
    meters.refresh();
    assertThat(rowsIn()).isEqualTo(1_000);

    job.status = JobStatus.STARTING;
    job.counts(1, Ledger.Counts.ZERO);
    meters.refresh();
    job.counts(1, rows(450, 0, 0, 0, 0));
    meters.refresh();
    assertThat(rowsIn()).as("half of the subtasks have taken over").isEqualTo(1_000);

    job.status = JobStatus.RUNNING;
    job.counts(1, rows(900, 0, 0, 0, 0));
    meters.refresh();
    assertThat(rowsIn()).isEqualTo(1_000);
    job.counts(1, rows(1_050, 0, 0, 0, 0));
    meters.refresh();
    assertThat(rowsIn()).as("they grow from where they were").isEqualTo(1_150);
    assertThat(counter("fluxcore.job.restarts", "job", "orders")).isEqualTo(1);

    job.status = JobStatus.FINISHED;
    job.counts(1, rows(1_200, 0, 0, 0, 0));
    meters.refresh();
    assertThat(rowsIn()).isEqualTo(1_300);
  }

  @Test
  void counters_growAtOnce_whenARunBeginsAnew() {
    JobScript job = service.job(1, "orders").counts(0, rows(1_000, 0, 0, 0, 0));
    meters.refresh();
    job.counts(1, rows(10, 0, 0, 0, 0));
    meters.refresh();
    job.counts(1, rows(30, 0, 0, 0, 0));
    meters.refresh();
    assertThat(rowsIn()).isEqualTo(1_020);
  }

  private double rowsIn() {
    return counter("fluxcore.operator.rows.in", "job", "orders", "operator", "in");
  }

  @Test
  void checkpoints_areCountedAndTimed() {
    JobScript job = service.job(1, "orders");
    job.history.add(new JobEvent.Submitted(now, "orders", "1", 1));
    job.history.add(new JobEvent.Checkpointed(now, 1, 500, Duration.ofMillis(20)));
    job.metrics(0);
    meters.refresh();
    meters.refresh();
    job.history.add(
        new JobEvent.Checkpointed(now.plusMillis(1_500), 2, 700, Duration.ofMillis(30)));
    job.metrics(0);
    meters.refresh();

    assertThat(counter("fluxcore.job.checkpoints", "job", "orders", "result", "completed"))
        .isEqualTo(2);
    assertThat(counter("fluxcore.job.checkpoints", "job", "orders", "result", "failed"))
        .isEqualTo(1);
    FunctionTimer durations = registry.get("fluxcore.job.checkpoint.duration").functionTimer();
    assertThat(durations.count()).isEqualTo(2);
    assertThat(durations.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(50);
    assertThat(gauge("fluxcore.job.checkpoint.size", "job", "orders")).isEqualTo(700);
    assertThat(gauge("fluxcore.job.checkpoint.last", "job", "orders"))
        .isEqualTo(now.plusMillis(1_500).toEpochMilli() / 1e3);
  }

  @Test
  void latency_isInSeconds() {
    service.job(1, "orders").counts(0, rows(4, 0, 0, 0, 0));
    meters.refresh();
    String name = "fluxcore.job.end.to.end.latency";
    assertThat(gauge(name, "quantile", "0.5")).isEqualTo(0.001);
    assertThat(gauge(name, "quantile", "0.99")).isEqualTo(0.25);
    assertThat(gauge(name, "quantile", "1")).isEqualTo(1.5);
  }

  @Test
  void whatIsNotKnown_isNaN() {
    JobScript job = service.job(1, "orders");
    meters.refresh();
    assertThat(gauge("fluxcore.job.end.to.end.latency", "quantile", "1")).isNaN();
    assertThat(gauge("fluxcore.job.checkpoint.size")).isNaN();
    assertThat(gauge("fluxcore.job.checkpoint.last")).isNaN();
    assertThat(job.metrics.operators()).isEmpty();
  }

  @Test
  void endedJob_losesItsMeters_afterTheRetention() {
    JobScript job = service.job(1, "orders").counts(0, rows(100, 0, 0, 0, 0));
    meters.refresh();
    job.status = JobStatus.FINISHED;
    job.counts(0, rows(120, 0, 0, 0, 0));
    meters.refresh();
    now = now.plus(Duration.ofMinutes(5)).minusMillis(1);
    meters.refresh();
    assertThat(rowsIn()).as("the last counts can still be collected").isEqualTo(120);
    assertThat(gauge("fluxcore.job.running", "job", "orders")).isZero();

    now = now.plusMillis(1);
    meters.refresh();
    meters.refresh();
    assertThat(registry.find("fluxcore.operator.rows.in").meters()).isEmpty();
    assertThat(registry.find("fluxcore.job.running").meters()).isEmpty();
    assertThat(gauge("fluxcore.jobs", "status", "FINISHED")).isEqualTo(1);
  }

  @Test
  void newJobOfTheSameName_takesTheLabel() {
    service.job(1, "orders").counts(0, rows(100, 0, 0, 0, 0)).status = JobStatus.RUNNING;
    meters.refresh();
    service.job(1, "orders").status = JobStatus.FAILED;
    service.job(2, "orders").counts(0, rows(7, 0, 0, 0, 0));
    meters.refresh();
    assertThat(registry.find("fluxcore.job.running").meters()).hasSize(1);
    assertThat(rowsIn()).isEqualTo(7);
    assertThat(gauge("fluxcore.job.running", "job", "orders")).isEqualTo(1);
  }

  @Test
  void jobsBeyondTheBound_areOnlyCounted() {
    bounded(2, 10);
    for (int i = 1; i <= 5; i++) {
      service.job(i, "job-" + i).counts(0, rows(i, 0, 0, 0, 0));
    }
    meters.refresh();
    assertThat(registry.find("fluxcore.job.running").meters()).hasSize(2);
    assertThat(gauge("fluxcore.metrics.jobs.omitted")).isEqualTo(3);
    assertThat(gauge("fluxcore.jobs", "status", "RUNNING")).isEqualTo(5);

    service.job(1, "job-1").status = JobStatus.CANCELLED;
    meters.refresh();
    meters.refresh();
    assertThat(registry.find("fluxcore.job.running").tag("job", "job-3").meters())
        .as("a job that has ended gives way")
        .hasSize(1);
    assertThat(registry.find("fluxcore.job.running").meters()).hasSize(2);
    assertThat(gauge("fluxcore.metrics.jobs.omitted")).isEqualTo(2);
  }

  @Test
  void operatorsBeyondTheBound_areLeftOut() {
    bounded(10, 2);
    service
        .job(1, "wide")
        .metrics(
            0,
            operator("a", rows(1, 0, 0, 0, 0)),
            operator("b", rows(2, 0, 0, 0, 0)),
            operator("c", rows(3, 0, 0, 0, 0)));
    meters.refresh();
    assertThat(registry.find("fluxcore.operator.rows.in").meters())
        .extracting(meter -> meter.getId().getTag("operator"))
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void jobsThatEndedBefore_haveNoMeters() {
    service.job(1, "old").counts(0, rows(1, 0, 0, 0, 0)).status = JobStatus.FINISHED;
    JobMeters late = new JobMeters(service, MeterSettings.DEFAULT, () -> now);
    SimpleMeterRegistry own = new SimpleMeterRegistry();
    late.refresh();
    late.bindTo(own);
    late.close();
    late.refresh();
    assertThat(own.find("fluxcore.job.running").meters()).isEmpty();
    assertThat(own.get("fluxcore.jobs").tag("status", "FINISHED").gauge().value()).isEqualTo(1);
  }

  @Test
  void registryThatComesLater_getsTheSameMeters() {
    service.job(1, "orders").counts(0, rows(100, 0, 0, 0, 0));
    meters.refresh();
    SimpleMeterRegistry other = new SimpleMeterRegistry();
    meters.bindTo(other);
    meters.refresh();
    assertThat(other.get("fluxcore.operator.rows.in").functionCounter().count()).isEqualTo(100);
    service.jobs.clear();
    meters.refresh();
    assertThat(other.find("fluxcore.operator.rows.in").meters()).isEmpty();
    assertThat(registry.find("fluxcore.operator.rows.in").meters()).isEmpty();
  }
}
