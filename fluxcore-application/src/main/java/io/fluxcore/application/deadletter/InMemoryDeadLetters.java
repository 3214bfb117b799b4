package io.fluxcore.application.deadletter;

import io.fluxcore.domain.job.JobId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Dead letters in this process: the reference implementation. */
public final class InMemoryDeadLetters implements DeadLetters {
  private final DeadLetterRetention retention;
  private final InstantSource time;
  private final Map<JobId, Letters> byJob = new HashMap<>();
  private final TreeMap<Long, JobId> jobOf = new TreeMap<>();
  private long lastId;

  /** The letters of a job. */
  private static final class Letters {
    final TreeMap<Long, DeadLetter> kept = new TreeMap<>();
    final TreeSet<DeadLetter> byTime =
        new TreeSet<>(
            Comparator.<DeadLetter, Instant>comparing(letter -> letter.failure().time())
                .thenComparing(DeadLetter::id));
    final TreeSet<Long> done = new TreeSet<>();
    final Map<String, Long> identities = new HashMap<>();
    long bytes;
    long added;
    long waiting;
    long replayed;
    long discarded;
    long letGo;
    long takenBack;

    void put(DeadLetter letter) {
      kept.put(letter.id(), letter);
      byTime.add(letter);
      if (letter.state() == DeadLetter.State.REPLAYED) {
        done.add(letter.id());
      }
      letter.identity().ifPresent(identity -> identities.put(identity, letter.id()));
      bytes += letter.estimatedBytes();
      count(letter, 1);
    }

    void remove(DeadLetter letter) {
      kept.remove(letter.id());
      byTime.remove(letter);
      done.remove(letter.id());
      letter.identity().ifPresent(identities::remove);
      bytes -= letter.estimatedBytes();
    }

    void count(DeadLetter letter, int change) {
      if (letter.state() == DeadLetter.State.WAITING) {
        waiting += change;
      } else {
        replayed += change;
      }
    }
  }

  public InMemoryDeadLetters(DeadLetterRetention retention, InstantSource time) {
    this.retention = retention;
    this.time = time;
  }

  /**
   * Keeps so many, of any age.
   *
   * @param limit letters of one job
   */
  public InMemoryDeadLetters(int limit) {
    this(DeadLetterRetention.ofLetters(limit), () -> Instant.MIN);
  }

  @Override
  public synchronized DeadLetter add(DeadLetter letter) {
    Letters letters = byJob.computeIfAbsent(letter.jobId(), id -> new Letters());
    Long known = letter.identity().map(letters.identities::get).orElse(null);
    DeadLetter before = known == null ? null : letters.kept.get(known);
    if (before != null) {
      return before;
    }
    DeadLetter kept = letter.withId(++lastId);
    letters.added++;
    letters.put(kept);
    jobOf.put(kept.id(), kept.jobId());
    expire(letters);
    return kept;
  }

  /** Lets go of what is too much, but not of the last letter. */
  private void expire(Letters letters) {
    removeOld(letters);
    while (letters.kept.size() > 1 && isTooMuch(letters)) {
      Long oldest = letters.done.isEmpty() ? letters.kept.firstKey() : letters.done.first();
      DeadLetter letter = letters.kept.get(oldest);
      if (letter != null) {
        letGo(letters, letter);
      }
    }
  }

  private boolean isTooMuch(Letters letters) {
    return letters.kept.size() > retention.letters() || letters.bytes > retention.bytes();
  }

  private void removeOld(Letters letters) {
    if (retention.age() == null) {
      return;
    }
    Instant oldest = time.instant().minus(retention.age());
    while (!letters.byTime.isEmpty() && letters.byTime.first().failure().time().isBefore(oldest)) {
      letGo(letters, letters.byTime.first());
    }
  }

  /** A letter that was replayed leaves only its count behind; one that waited is lost. */
  private void letGo(Letters letters, DeadLetter letter) {
    letters.remove(letter);
    jobOf.remove(letter.id());
    if (letter.state() == DeadLetter.State.WAITING) {
      letters.waiting--;
      letters.letGo++;
    }
  }

  private @Nullable Letters lettersOf(long id) {
    JobId job = jobOf.get(id);
    Letters letters = job == null ? null : byJob.get(job);
    if (letters != null) {
      removeOld(letters);
    }
    return letters;
  }

  @Override
  public synchronized Optional<DeadLetter> find(long id) {
    Letters letters = lettersOf(id);
    return letters == null ? Optional.empty() : Optional.ofNullable(letters.kept.get(id));
  }

  @Override
  public synchronized DeadLetterPage list(DeadLetterFilter filter, long after, int limit) {
    byJob.values().forEach(this::removeOld);
    List<DeadLetter> found = new ArrayList<>();
    for (Map.Entry<Long, JobId> one : jobOf.tailMap(after, false).entrySet()) {
      Letters letters = byJob.get(one.getValue());
      DeadLetter letter = letters == null ? null : letters.kept.get(one.getKey());
      if (letter != null && filter.accepts(letter)) {
        if (found.size() == limit) {
          return new DeadLetterPage(found, found.get(limit - 1).id());
        }
        found.add(letter);
      }
    }
    return new DeadLetterPage(found, null);
  }

  @Override
  public synchronized long count(DeadLetterFilter filter) {
    return list(filter, 0, Integer.MAX_VALUE).letters().size();
  }

  @Override
  public synchronized Optional<DeadLetter> change(long id, UnaryOperator<DeadLetter> change) {
    Letters letters = lettersOf(id);
    DeadLetter before = letters == null ? null : letters.kept.get(id);
    if (letters == null || before == null) {
      return Optional.empty();
    }
    DeadLetter after = change.apply(before);
    letters.remove(before);
    letters.count(before, -1);
    letters.put(after);
    return Optional.of(after);
  }

  @Override
  public synchronized boolean discard(long id) {
    Letters letters = lettersOf(id);
    DeadLetter letter = letters == null ? null : letters.kept.get(id);
    if (letters == null || letter == null) {
      return false;
    }
    letters.remove(letter);
    jobOf.remove(id);
    if (letter.state() == DeadLetter.State.WAITING) {
      letters.waiting--;
      letters.discarded++;
    }
    return true;
  }

  @Override
  public synchronized void restored(JobId jobId, long checkpoint) {
    Letters letters = byJob.get(jobId);
    if (letters == null) {
      return;
    }
    for (DeadLetter letter : List.copyOf(letters.kept.values())) {
      if (letter.madeAfter() >= checkpoint) {
        letters.remove(letter);
        letters.count(letter, -1);
        jobOf.remove(letter.id());
        letters.takenBack++;
      } else if (letter.state() == DeadLetter.State.REPLAYED
          && letter.replayedAfter() >= checkpoint) {
        change(letter.id(), DeadLetter::waitingAgain);
      }
    }
  }

  @Override
  public synchronized DeadLetterCounts counts(JobId jobId) {
    Letters letters = byJob.get(jobId);
    if (letters == null) {
      return DeadLetterCounts.NONE;
    }
    removeOld(letters);
    return new DeadLetterCounts(
        letters.added,
        letters.waiting,
        letters.replayed,
        letters.discarded,
        letters.letGo,
        letters.takenBack);
  }
}
