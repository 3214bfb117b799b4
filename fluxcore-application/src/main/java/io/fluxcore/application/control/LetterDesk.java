package io.fluxcore.application.control;

import io.fluxcore.application.DeadLetterDesk;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetterCounts;
import io.fluxcore.application.deadletter.DeadLetterFilter;
import io.fluxcore.application.deadletter.DeadLetterPage;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** The desk for the letters of jobs that run in this process. */
public final class LetterDesk implements DeadLetterDesk {
  private static final int REPLAYED_AT_ONCE = 500;

  private final DeadLetters letters;
  private final Function<DeadLetter, Optional<RunningJob>> jobs;
  private final InstantSource time;
  private final Set<Long> underWay = new HashSet<>();

  /**
   * A desk.
   *
   * @param jobs the jobs whose letters are replayed
   */
  public LetterDesk(DeadLetters letters, JobControl jobs, InstantSource time) {
    this(letters, jobs::runOf, time);
  }

  /**
   * A desk.
   *
   * @param jobs the run that takes a letter again, if there is one
   */
  public LetterDesk(
      DeadLetters letters, Function<DeadLetter, Optional<RunningJob>> jobs, InstantSource time) {
    this.letters = letters;
    this.jobs = jobs;
    this.time = time;
  }

  @Override
  public DeadLetterPage list(DeadLetterFilter filter, long after, int limit) {
    return letters.list(filter, after, limit);
  }

  @Override
  public DeadLetter get(long id) {
    return letters.find(id).orElseThrow(() -> notFound(id));
  }

  private static FluxCoreException notFound(long id) {
    return new FluxCoreException(
        ErrorCategory.NOT_FOUND,
        Diagnostic.error(
            "FLX-DEADLETTER-0002",
            Place.of("id"),
            "there is no dead letter " + id,
            "list the dead letters; old ones are let go, and those that are read again taken back"));
  }

  @Override
  public long count(DeadLetterFilter filter) {
    return letters.count(filter);
  }

  @Override
  public DeadLetterCounts counts(JobId jobId) {
    return letters.counts(jobId);
  }

  @Override
  public DeadLetter repair(long id, DeadLetter.Content content) {
    return letters
        .change(
            id,
            letter -> {
              requireWaiting(letter);
              if (letter.isUndecoded() && content.bytes() == null) {
                throw FluxCoreException.user(
                    "FLX-DEADLETTER-0007",
                    Place.of("row"),
                    "dead letter "
                        + id
                        + " is a record that could not be decoded: it has no fields",
                    "mend its text or its bytes");
              }
              return letter.repaired(content);
            })
        .orElseThrow(() -> notFound(id));
  }

  private static void requireWaiting(DeadLetter letter) {
    if (letter.state() != DeadLetter.State.WAITING) {
      throw conflict(
          "dead letter " + letter.id() + " has been replayed", "let it be, or discard it");
    }
  }

  private static FluxCoreException conflict(String message, String remedy) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error("FLX-DEADLETTER-0008", Place.of("id"), message, remedy));
  }

  @Override
  public ReplayOutcome replay(long id) throws InterruptedException {
    DeadLetter letter = get(id);
    requireWaiting(letter);
    if (!begin(letter)) {
      throw conflict("dead letter " + id + " is being replayed", "wait for its end");
    }
    try {
      RunningJob job =
          jobs.apply(letter)
              .orElseThrow(
                  () ->
                      conflict(
                          "job '" + letter.jobName() + "' does not run here now",
                          "start a job of this name and replay the letter then"));
      return replay(job, List.of(get(id))).get(0);
    } finally {
      end(List.of(letter));
    }
  }

  private synchronized boolean begin(DeadLetter letter) {
    return underWay.add(letter.id());
  }

  private synchronized void end(List<DeadLetter> done) {
    done.forEach(letter -> underWay.remove(letter.id()));
  }

  /** Gives letters to a job and writes down what became of them. */
  private List<ReplayOutcome> replay(RunningJob job, List<DeadLetter> given)
      throws InterruptedException {
    try {
      List<ReplayOutcome> outcomes = job.replay(given).get();
      outcomes.forEach(this::record);
      return outcomes;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a replay gives outcomes in any case", e);
    }
  }

  private void record(ReplayOutcome outcome) {
    letters.change(
        outcome.letter().id(),
        letter ->
            switch (outcome.kind()) {
              case PROCESSED -> letter.replayed(outcome.checkpoint(), time.instant());
              case FAILED -> letter.failedAgain(outcome.code(), outcome.message(), time.instant());
              case REFUSED -> letter;
            });
  }

  @Override
  public List<ReplayOutcome> replay(DeadLetterFilter filter, int limit)
      throws InterruptedException {
    List<ReplayOutcome> all = new ArrayList<>();
    long after = 0;
    while (all.size() < limit) {
      int most = Math.min(REPLAYED_AT_ONCE, limit - all.size());
      DeadLetterPage page = letters.list(filter.in(DeadLetter.State.WAITING), after, most);
      List<DeadLetter> mine = page.letters().stream().filter(this::begin).toList();
      try {
        all.addAll(replayEach(mine));
      } finally {
        end(mine);
      }
      if (page.next() == null) {
        break;
      }
      after = page.next();
    }
    return all;
  }

  /** In the order of the letters, though each job gets its own together. */
  private List<ReplayOutcome> replayEach(List<DeadLetter> mine) throws InterruptedException {
    Map<RunningJob, List<DeadLetter>> byJob = new LinkedHashMap<>();
    Map<Long, ReplayOutcome> outcomes = new HashMap<>();
    for (DeadLetter letter : mine) {
      Optional<RunningJob> job = jobs.apply(letter);
      if (job.isPresent()) {
        byJob.computeIfAbsent(job.get(), one -> new ArrayList<>()).add(letter);
      } else {
        outcomes.put(
            letter.id(),
            ReplayOutcome.refused(
                letter,
                "FLX-DEADLETTER-0008",
                "job '" + letter.jobName() + "' does not run here now"));
      }
    }
    for (Map.Entry<RunningJob, List<DeadLetter>> one : byJob.entrySet()) {
      for (ReplayOutcome outcome : replay(one.getKey(), one.getValue())) {
        outcomes.put(outcome.letter().id(), outcome);
      }
    }
    List<ReplayOutcome> ordered = new ArrayList<>();
    for (DeadLetter letter : mine) {
      ReplayOutcome outcome = outcomes.get(letter.id());
      if (outcome != null) {
        ordered.add(outcome);
      }
    }
    return ordered;
  }

  @Override
  public void discard(long id) {
    if (!letters.discard(id)) {
      throw notFound(id);
    }
  }

  @Override
  public long discard(DeadLetterFilter filter, int limit) {
    long discarded = 0;
    for (DeadLetter letter :
        letters.list(filter.in(DeadLetter.State.WAITING), 0, limit).letters()) {
      discarded += letters.discard(letter.id()) ? 1 : 0;
    }
    return discarded;
  }
}
