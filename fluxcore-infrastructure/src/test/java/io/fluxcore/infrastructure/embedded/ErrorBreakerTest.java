package io.fluxcore.infrastructure.embedded;

import static io.fluxcore.infrastructure.embedded.Jobs.LONG_SECONDS;
import static io.fluxcore.infrastructure.embedded.LiveJobs.T;
import static io.fluxcore.infrastructure.embedded.LiveJobs.await;
import static io.fluxcore.infrastructure.embedded.LiveJobs.fed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.job.ErrorBreaker;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Too many failures suspend a job with its state. */
@Timeout(value = 2 * LONG_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorBreakerTest {
  private final LiveJobs jobs = new LiveJobs();
  private final LiveJobs.Rows sink = new LiveJobs.Rows();

  @Test
  void tooManyFailures_suspendTheJob_andRaiseAnAlert_asOftenAsItIsResumed() throws Exception {
    FedSource source = new FedSource("a");
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", fed(source).build())
            .sink("out", SinkConfig.custom(sink).build())
            .build();
    JobConfig config =
        LiveJobs.config().errorBreaker(ErrorBreaker.ofFailures(5, Duration.ofMinutes(1))).build();
    JobId id = jobs.run(topology, config);
    source.feed("a", T, 1, 1);
    for (int i = 0; i < 5; i++) {
      source.feedBad("a");
    }
    await(() -> jobs.deadLetters.count(id) == 5);
    await(
        () ->
            jobs.service.getJobStatus(id) == JobStatus.RUNNING); // rows may fail before it is said
    source.feedBad("a");
    await(() -> jobs.service.getJobStatus(id) == JobStatus.SUSPENDED);
    source.feed("a", T + 1, 1, 2);
    assertThat(jobs.alerts).containsExactly("live FLX-JOB-0030");
    assertThat(jobs.service.getJob(id).history())
        .filteredOn(JobEvent.AlertRaised.class::isInstance)
        .singleElement()
        .satisfies(alert -> assertThat(alert.describe()).contains("6 rows failed"));
    assertThat(sink.rows).hasSize(1);

    assertThat(jobs.deadLetters.count(id)).isEqualTo(6);

    // Resumed, it goes on where it was, and counts anew.
    jobs.service.resumeJob(id);
    await(() -> sink.rows.size() == 2);
    for (int i = 0; i < 5; i++) {
      source.feedBad("a");
    }
    await(() -> jobs.deadLetters.count(id) == 11);
    await(
        () ->
            jobs.service.getJobStatus(id) == JobStatus.RUNNING); // rows may fail before it is said
    source.feedBad("a");
    await(() -> jobs.service.getJobStatus(id) == JobStatus.SUSPENDED);
    assertThat(jobs.alerts).hasSize(2);
    jobs.end(id);
  }
}
