package io.fluxcore.application.runtime;

import io.fluxcore.domain.job.JobId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Dead letters in this process: the reference implementation. Keeps the newest letters of each job,
 * up to a limit, and counts all.
 */
public final class InMemoryDeadLetters implements DeadLetters {
  private final int limit;
  private final Map<JobId, Letters> byJob = new HashMap<>();

  private static final class Letters {
    final Deque<DeadLetter> kept = new ArrayDeque<>();
    long count;
  }

  /**
   * Keeps so many.
   *
   * @param limit letters of one job
   */
  public InMemoryDeadLetters(int limit) {
    this.limit = limit;
  }

  @Override
  public synchronized void add(DeadLetter letter) {
    Letters letters = byJob.computeIfAbsent(letter.jobId(), id -> new Letters());
    letters.count++;
    letters.kept.addLast(letter);
    if (letters.kept.size() > limit) {
      letters.kept.removeFirst();
    }
  }

  @Override
  public synchronized List<DeadLetter> of(JobId jobId) {
    Letters letters = byJob.get(jobId);
    return letters == null ? List.of() : List.copyOf(letters.kept);
  }

  @Override
  public synchronized long count(JobId jobId) {
    Letters letters = byJob.get(jobId);
    return letters == null ? 0 : letters.count;
  }
}
