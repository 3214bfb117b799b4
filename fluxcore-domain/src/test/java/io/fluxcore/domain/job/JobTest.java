package io.fluxcore.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobTest {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
  private static final JobConfig CONFIG = JobConfig.builder().name("clicks").build();

  private static Job running() {
    Job job = Job.submit(JobId.of(1, 2), CONFIG, T);
    job.record(new JobEvent.Starting(T.plusSeconds(1)));
    job.record(new JobEvent.Started(T.plusSeconds(2)));
    return job;
  }

  @Test
  void submittedJob_hasItsStartInItsHistory() {
    Job job = Job.submit(JobId.of(1, 2), CONFIG, T);
    assertThat(job.status()).isEqualTo(JobStatus.SUBMITTED);
    assertThat(job.history()).containsExactly(new JobEvent.Submitted(T, "clicks", "1", 1));
    assertThat(job.submitted()).isEqualTo(T);
    assertThat(job).hasToString("clicks (job_00000000000000010000000000000002): SUBMITTED");
  }

  @Test
  void failureAndRestart_areRemembered() {
    Job job = running();
    JobFailure failure = new JobFailure("sink", "FLX-X-1", "gone");
    job.record(new JobEvent.Failed(T.plusSeconds(3), failure));
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    job.record(new JobEvent.Restarting(T.plusSeconds(3), Duration.ofSeconds(1)));
    job.record(new JobEvent.Starting(T.plusSeconds(4)));
    job.record(new JobEvent.Started(T.plusSeconds(5)));
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(job.failure()).isEqualTo(failure);
    assertThat(job.failures()).containsExactly(T.plusSeconds(3));
  }

  @Test
  void illegalEvent_isAConflictThatSaysWhy() {
    Job job = running();
    job.record(new JobEvent.Cancelling(T));
    assertThat(job.accepts(new JobEvent.Restarting(T, Duration.ZERO))).isFalse();
    assertThatThrownBy(() -> job.record(new JobEvent.Restarting(T, Duration.ZERO)))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.STATE_CONFLICT);
              assertThat(e.code()).isEqualTo("FLX-JOB-0002");
            })
        .hasMessageContaining("CANCELLING")
        .hasMessageContaining("restarting after 0 ms");
    assertThat(job.status()).isEqualTo(JobStatus.CANCELLING);
  }

  @Test
  void endedJob_takesNothingMore() {
    Job job = running();
    job.record(new JobEvent.Ended(T, JobStatus.FINISHED));
    assertThat(job.accepts(new JobEvent.CheckpointFailed(T, 1, "late"))).isFalse();
    assertThat(job.accepts(new JobEvent.Submitted(T, "clicks", "1", 1))).isFalse();
    assertThatThrownBy(() -> new JobEvent.Ended(T, JobStatus.RUNNING))
        .hasMessageContaining("RUNNING");
  }

  @Test
  void replayedHistory_givesTheSameJob() {
    Job job = running();
    job.record(new JobEvent.Failed(T, new JobFailure("", "FLX-X-1", "gone")));
    job.record(new JobEvent.Stopping(T));
    Job again = Job.replay(job.id(), CONFIG, job.history());
    assertThat(again.status()).isEqualTo(JobStatus.STOPPING);
    assertThat(again.history()).isEqualTo(job.history());
    assertThat(again.failure()).isEqualTo(job.failure());
    assertThat(again.failures()).isEqualTo(job.failures());
  }

  @Test
  void historyWithoutAStart_isRefused() {
    assertThatThrownBy(() -> Job.replay(JobId.of(1, 2), CONFIG, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Job.replay(JobId.of(1, 2), CONFIG, List.of(new JobEvent.Started(T))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyCheckpoints_leaveTheLatest() {
    Job job = running();
    for (int i = 1; i <= 250; i++) {
      job.record(new JobEvent.Checkpointed(T, i, 10, Duration.ZERO));
    }
    List<Long> ids =
        job.history().stream()
            .filter(JobEvent.Checkpointed.class::isInstance)
            .map(e -> ((JobEvent.Checkpointed) e).checkpointId())
            .toList();
    assertThat(ids).hasSize(Job.KEPT_CHECKPOINTS).startsWith(151L).endsWith(250L);
    assertThat(job.history()).hasSize(103);
  }

  @Test
  void waitingForCode_endsWhenTheApplicationSubmits() {
    Job job = running();
    job.record(new JobEvent.WaitingForCode(T));
    job.record(new JobEvent.Resubmitted(T));
    assertThat(job.status()).isEqualTo(JobStatus.SUBMITTED);
  }

  @Test
  void everyEvent_describesItself() {
    JobFailure failure = new JobFailure("count", "FLX-X-1", "gone");
    assertThat(
            List.of(
                new JobEvent.Submitted(T, "a", "1", 2),
                new JobEvent.Failed(T, failure),
                new JobEvent.Failed(T, new JobFailure("", "FLX-X-1", "gone")),
                new JobEvent.Checkpointed(T, 7, 10, Duration.ofMillis(5)),
                new JobEvent.Ended(T, JobStatus.STOPPED)))
        .extracting(JobEvent::describe)
        .containsExactly(
            "submitted 'a' version 1 at parallelism 2",
            "failed in 'count': gone",
            "failed: gone",
            "checkpoint 7 of 10 bytes in 5 ms",
            "ended: STOPPED");
  }
}
