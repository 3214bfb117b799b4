package io.fluxcore.application.deadletter.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetter.Content;
import io.fluxcore.application.deadletter.DeadLetter.State;
import io.fluxcore.application.deadletter.DeadLetterCounts;
import io.fluxcore.application.deadletter.DeadLetterFilter;
import io.fluxcore.application.deadletter.DeadLetterPage;
import io.fluxcore.application.deadletter.DeadLetterRetention;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.domain.job.JobId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What everything that keeps dead letters keeps to. */
public abstract class DeadLettersContract {
  protected static final JobId JOB = JobId.of(1, 2);
  protected static final JobId OTHER = JobId.of(3, 4);
  protected static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private Instant now = START;

  /** Something empty that keeps letters so long; called once a test. */
  protected abstract DeadLetters open(DeadLetterRetention retention, InstantSource time);

  private DeadLetters open(DeadLetterRetention retention) {
    return open(retention, () -> now);
  }

  private DeadLetters open() {
    return open(DeadLetterRetention.ofLetters(10_000));
  }

  /** A record that could not be decoded. */
  protected static DeadLetter record(JobId job, String position, long madeAfter, Instant time) {
    return DeadLetter.of(
        job,
        "job-" + job,
        "in",
        new DeadLetter.Origin("in", "a.log", position),
        new Content(("record at " + position).getBytes(StandardCharsets.UTF_8), null),
        new DeadLetter.Failure("FLX-X-0001", "not a \"number\" – nor a name", 1, time),
        madeAfter);
  }

