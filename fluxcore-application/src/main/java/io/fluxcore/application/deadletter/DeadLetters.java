package io.fluxcore.application.deadletter;

import io.fluxcore.domain.job.JobId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Keeps dead letters. Thread-safe. */
public interface DeadLetters {
  /**
   * Keeps a letter under a new id; may let an old one go for it, which is counted. One whose {@link
   * DeadLetter#identity} is kept already is not kept twice.
   *
   * @return the letter as it is kept
   * @throws io.fluxcore.domain.error.FluxCoreException if it cannot be kept: rather than lose a
   *     record the job fails
   */
  DeadLetter add(DeadLetter letter);

  Optional<DeadLetter> find(long id);

  /**
   * Letters in the order of their ids.
   *
   * @param after only those of larger ids; 0: from the start
   * @param limit at most so many, 1 or more
   */
  DeadLetterPage list(DeadLetterFilter filter, long after, int limit);

  /** How many letters that are kept fit a filter. */
  long count(DeadLetterFilter filter);

  /**
   * Changes a letter, with nobody else changing it meanwhile.
   *
   * @param change keeps the id and the job; may be called more than once
   * @return the letter after that; empty when there is none of this id
   */
  Optional<DeadLetter> change(long id, UnaryOperator<DeadLetter> change);

  /**
   * Gives a letter up, which is counted.
   *
   * @return whether there was one
   */
  boolean discard(long id);

  /**
   * A job goes back to a checkpoint: letters that were made since are taken back, as their rows are
   * read again, unless they were made {@linkplain DeadLetter#FOR_GOOD for good}; those that were
   * replayed since wait again.
   *
   * @param checkpoint 0: to the start
   */
  void restored(JobId jobId, long checkpoint);

  /** What has become of a job's letters. */
  DeadLetterCounts counts(JobId jobId);

  /** The letters of a job that are kept, oldest first. */
  default List<DeadLetter> of(JobId jobId) {
    return list(DeadLetterFilter.of(jobId), 0, Integer.MAX_VALUE).letters();
  }

  /** How many letters of a job were made and not taken back, those included that are gone. */
  default long count(JobId jobId) {
    DeadLetterCounts counts = counts(jobId);
    return counts.added() - counts.takenBack();
  }
}
