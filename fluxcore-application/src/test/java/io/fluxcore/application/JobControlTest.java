package io.fluxcore.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobControlTest {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
  private static final RegexCompiler NO_REGEX =
      pattern -> {
        throw new AssertionError("no regular expressions here");
      };

  private final FakeRuntime runtime = new FakeRuntime();
  private final InMemoryJobStore store = new InMemoryJobStore();
  private final FluxCoreService service = service(store);

  private JobControl service(InMemoryJobStore jobStore) {
    AtomicLong ids = new AtomicLong();
    return new JobControl(
        new Planner(
            ConnectorRegistry.of(List.of(), List.of()),
            new ConnectorServices(NO_REGEX),
            ExpressionContext.of(NO_REGEX)),
        runtime,
        jobStore,
        () -> T,
        () -> JobId.of(0, ids.incrementAndGet()));
  }

  private static StreamTopology topology(String expression) {
    return StreamTopology.builder()
        .source("in", SourceConfig.custom(new NumberSource()).build())
        .transform("big", TransformConfig.filter().withExpression(expression).build())
        .sink("out", SinkConfig.custom(new NoSink()).build())
        .build();
  }

  private static JobConfig job(String name, String version) {
    return JobConfig.builder().name(name).version(version).build();
  }

  private JobId submit() {
    return service.submitJob(topology("x > 1"), job("numbers", "1"));
  }

  private void assertCode(ErrorCategory category, String code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(category);
              assertThat(e.code()).isEqualTo(code);
            });
  }

  @Test
  void submittedJob_isStartedAndFollowed() {
    JobId id = submit();
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STARTING);
    runtime.job(0).listener.running();
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    runtime.job(0).listener.checkpointed(new CheckpointSummary(1, 10, Duration.ofMillis(3)));
    runtime.job(0).listener.checkpointFailed(2, "too slow");
    runtime.job(0).listener.failed("big", new IllegalStateException("oops"));
    runtime.job(0).listener.restarting(Duration.ofSeconds(1));
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.RESTARTING);
    runtime.job(0).listener.starting();
    runtime.job(0).listener.running();
    runtime.job(0).listener.ended(JobEnd.FINISHED);
    JobDetail detail = service.getJob(id);
    assertThat(detail.status()).isEqualTo(JobStatus.FINISHED);
    assertThat(detail.history())
        .extracting(JobEvent::describe)
        .containsExactly(
            "submitted 'numbers' version 1 at parallelism 1",
            "starting",
            "running",
            "checkpoint 1 of 10 bytes in 3 ms",
            "checkpoint 2 failed: too slow",
            "failed in 'big': java.lang.IllegalStateException: oops",
            "restarting after 1000 ms",
            "starting",
            "running",
            "ended: FINISHED");
    assertThat(detail.failure()).isNotNull();
    assertThat(detail.metrics().restarts()).isEqualTo(7);
    assertThat(detail.plan()).startsWith("stage 0, parallelism 1\n  source in: custom\n");
  }

  @Test
  void wrongTopology_leavesNoJob() {
    assertCode(
        ErrorCategory.USER,
        "FLX-TOPO-0001",
        () -> service.submitJob(StreamTopology.builder().build(), job("none", "1")));
    assertThat(service.listJobs()).isEmpty();
    assertThat(runtime.jobs).isEmpty();
  }

  @Test
  void sameNameAndVersion_attachesToTheRunningJob() {
    JobId id = submit();
    assertThat(submit()).isEqualTo(id);
    assertThat(runtime.jobs).hasSize(1);
  }

  @Test
  void sameNameAndVersion_afterTheEnd_isANewJob() {
    JobId id = submit();
    runtime.job(0).listener.running();
    runtime.job(0).listener.ended(JobEnd.FINISHED);
    assertThat(submit()).isNotEqualTo(id);
    assertThat(service.listJobs())
        .extracting(JobSummary::status)
        .containsExactly(JobStatus.FINISHED, JobStatus.STARTING);
  }

  @Test
  void otherVersion_isAConflict() {
    submit();
    assertCode(
        ErrorCategory.STATE_CONFLICT,
        "FLX-JOB-0004",
        () -> service.submitJob(topology("x > 1"), job("numbers", "2")));
  }

  @Test
  void otherTopologyOfTheSameVersion_isAConflict() {
    submit();
    assertCode(
        ErrorCategory.STATE_CONFLICT,
        "FLX-JOB-0005",
        () -> service.submitJob(topology("x > 2"), job("numbers", "1")));
  }

  @Test
  void cancel_isPassedOnOnce() {
    JobId id = submit();
    runtime.job(0).listener.running();
    service.cancelJob(id);
    service.cancelJob(id);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.CANCELLING);
    assertThat(runtime.job(0).calls).containsExactly("cancel");
    runtime.job(0).listener.restarting(Duration.ZERO); // too late: is left out
    runtime.job(0).listener.ended(JobEnd.CANCELLED);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.CANCELLED);
    service.cancelJob(id);
    service.stopJob(id);
    assertThat(runtime.job(0).calls).containsExactly("cancel");
  }

  @Test
  void stop_drains_andMayTurnIntoACancel() {
    JobId id = submit();
    runtime.job(0).listener.running();
    service.stopJob(id);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STOPPING);
    service.cancelJob(id);
    assertThat(runtime.job(0).calls).containsExactly("stop drain=true", "cancel");
    runtime.job(0).listener.ended(JobEnd.STOPPED);
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.STOPPED);
  }

  @Test
  void cancelDuringTheStart_isPassedOnAfterIt() {
    runtime.whileStarting = id -> service.cancelJob(id);
    JobId id = submit();
    assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.CANCELLING);
    assertThat(runtime.job(0).calls).containsExactly("cancel");
  }

  @Test
  void runtimeThatRefuses_leavesAFailedJob() throws InterruptedException {
    runtime.whileStarting =
        id -> {
          throw new IllegalStateException("no");
        };
    assertThatThrownBy(this::submit).hasMessage("no");
    assertThat(service.listJobs()).extracting(JobSummary::status).containsExactly(JobStatus.FAILED);
    JobId id = service.listJobs().get(0).id();
    assertThat(service.awaitEnd(id, Duration.ofDays(1))).isEqualTo(JobStatus.FAILED);
  }

  @Test
  void awaitEnd_returnsTheStatusWhenTheTimeRunsOut() throws InterruptedException {
    JobId id = submit();
    runtime.job(0).listener.running();
    assertThat(service.awaitEnd(id, Duration.ZERO)).isEqualTo(JobStatus.RUNNING);
    runtime.job(0).listener.ended(JobEnd.failed(new IllegalStateException("x")));
    assertThat(service.awaitEnd(id, Duration.ofSeconds(Long.MAX_VALUE)))
        .isEqualTo(JobStatus.FAILED);
  }

  @Test
  void unknownJob_isNotFound() {
    JobId id = JobId.of(9, 9);
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.getJobStatus(id));
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.getJob(id));
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.cancelJob(id));
    assertCode(ErrorCategory.NOT_FOUND, "FLX-JOB-0003", () -> service.stopJob(id));
  }

  @Test
  void jobOfAnEarlierLife_isListedButNotControlled() {
    JobId id = submit();
    runtime.job(0).listener.running();
    FluxCoreService later = service(store);
    assertThat(later.listJobs()).extracting(JobSummary::id).containsExactly(id);
    assertThat(later.getJobStatus(id)).isEqualTo(JobStatus.RUNNING);
    assertThat(later.getJob(id).metrics()).isEqualTo(JobMetrics.EMPTY);
    assertCode(ErrorCategory.STATE_CONFLICT, "FLX-JOB-0006", () -> later.cancelJob(id));
  }

  @Test
  void explain_startsNothing() {
    assertThat(service.explain(topology("x > 1"), job("numbers", "1"))).contains("filter x > 1");
    assertThat(runtime.jobs).isEmpty();
    assertThat(service.listJobs()).isEmpty();
  }

  /** Takes jobs and does nothing until the test says so. */
  private static final class FakeRuntime implements JobRuntime {
    final List<FakeJob> jobs = new ArrayList<>();
    java.util.function.@Nullable Consumer<JobId> whileStarting;

    FakeJob job(int number) {
      return jobs.get(number);
    }

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public RunningJob start(
        ExecutionPlan plan, JobId jobId, JobConfig config, JobListener listener) {
      FakeJob job = new FakeJob(listener);
      jobs.add(job);
      if (whileStarting != null) {
        whileStarting.accept(jobId);
      }
      return job;
    }
  }

  private static final class FakeJob implements RunningJob {
    final JobListener listener;
    final List<String> calls = new ArrayList<>();

    FakeJob(JobListener listener) {
      this.listener = listener;
    }

    @Override
    public void cancel() {
      calls.add("cancel");
    }

    @Override
    public void stop(boolean drain) {
      calls.add("stop drain=" + drain);
    }

    @Override
    public CompletableFuture<CheckpointSummary> triggerCheckpoint() {
      return new CompletableFuture<>();
    }

    @Override
    public JobMetrics metrics() {
      return new JobMetrics(List.of(), JobMetrics.EMPTY.endToEndLatency(), 7, 0, 0);
    }

    @Override
    public CompletableFuture<JobEnd> end() {
      return new CompletableFuture<>();
    }
  }

  private record NumberSource() implements Source {
    @Override
    public Schema schema() {
      return Schema.of(new Field("x", DataType.LONG));
    }

    @Override
    public boolean isBounded() {
      return false;
    }

    @Override
    public List<Split> discoverSplits() {
      throw new AssertionError();
    }

    @Override
    public SourceReader createReader(ReaderContext context) {
      throw new AssertionError();
    }
  }

  private record NoSink() implements Sink {
    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      throw new AssertionError();
    }
  }
}
