package io.fluxcore.application.deadletter;

import io.fluxcore.domain.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are meant: those that fit everything that is not null.
 *
 * @param job the job
 * @param operator where it failed
 * @param source where it came from
 * @param code of the error
 * @param state what has become of it
 * @param from the first moment at which it failed the last time
 * @param to the first moment that is too late
 */
public record DeadLetterFilter(
    @Nullable JobId job,
    @Nullable String operator,
    @Nullable String source,
    @Nullable String code,
    DeadLetter.@Nullable State state,
    @Nullable Instant from,
    @Nullable Instant to) {
  public static final DeadLetterFilter ALL =
      new DeadLetterFilter(null, null, null, null, null, null, null);

  /** All letters of a job. */
  public static DeadLetterFilter of(JobId job) {
    return new DeadLetterFilter(job, null, null, null, null, null, null);
  }

  /** The same, in this state only. */
  public DeadLetterFilter in(DeadLetter.State wanted) {
    return new DeadLetterFilter(job, operator, source, code, wanted, from, to);
  }

  /** Whether a letter is meant. */
  public boolean accepts(DeadLetter letter) {
    return (job == null || job.equals(letter.jobId()))
        && (operator == null || operator.equals(letter.operatorId()))
        && (source == null || source.equals(letter.origin().source()))
        && (code == null || code.equals(letter.failure().code()))
        && (state == null || state == letter.state())
        && (from == null || !letter.failure().time().isBefore(from))
        && (to == null || letter.failure().time().isBefore(to));
  }
}
