package io.fluxcore.application.job.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobNameTakenException;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.LeaseLostException;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a {@link JobStore} does. */
public abstract class JobStoreContract {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final StoredTopology PORTABLE =
      new StoredTopology("topology: [ä €\ud83d\ude00]\n", List.of(), "x");
  private static final StoredTopology BOUND =
      new StoredTopology(null, List.of("'f': predicate lambda", "'g': map lambda"), "y\nz");

  private int jobs;

  /**
   * A store of the same jobs as the others of this test.
   *
   * @param lease how long a server has a job without renewing that
   */
  protected abstract JobStore store(Duration lease);

  private StoredJob job(String name, StoredTopology topology) {
    JobConfig config =
        JobConfig.builder()
            .name(name)
            .version("1.5")
            .parallelism(3)
            .checkpointInterval(Duration.ofMillis(1500))
            .build();
    Job job = Job.submit(JobId.of(7, ++jobs), config, T.plusSeconds(jobs));
    return new StoredJob(job.id(), config, topology, job.history());
  }

  private static List<JobEvent> allEvents() {
    JobFailure failure = new JobFailure("sink", "FLX-X-1", "gone: \"ä\"\n\t");
    return List.of(
        new JobEvent.WaitingForCode(T),
        new JobEvent.Resubmitted(T),
        new JobEvent.Starting(T),
        new JobEvent.Started(T),
        new JobEvent.Checkpointed(T, Long.MAX_VALUE, 0, Duration.ofNanos(1)),
        new JobEvent.AlertRaised(T, "FLX-X-2", "too much"),
        new JobEvent.CheckpointFailed(T, -1, ""),
        new JobEvent.Failed(T, failure),
        new JobEvent.Restarting(T, Duration.ofDays(1000)),
        new JobEvent.Starting(T),
        new JobEvent.Started(T),
        new JobEvent.Upgrading(T, "1", "2"),
        new JobEvent.UpgradeFailed(T, "2", failure),
        new JobEvent.Starting(T),
        new JobEvent.Started(T),
        new JobEvent.Rescaling(T, 1, 2),
        new JobEvent.RescaleFailed(T, 2, failure),
        new JobEvent.Starting(T),
        new JobEvent.Upgraded(T, "2", 1),
        new JobEvent.Rescaled(T, 2),
        new JobEvent.Started(T),
        new JobEvent.RestartRequested(T, true),
        new JobEvent.BeginningWith(T, "savepoint sp-1"),
        new JobEvent.Starting(T),
        new JobEvent.Started(T),
        new JobEvent.Released(T, "a"),
        new JobEvent.Recovering(T, "b", "checkpoint 3"),
        new JobEvent.Starting(T),
        new JobEvent.Suspending(T),
        new JobEvent.Suspended(T),
        new JobEvent.Resuming(T),
        new JobEvent.Stopping(T),
        new JobEvent.Cancelling(T),
        new JobEvent.Ended(T, JobStatus.CANCELLED));
  }

  private static long append(JobStore store, Job job, long token, JobEvent event) {
    job.record(event);
    store.append(job.id(), token, event, job.status());
    return token;
  }

  @Test
  void job_isReadBackEqual_withEveryKindOfEvent() {
    JobStore store = store(LONG);
    StoredJob added = job("all", PORTABLE);
    long token = store.add(added, "a");
    Job job = added.replay();
    allEvents().forEach(event -> append(store, job, token, event));
    assertThat(allEvents().stream().map(Object::getClass).distinct())
        .as("every kind of event but the first, which is there already")
        .hasSize(JobEvent.class.getPermittedSubclasses().length - 1);

    StoredJob found = store(LONG).find(added.id()).orElseThrow();

    assertThat(found.config()).isEqualTo(added.config());
    assertThat(found.topology()).isEqualTo(PORTABLE);
    assertThat(found.history()).isEqualTo(job.history());
    assertThat(store.entries())
        .containsExactly(
            new JobEntry(added.id(), "all", "1.5", JobStatus.CANCELLED, T.plusSeconds(1), "a"));
  }

