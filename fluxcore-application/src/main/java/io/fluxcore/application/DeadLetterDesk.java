package io.fluxcore.application;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetterCounts;
import io.fluxcore.application.deadletter.DeadLetterFilter;
import io.fluxcore.application.deadletter.DeadLetterPage;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.domain.job.JobId;
import java.util.List;

/**
 * Where dead letters are seen to: looked at, mended, replayed and discarded. Thread-safe. Methods
 * that take an id throw a {@link io.fluxcore.domain.error.FluxCoreException} of category {@code
 * NOT_FOUND} when there is no such letter.
 */
public interface DeadLetterDesk {
  /**
   * Letters in the order of their ids.
   *
   * @param after only those of larger ids; 0: from the start
   * @param limit at most so many, 1 or more
   */
  DeadLetterPage list(DeadLetterFilter filter, long after, int limit);

  DeadLetter get(long id);

  /** How many letters that are kept fit a filter. */
  long count(DeadLetterFilter filter);

  /** What has become of a job's letters. */
  DeadLetterCounts counts(JobId jobId);

  /**
   * Mends what would be replayed; the original stays as it was.
   *
   * @param content in the place of the original
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code USER} if the letter holds
   *     a record that its source could not decode, and the content has no bytes; {@code
   *     STATE_CONFLICT} if it has been replayed
   */
  DeadLetter repair(long id, DeadLetter.Content content);

  /**
   * Gives a letter to the operator that it failed in, of the job that it came from or, when that is
   * over, of the running job of the same name. Returns when the operator has had it: its letter
   * says then that it was replayed, or that it failed again with one attempt more.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if it was
   *     replayed before, or there is no such job that runs
   */
  ReplayOutcome replay(long id) throws InterruptedException;

  /**
   * Replays all letters that wait and fit a filter, in the order of their ids. Those whose job does
   * not run are refused one by one.
   *
   * @param limit at most so many
   */
  List<ReplayOutcome> replay(DeadLetterFilter filter, int limit) throws InterruptedException;

  /** Gives a letter up. */
  void discard(long id);

  /**
   * Gives all letters up that wait and fit a filter.
   *
   * @param limit at most so many
   * @return how many
   */
  long discard(DeadLetterFilter filter, int limit);
}
