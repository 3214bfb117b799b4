package io.fluxcore.domain.job;

import static io.fluxcore.domain.job.JobStatus.CANCELLED;
import static io.fluxcore.domain.job.JobStatus.CANCELLING;
import static io.fluxcore.domain.job.JobStatus.FAILED;
import static io.fluxcore.domain.job.JobStatus.FINISHED;
import static io.fluxcore.domain.job.JobStatus.RESTARTING;
import static io.fluxcore.domain.job.JobStatus.RUNNING;
import static io.fluxcore.domain.job.JobStatus.STARTING;
import static io.fluxcore.domain.job.JobStatus.STOPPED;
import static io.fluxcore.domain.job.JobStatus.STOPPING;
import static io.fluxcore.domain.job.JobStatus.SUBMITTED;
import static io.fluxcore.domain.job.JobStatus.SUSPENDED;
import static io.fluxcore.domain.job.JobStatus.SUSPENDING;
import static io.fluxcore.domain.job.JobStatus.WAITING_FOR_CODE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobStatusTest {
  private static final Map<JobStatus, Set<JobStatus>> LEGAL =
      Map.ofEntries(
          Map.entry(SUBMITTED, Set.of(STARTING, WAITING_FOR_CODE, CANCELLED, FAILED)),
          Map.entry(WAITING_FOR_CODE, Set.of(SUBMITTED, CANCELLED)),
          Map.entry(
              STARTING,
              Set.of(
                  RUNNING, RESTARTING, SUSPENDING, STOPPING, CANCELLING, WAITING_FOR_CODE, FAILED)),
          Map.entry(
              RUNNING,
              Set.of(
                  RESTARTING,
                  SUSPENDING,
                  STOPPING,
                  CANCELLING,
                  WAITING_FOR_CODE,
                  FINISHED,
                  FAILED)),
          Map.entry(
              SUSPENDING,
              Set.of(SUSPENDED, RESTARTING, CANCELLING, FINISHED, STOPPED, CANCELLED, FAILED)),
          Map.entry(SUSPENDED, Set.of(STARTING, CANCELLED)),
          Map.entry(
              RESTARTING,
              Set.of(STARTING, SUSPENDING, STOPPING, CANCELLING, WAITING_FOR_CODE, FAILED)),
          Map.entry(
              STOPPING, Set.of(CANCELLING, WAITING_FOR_CODE, STOPPED, FINISHED, CANCELLED, FAILED)),
          Map.entry(CANCELLING, Set.of(WAITING_FOR_CODE, STOPPED, FINISHED, CANCELLED, FAILED)),
          Map.entry(FINISHED, Set.of()),
          Map.entry(STOPPED, Set.of()),
          Map.entry(CANCELLED, Set.of()),
          Map.entry(FAILED, Set.of()));

  @Test
  void everyPairOfStatuses_isLegalOrNot() {
    for (JobStatus from : JobStatus.values()) {
      for (JobStatus to : JobStatus.values()) {
        assertThat(from.canBecome(to))
            .as("%s to %s", from, to)
            .isEqualTo(LEGAL.get(from).contains(to));
      }
      assertThat(from.next()).isEqualTo(LEGAL.get(from));
    }
  }

  @Test
  void terminalStatuses_leadNowhere() {
    for (JobStatus status : JobStatus.values()) {
      assertThat(status.isTerminal())
          .as(status.name())
          .isEqualTo(Set.of(FINISHED, STOPPED, CANCELLED, FAILED).contains(status));
    }
  }
}
