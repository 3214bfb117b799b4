package io.fluxcore.application.checkpoint.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.SnapshotFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every {@link CheckpointRegistry} does. */
public abstract class CheckpointRegistryContract {
  private static final JobId JOB = new JobId("job_1");
  private static final JobId OTHER = new JobId("job_2");
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");

  /** The registry under test, empty at the first call of a test; the same list at every call. */
  protected abstract CheckpointRegistry registry();

  /** A periodic checkpoint. */
  protected static CheckpointEntry checkpoint(JobId job, long id, FencingToken token) {
    return new CheckpointEntry(
        CheckpointLocation.ofCheckpoint(job, id, token),
        id,
        null,
        "",
        "job \"ä\" of " + job,
        "7",
        SnapshotFormat.NATIVE,
        NOON.plusSeconds(id),
        Duration.ofMillis(1234),
        Long.MAX_VALUE,
        17);
  }

  /** A savepoint. */
  protected static CheckpointEntry savepoint(JobId job, long id, String name) {
    SavepointId savepoint = new SavepointId(name);
    return new CheckpointEntry(
        CheckpointLocation.ofSavepoint(job, savepoint),
        id,
        savepoint,
        "before the move, l'été",
        "job",
        "1",
        SnapshotFormat.CANONICAL,
        NOON.plusSeconds(id),
        Duration.ZERO,
        0,
        0);
  }

  private static void assertStale(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.code()).isEqualTo(CheckpointRegistry.STALE_OWNER);
              assertThat(e.category()).isEqualTo(ErrorCategory.STATE_CONFLICT);
            });
  }

  @Test
  public void tokens_riseByJob_andTheLastOneIsCurrent() {
    FencingToken first = registry().claim(JOB);
    assertThat(registry().isCurrent(JOB, first)).isTrue();
    FencingToken second = registry().claim(JOB);
    assertThat(second).isGreaterThan(first);
    assertThat(registry().isCurrent(JOB, first)).isFalse();
    assertThat(registry().isCurrent(JOB, second)).isTrue();
    assertThat(registry().isCurrent(OTHER, second)).isFalse();
  }

  @Test
  public void registered_areListedInOrder_asTheyWereGiven() {
    FencingToken token = registry().claim(JOB);
    FencingToken others = registry().claim(OTHER);
    CheckpointEntry one = checkpoint(JOB, 1, token);
    CheckpointEntry two = savepoint(JOB, 2, "sp-a1");
    CheckpointEntry three = checkpoint(JOB, 11, token);
    CheckpointEntry other = checkpoint(OTHER, 1, others);
    assertThat(registry().latest(JOB)).isEmpty();
    registry().register(one, token);
    registry().register(other, others);
    registry().register(two, token);
    registry().register(three, token);
    assertThat(registry().restartPoints(JOB)).containsExactly(one, two, three);
    assertThat(registry().latest(JOB)).contains(three);
    assertThat(registry().restartPoints(OTHER)).containsExactly(other);
    assertThat(registry().savepoints()).containsExactly(two);
    assertThat(registry().savepoint(new SavepointId("sp-a1"))).contains(two);
    assertThat(registry().savepoint(new SavepointId("sp-a2"))).isEmpty();
  }

  @Test
  public void staleOwner_canNeitherRegisterNorRemove() {
    FencingToken old = registry().claim(JOB);
    registry().register(checkpoint(JOB, 1, old), old);
    FencingToken current = registry().claim(JOB);
    assertStale(() -> registry().register(checkpoint(JOB, 2, old), old));
    assertStale(() -> registry().remove(CheckpointLocation.ofCheckpoint(JOB, 1, old), old));
    assertThat(registry().restartPoints(JOB)).hasSize(1);
    registry().register(checkpoint(JOB, 2, current), current);
    assertStale(() -> registry().register(savepoint(JOB, 3, "sp-1"), old));
    assertStale(
        () -> registry().register(checkpoint(JOB, 3, current), new FencingToken(1_000_000)));
    assertThat(registry().latest(JOB)).contains(checkpoint(JOB, 2, current));
  }

  @Test
  public void tokenOfAnotherJob_isStale() {
    registry().claim(OTHER);
    FencingToken token = registry().claim(OTHER);
    assertStale(() -> registry().register(checkpoint(JOB, 1, token), token));
  }

  @Test
  public void checkpointIds_rise() {
    FencingToken token = registry().claim(JOB);
    registry().register(checkpoint(JOB, 5, token), token);
    for (long id : new long[] {5, 4}) {
      assertThatThrownBy(() -> registry().register(savepoint(JOB, id, "sp-x"), token))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(registry().restartPoints(JOB)).hasSize(1);
  }

  @Test
  public void remove_takesCheckpointsOnly() {
    FencingToken token = registry().claim(JOB);
    CheckpointEntry one = checkpoint(JOB, 1, token);
    CheckpointEntry two = savepoint(JOB, 2, "sp-1");
    registry().register(one, token);
    registry().register(two, token);
    registry().remove(one.location(), token);
    registry().remove(one.location(), token);
    assertThat(registry().restartPoints(JOB)).containsExactly(two);
    assertThatThrownBy(() -> registry().remove(two.location(), token))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(registry().removeSavepoint(new SavepointId("sp-1"))).isTrue();
    assertThat(registry().removeSavepoint(new SavepointId("sp-1"))).isFalse();
    assertThat(registry().restartPoints(JOB)).isEmpty();
    assertThat(registry().savepoints()).isEmpty();
  }

  @Test
  public void importedSavepoint_isNoRestartPoint() {
    CheckpointEntry imported = savepoint(JOB, 99, "sp-far");
    registry().importSavepoint(imported);
    assertThat(registry().savepoints()).containsExactly(imported);
    assertThat(registry().restartPoints(JOB)).isEmpty();
    assertThatThrownBy(() -> registry().importSavepoint(imported))
        .isInstanceOf(IllegalArgumentException.class);
    FencingToken token = registry().claim(JOB);
    assertThatThrownBy(() -> registry().importSavepoint(checkpoint(JOB, 1, token)))
        .isInstanceOf(IllegalArgumentException.class);
    registry().register(checkpoint(JOB, 1, token), token);
    assertThat(registry().removeSavepoint(new SavepointId("sp-far"))).isTrue();
    assertThat(registry().savepoints()).isEmpty();
  }

  @Test
  public void claims_ofManyAtATime_giveDifferentTokens() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<FencingToken>> futures = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        futures.add(threads.submit(() -> registry().claim(JOB)));
      }
      Set<FencingToken> tokens = new HashSet<>();
      for (Future<FencingToken> future : futures) {
        tokens.add(future.get());
      }
      assertThat(tokens).hasSize(20);
      assertThat(tokens.stream().filter(token -> registry().isCurrent(JOB, token))).hasSize(1);
    } finally {
      threads.shutdown();
    }
  }
}
