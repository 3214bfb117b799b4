package io.fluxcore.application.job.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.runtime.DeadLetter;
import io.fluxcore.application.runtime.DeadLetters;
import io.fluxcore.domain.job.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a keeper of dead letters does. */
public abstract class DeadLettersContract {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final JobId JOB = JobId.of(1, 1);

  /**
   * A keeper of the same letters as the others of this test.
   *
   * @param limit letters of one job that are kept
   */
  protected abstract DeadLetters letters(int limit);

  private static DeadLetter letter(JobId job, int number, byte @Nullable [] bytes) {
    return new DeadLetter(
        job,
        "sink",
        bytes,
        bytes == null ? "row ä " + number : null,
        "log:" + number,
        "FLX-X-1",
        "broken\n",
        number,
        T);
  }

  @Test
  void letters_areReadBackEqual_oldestFirst() {
    DeadLetters letters = letters(10);
    byte[] bytes = {0, -1, 127, -128};
    letters.add(letter(JOB, 1, null));
    letters.add(letter(JobId.of(1, 2), 7, null));
    letters.add(letter(JOB, 2, bytes));
    List<DeadLetter> found = letters(10).of(JOB);
    assertThat(found).hasSize(2);
    assertThat(found.get(0)).isEqualTo(letter(JOB, 1, null));
    assertThat(found.get(1).bytes()).containsExactly(bytes);
    assertThat(found.get(1))
        .usingRecursiveComparison()
        .isEqualTo(letter(JOB, 2, new byte[] {0, -1, 127, -128}));
    assertThat(letters.count(JOB)).isEqualTo(2);
    assertThat(letters.of(JobId.of(1, 3))).isEmpty();
    assertThat(letters.count(JobId.of(1, 3))).isZero();
  }

  @Test
  void lettersBeyondTheLimit_areGivenUpOldestFirst_andCounted() {
    DeadLetters letters = letters(3);
    for (int i = 1; i <= 5; i++) {
      letters.add(letter(JOB, i, null));
    }
    assertThat(letters.of(JOB)).extracting(DeadLetter::attempts).containsExactly(3, 4, 5);
    assertThat(letters.count(JOB)).isEqualTo(5);
  }

  @Test
  void lettersOfManyThreads_areAllKept() throws Exception {
    DeadLetters letters = letters(1000);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> writers = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int number = i;
        writers.add(
            () -> {
              letters.add(letter(JOB, number, null));
              return null;
            });
      }
      for (Future<Void> written : threads.invokeAll(writers)) {
        written.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(letters.of(JOB).stream().map(DeadLetter::attempts).distinct()).hasSize(60);
    assertThat(letters.count(JOB)).isEqualTo(60);
  }
}