  /** A row that an operator could not process. */
  protected static DeadLetter row(JobId job, String operator, long madeAfter, Instant time) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("z", "last letter first");
    fields.put("a", 9_007_199_254_740_993L);
    fields.put("d", new BigDecimal("123456789012345678901234567890.10"));
    fields.put("x", 0.1);
    fields.put("n", null);
    fields.put("l", List.of(1L, "two", true));
    return DeadLetter.of(
        job,
        "job-" + job,
        operator,
        new DeadLetter.Origin("in", "a.log", "10..20"),
        new Content(null, new DeadLetter.Row(4711, "UPDATE_AFTER", fields)),
        new DeadLetter.Failure("FLX-X-0002", "división", 3, time),
        madeAfter);
  }

  private static void assertBalanced(DeadLetterCounts counts) {
    assertThat(counts.added())
        .isEqualTo(
            counts.waiting()
                + counts.replayed()
                + counts.discarded()
                + counts.letGo()
                + counts.takenBack());
  }

  @Test
  void letters_areKeptAsTheyAre() {
    DeadLetters letters = open();
    DeadLetter first = letters.add(record(JOB, "a.log:7", 0, START));
    DeadLetter binary =
        letters.add(
            DeadLetter.of(
                JOB,
                "job",
                "map",
                DeadLetter.Origin.UNKNOWN,
                new Content(new byte[] {0, -1, 10}, row(JOB, "map", 0, START).original().row()),
                new DeadLetter.Failure("C", "", 1, START.plusNanos(123_456_000)),
                DeadLetter.FOR_GOOD));
    assertThat(first.id()).isPositive();
    assertThat(binary.id()).isGreaterThan(first.id());
    assertThat(first).isEqualTo(record(JOB, "a.log:7", 0, START).withId(first.id()));
    assertThat(letters.find(first.id())).contains(first);
    assertThat(letters.find(binary.id())).contains(binary);
    assertThat(letters.find(binary.id()).orElseThrow().original().row().fields().keySet())
        .containsExactly("z", "a", "d", "x", "n", "l");
    assertThat(letters.find(binary.id() + 1)).isEmpty();
    assertThat(letters.of(JOB)).containsExactly(first, binary);
    assertThat(letters.count(JOB)).isEqualTo(2);
    assertThat(letters.counts(OTHER)).isEqualTo(DeadLetterCounts.NONE);
  }

  @Test
  void recordOfTheSamePlace_isKeptOnce() {
    DeadLetters letters = open();
    DeadLetter first = letters.add(record(JOB, "a.log:7", 0, START));
    assertThat(letters.add(record(JOB, "a.log:7", 0, START)).id()).isEqualTo(first.id());
    letters.add(record(JOB, "a.log:8", 0, START));
    letters.add(record(OTHER, "a.log:7", 0, START));
    letters.add(row(JOB, "map", 0, START));
    letters.add(row(JOB, "map", 0, START));
    assertThat(letters.counts(JOB).added()).isEqualTo(4);
    assertThat(letters.discard(first.id())).isTrue();
    assertThat(letters.add(record(JOB, "a.log:7", 0, START)).id()).isGreaterThan(first.id());
  }

  @Test
  void filtersAndPages_findTheSame_asLookingAtAll() {
    long seed = 20260301;
    Random random = new Random(seed);
    DeadLetters letters = open();
    List<DeadLetter> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      JobId job = random.nextBoolean() ? JOB : OTHER;
      Instant time = START.plusSeconds(random.nextInt(100));
      all.add(
          letters.add(
              random.nextBoolean()
                  ? record(job, "a.log:" + i, 0, time)
                  : row(job, random.nextBoolean() ? "map" : "sink", 0, time)));
    }
    for (int i = 0; i < all.size(); i++) {
      if (random.nextInt(4) == 0) {
        all.set(
            i, letters.change(all.get(i).id(), letter -> letter.replayed(1, START)).orElseThrow());
      }
    }
    for (int i = 0; i < 60; i++) {
      DeadLetterFilter filter =
          new DeadLetterFilter(
              random.nextBoolean() ? JOB : null,
              random.nextInt(3) == 0 ? "map" : null,
              random.nextInt(3) == 0 ? "in" : null,
              random.nextInt(3) == 0 ? "FLX-X-0002" : null,
              random.nextInt(3) == 0 ? State.REPLAYED : null,
              random.nextInt(3) == 0 ? START.plusSeconds(20) : null,
              random.nextInt(3) == 0 ? START.plusSeconds(70) : null);
      List<DeadLetter> expected = all.stream().filter(filter::accepts).toList();
      List<DeadLetter> found = new ArrayList<>();
      Long next = 0L;
      while (next != null) {
        DeadLetterPage page = letters.list(filter, next, 1 + random.nextInt(30));
        found.addAll(page.letters());
        next = page.next();
      }
      assertThat(found).as("seed %s, filter %s", seed, filter).isEqualTo(expected);
      assertThat(letters.count(filter)).isEqualTo(expected.size());
    }
  }

  @Test
  void repair_keepsTheOriginal_andReplaysAreCounted() {
    DeadLetters letters = open();
    long id = letters.add(record(JOB, "a.log:7", 0, START)).id();
    Content mended = new Content("mended".getBytes(StandardCharsets.UTF_8), null);
    letters.change(id, letter -> letter.repaired(mended));
    DeadLetter letter = letters.find(id).orElseThrow();
    assertThat(letter.content()).isEqualTo(mended);
    assertThat(new String(letter.original().bytes(), StandardCharsets.UTF_8))
        .isEqualTo("record at a.log:7");
    letters.change(id, one -> one.failedAgain("FLX-X-0009", "still bad", START.plusSeconds(1)));
    letter = letters.find(id).orElseThrow();
    assertThat(letter.state()).isEqualTo(State.WAITING);
    assertThat(letter.failure())
        .isEqualTo(new DeadLetter.Failure("FLX-X-0009", "still bad", 2, START.plusSeconds(1)));
    letters.change(id, one -> one.replayed(5, START.plusSeconds(2)));
    letter = letters.find(id).orElseThrow();
    assertThat(letter.state()).isEqualTo(State.REPLAYED);
    assertThat(letter.failure().attempts()).isEqualTo(3);
    assertThat(letters.counts(JOB)).isEqualTo(new DeadLetterCounts(1, 0, 1, 0, 0, 0));
    assertThat(letters.change(id + 1, one -> one)).isEmpty();
  }

  @Test
  void discarded_isGone_andCounted() {
    DeadLetters letters = open();
    long id = letters.add(row(JOB, "map", 0, START)).id();
    long done = letters.add(row(JOB, "map", 0, START)).id();
    letters.change(done, letter -> letter.replayed(1, START));
    assertThat(letters.discard(id)).isTrue();
    assertThat(letters.discard(id)).isFalse();
    assertThat(letters.discard(done)).isTrue();
    assertThat(letters.find(id)).isEmpty();
    assertThat(letters.of(JOB)).isEmpty();
    assertThat(letters.counts(JOB)).isEqualTo(new DeadLetterCounts(2, 0, 1, 1, 0, 0));
  }

  @Test
  void jobThatGoesBack_takesBackWhatIsReadAgain_andUndoesReplays() {
    DeadLetters letters = open();
    DeadLetter before = letters.add(row(JOB, "map", 4, START));
    DeadLetter undone = letters.add(row(JOB, "map", 4, START));
    DeadLetter settled = letters.add(row(JOB, "map", 3, START));
    DeadLetter again = letters.add(record(JOB, "a.log:9", 5, START));
    DeadLetter later = letters.add(row(JOB, "map", 6, START));
    DeadLetter forGood = letters.add(row(JOB, "map", DeadLetter.FOR_GOOD, START));
    DeadLetter others = letters.add(row(OTHER, "map", 6, START));
    letters.change(undone.id(), letter -> letter.replayed(5, START));
    letters.change(settled.id(), letter -> letter.replayed(4, START));
    letters.change(later.id(), letter -> letter.replayed(6, START));
    letters.restored(JOB, 5);
    assertThat(letters.find(again.id())).isEmpty();
    assertThat(letters.find(later.id())).isEmpty();
    assertThat(letters.find(before.id())).contains(before);
    assertThat(letters.find(forGood.id())).contains(forGood);
    assertThat(letters.find(others.id())).contains(others);
    assertThat(letters.find(undone.id()).orElseThrow().state()).isEqualTo(State.WAITING);
    assertThat(letters.find(settled.id()).orElseThrow().state()).isEqualTo(State.REPLAYED);
    assertThat(letters.counts(JOB)).isEqualTo(new DeadLetterCounts(6, 3, 1, 0, 0, 2));
    assertThat(letters.count(JOB)).isEqualTo(4);
    letters.add(record(JOB, "a.log:9", 5, START));
    assertThat(letters.counts(JOB).added()).isEqualTo(7);
    letters.restored(JOB, 0);
    assertThat(letters.of(JOB)).containsExactly(forGood);
  }

  @Test
  void tooMany_replayedGoFirst_thenTheOldest_counted() {
    DeadLetters letters = open(DeadLetterRetention.ofLetters(3));
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(letters.add(row(JOB, "map", 0, START)).id());
    }
    letters.change(ids.get(1), letter -> letter.replayed(1, START));
    ids.add(letters.add(row(JOB, "map", 0, START)).id());
    assertThat(letters.find(ids.get(1))).isEmpty();
    assertThat(letters.counts(JOB)).isEqualTo(new DeadLetterCounts(4, 3, 1, 0, 0, 0));
    ids.add(letters.add(row(JOB, "map", 0, START)).id());
    assertThat(letters.of(JOB))
        .extracting(DeadLetter::id)
        .containsExactly(ids.get(2), ids.get(3), ids.get(4));
    assertThat(letters.counts(JOB)).isEqualTo(new DeadLetterCounts(5, 3, 1, 0, 1, 0));
  }

  @Test
  void tooManyBytes_theOldestGo_butNotTheOneAtHand() {
    long size = row(JOB, "map", 0, START).estimatedBytes();
    DeadLetters letters = open(new DeadLetterRetention(100, 2 * size + 1, null));
    for (int i = 0; i < 5; i++) {
      letters.add(row(JOB, "map", 0, START));
    }
    assertThat(letters.counts(JOB)).isEqualTo(new DeadLetterCounts(5, 2, 0, 0, 3, 0));
    byte[] large = new byte[(int) (3 * size)];
    Arrays.fill(large, (byte) 'x');
    DeadLetter huge =
        letters.add(
            DeadLetter.of(
                JOB,
                "job",
                "map",
                DeadLetter.Origin.UNKNOWN,
                new Content(large, null),
                new DeadLetter.Failure("C", "m", 1, START),
                0));
    assertThat(letters.of(JOB)).containsExactly(huge);
    assertThat(letters.counts(JOB).letGo()).isEqualTo(5);
  }

  @Test
  void tooOld_go_counted() {
    DeadLetters letters = open(new DeadLetterRetention(100, 1 << 20, Duration.ofDays(1)));
    letters.add(row(JOB, "map", 0, START));
    DeadLetter young = letters.add(row(JOB, "map", 0, START.plusSeconds(10)));
    now = START.plus(Duration.ofDays(1)).plusSeconds(5);
    assertThat(letters.list(DeadLetterFilter.ALL, 0, 10).letters()).containsExactly(young);
    assertThat(letters.counts(JOB)).isEqualTo(new DeadLetterCounts(2, 1, 0, 0, 1, 0));
  }

  @Test
  void severalThreads_loseNothing() throws Exception {
    DeadLetters letters = open(DeadLetterRetention.ofLetters(50));
    int threads = 4;
    int each = 60;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> ends = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      ends.add(
          pool.submit(
              () -> {
                for (int i = 0; i < each; i++) {
                  long id = letters.add(row(JOB, "map", 0, START)).id();
                  if ((i + thread) % 3 == 0) {
                    letters.change(id, letter -> letter.replayed(1, START));
                  } else if ((i + thread) % 3 == 1) {
                    letters.discard(id);
                  }
                }
              }));
    }
    for (Future<?> end : ends) {
      end.get();
    }
    pool.shutdown();
    DeadLetterCounts counts = letters.counts(JOB);
    assertThat(counts.added()).isEqualTo((long) threads * each);
    assertBalanced(counts);
    assertThat(letters.of(JOB)).hasSizeLessThanOrEqualTo(50);
  }
}