  @Test
  void jobs_areListedOldestFirst() {
    JobStore store = store(LONG);
    List<JobId> ids = new ArrayList<>();
    for (String name : List.of("b", "a", "c")) {
      StoredJob job = job(name, BOUND);
      store.add(job, "server");
      ids.add(job.id());
    }
    assertThat(store.entries()).extracting(JobEntry::id).containsExactlyElementsOf(ids);
    assertThat(store.find(ids.get(1)).orElseThrow().topology()).isEqualTo(BOUND);
    assertThat(store.find(JobId.of(1, 1))).isEmpty();
  }

  @Test
  void unknownAndKnownIds_areTold() {
    JobStore store = store(LONG);
    StoredJob job = job("one", PORTABLE);
    JobEvent event = new JobEvent.Starting(T);
    assertThatThrownBy(() -> store.append(job.id(), 1, event, JobStatus.STARTING))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.acquire(job.id(), "a"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.isHeld(job.id(), 1))
        .isInstanceOf(IllegalArgumentException.class);
    store.add(job, "a");
    assertThatThrownBy(() -> store.add(job, "a")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void name_isTakenUntilTheJobIsOver() {
    JobStore store = store(LONG);
    StoredJob first = job("same", PORTABLE);
    long token = store.add(first, "a");
    StoredJob second = job("same", PORTABLE);
    assertThatThrownBy(() -> store.add(second, "b"))
        .isInstanceOf(JobNameTakenException.class)
        .hasMessageContaining("'same'");
    assertThat(store.find(second.id())).isEmpty();
    Job job = first.replay();
    append(store, job, token, new JobEvent.Ended(T, JobStatus.FAILED));
    store.add(second, "b");
    assertThat(store.entries())
        .extracting(JobEntry::status)
        .containsExactly(JobStatus.FAILED, JobStatus.SUBMITTED);
  }

  @Test
  void change_keepsConfigurationAndTopology() {
    JobStore store = store(LONG);
    StoredJob added = job("grows", PORTABLE);
    long token = store.add(added, "a");
    Job job = added.replay();
    append(store, job, token, new JobEvent.Starting(T));
    JobConfig grown = added.config().toBuilder().version("2").parallelism(8).build();
    JobEvent event = new JobEvent.Upgraded(T, "2", 8);
    store.change(added.id(), token, grown, BOUND, event, JobStatus.STARTING);

    StoredJob found = store(LONG).find(added.id()).orElseThrow();

    assertThat(found.config()).isEqualTo(grown);
    assertThat(found.topology()).isEqualTo(BOUND);
    assertThat(found.history()).endsWith(event);
    assertThat(store.entries()).extracting(JobEntry::version).containsExactly("2");
  }

  @Test
  void history_keepsTheLatestCheckpoints_andAllElse() {
    JobStore store = store(LONG);
    StoredJob added = job("long", PORTABLE);
    long token = store.add(added, "a");
    Job job = added.replay();
    append(store, job, token, new JobEvent.Starting(T));
    append(store, job, token, new JobEvent.Started(T));
    for (int id = 1; id <= Job.KEPT_CHECKPOINTS + 5; id++) {
      append(store, job, token, new JobEvent.Checkpointed(T, id, 1, Duration.ZERO));
      if (id == 3) {
        append(store, job, token, new JobEvent.CheckpointFailed(T, 99, "between"));
      }
    }
    assertThat(store.find(added.id()).orElseThrow().history()).isEqualTo(job.history());
  }

  @Test
  void leasedJob_isRefusedToOthers_andTakenWhenGivenBack() {
    JobStore store = store(LONG);
    StoredJob job = job("leased", PORTABLE);
    long first = store.add(job, "a");
    assertThat(store.isHeld(job.id(), first)).isTrue();
    assertThat(store.acquire(job.id(), "b")).isEmpty();
    assertThat(store.entries()).extracting(JobEntry::server).containsExactly("a");

    long again = store.acquire(job.id(), "a").orElseThrow();
    assertThat(again).isGreaterThan(first);
    assertThat(store.isHeld(job.id(), first)).isFalse();

    store.release(job.id(), first); // of an older lease: without effect
    assertThat(store.acquire(job.id(), "b")).isEmpty();
    store.release(job.id(), again);
    assertThat(store.entries().get(0).server()).isNull();
    assertThat(store.isHeld(job.id(), again)).isFalse();
    store.append(job.id(), again, new JobEvent.Starting(T), JobStatus.STARTING);

    long other = store.acquire(job.id(), "b").orElseThrow();
    assertThat(other).isGreaterThan(again);
  }

  @Test
  void leaseThatHasRunOut_isTaken_andItsOldTokenWritesNoMore() {
    JobStore store = store(SHORT);
    StoredJob job = job("lost", PORTABLE);
    long old = store.add(job, "a");
    OptionalLong taken = OptionalLong.empty();
    while (taken.isEmpty()) {
      taken = store.acquire(job.id(), "b");
    }
    long token = taken.getAsLong();
    assertThat(token).isGreaterThan(old);
    JobEvent event = new JobEvent.Starting(T);
    assertThatThrownBy(() -> store.append(job.id(), old, event, JobStatus.STARTING))
        .isInstanceOf(LeaseLostException.class)
        .hasMessageContaining("FLX-STORE-0001");
    assertThatThrownBy(
            () -> store.change(job.id(), old, job.config(), BOUND, event, JobStatus.STARTING))
        .isInstanceOf(LeaseLostException.class);
    store.append(job.id(), token, event, JobStatus.STARTING);
    StoredJob found = store.find(job.id()).orElseThrow();
    assertThat(found.history()).hasSize(2);
    assertThat(found.topology()).isEqualTo(PORTABLE);
    store.release(job.id(), old);
    store(LONG).renew(Map.of(job.id(), token));
    assertThat(store.isHeld(job.id(), token)).isTrue();
  }

  @Test
  void renewal_saysWhatIsStillHeld() {
    JobStore brief = store(SHORT);
    JobStore store = store(LONG);
    StoredJob kept = job("kept", PORTABLE);
    StoredJob stolen = job("stolen", PORTABLE);
    StoredJob givenBack = job("given-back", PORTABLE);
    long keptToken = brief.add(kept, "a");
    long stolenToken = brief.add(stolen, "a");
    long backToken = brief.add(givenBack, "a");
    OptionalLong taken = OptionalLong.empty();
    while (taken.isEmpty()) {
      taken = store.acquire(stolen.id(), "b");
    }
    store.release(givenBack.id(), backToken);

    Map<JobId, Long> tokens =
        Map.of(
            kept.id(), keptToken,
            stolen.id(), stolenToken,
            givenBack.id(), backToken,
            JobId.of(9, 9), 1L);
    assertThat(store.renew(tokens)).isEqualTo(Set.of(kept.id()));
    assertThat(store.acquire(kept.id(), "b")).as("renewed for an hour").isEmpty();
    assertThat(store.renew(Map.of())).isEmpty();
  }

  @Test
  void manyServersAtOnce_oneGetsTheJob() throws Exception {
    JobStore store = store(LONG);
    StoredJob job = job("wanted", PORTABLE);
    store.release(job.id(), store.add(job, "x"));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<OptionalLong>> servers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String server = "server-" + i;
        servers.add(() -> store.acquire(job.id(), server));
      }
      int winners = 0;
      for (Future<OptionalLong> result : threads.invokeAll(servers)) {
        winners += result.get().isPresent() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void manyWriters_loseNoEvent() throws Exception {
    JobStore store = store(LONG);
    StoredJob added = job("busy", PORTABLE);
    long token = store.add(added, "a");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> writers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        JobEvent event = new JobEvent.CheckpointFailed(T, i, "x");
        writers.add(
            () -> {
              store.append(added.id(), token, event, JobStatus.SUBMITTED);
              return null;
            });
      }
      for (Future<Void> written : threads.invokeAll(writers)) {
        written.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(store.find(added.id()).orElseThrow().history().stream().distinct()).hasSize(41);
  }
}
