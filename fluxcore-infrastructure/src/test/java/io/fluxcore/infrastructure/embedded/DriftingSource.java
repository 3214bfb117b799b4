package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A replayable source of rows (id, key) whose splits go on in event time at paces of their own: row
 * {@code i} of a split has the time {@code i × pace}. Batches are of random sizes. It keeps book,
 * of all sources that share a {@link Race}, of how far ahead of the slowest a reader was when it
 * was asked for more.
 */
final class DriftingSource implements Source {
  private final String name;
  private final long rows;
  private final long[] paces;
  private final boolean holding;
  private final Race race;
  private final Random random;

  /** Where all splits are. */
  static final class Race {
    private final Map<String, Long> places = new ConcurrentHashMap<>();
    final AtomicLong worst = new AtomicLong();

    /** A reader whose slowest split is here is about to give rows. */
    void ahead(long own) {
      long slowest = places.values().stream().mapToLong(Long::longValue).min().orElse(own);
      if (own != Long.MIN_VALUE) {
        worst.accumulateAndGet(
            slowest == Long.MIN_VALUE ? Long.MAX_VALUE : own - slowest, Math::max);
      }
    }
  }

  DriftingSource(String name, long rows, long[] paces, boolean holding, Race race, long seed) {
    this.name = name;
    this.rows = rows;
    this.paces = paces.clone();
    this.holding = holding;
    this.race = race;
    this.random = new Random(seed);
    for (int i = 0; i < paces.length; i++) {
      race.places.put(name + i, Long.MIN_VALUE);
    }
  }

  @Override
  public Schema schema() {
    return ScriptedSource.SCHEMA;
  }

  @Override
  public boolean isBounded() {
    return true;
  }

  @Override
  public List<Split> discoverSplits() {
    List<Split> splits = new ArrayList<>();
    for (int i = 0; i < paces.length; i++) {
      splits.add(new Split(name + i));
    }
    return splits;
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new Reader();
  }

  private final class Reader implements SourceReader {
    private final Deque<String> turns = new ArrayDeque<>();
    private final Map<String, Long> next = new HashMap<>();
    private Set<String> held = Set.of();

    @Override
    public void assign(Split split, @Nullable SplitPosition position) {
      long from = position == null ? 0 : Long.parseLong(position.text());
      turns.add(split.id());
      next.put(split.id(), from);
      race.places.put(split.id(), from == 0 ? Long.MIN_VALUE : (from - 1) * pace(split.id()));
    }

    private long pace(String split) {
      return paces[Integer.parseInt(split.substring(name.length()))];
    }

    @Override
    public boolean holdSplits(Set<String> splits) {
      held = holding ? Set.copyOf(splits) : Set.of();
      return holding || splits.isEmpty();
    }

    @Override
    public Poll poll(Duration maxWait) {
      for (int i = turns.size(); i > 0; i--) {
        String split = turns.removeFirst();
        long from = next.get(split);
        if (from == rows) {
          race.places.put(split, Long.MAX_VALUE);
          return new Poll.EndOfSplit(split);
        }
        turns.addLast(split);
        if (!held.contains(split)) {
          return rows(split, from);
        }
      }
      LockSupport.parkNanos(Math.min(maxWait.toNanos(), 100_000));
      return Poll.Nothing.INSTANCE;
    }

    private Poll.Rows rows(String split, long from) {
      long slowestOwn =
          turns.stream().mapToLong(s -> race.places.get(s)).min().orElse(Long.MAX_VALUE);
      race.ahead(holding ? race.places.get(split) : slowestOwn);
      int count;
      synchronized (random) {
        count = (int) Math.min(rows - from, 1 + random.nextInt(20));
      }
      long[] ids = new long[count];
      long[] keys = new long[count];
      long[] times = new long[count];
      for (int i = 0; i < count; i++) {
        ids[i] = from + i;
        keys[i] = (from + i) % 7;
        times[i] = (from + i) * pace(split);
      }
      next.put(split, from + count);
      race.places.put(split, times[count - 1]);
      Column[] columns = {new LongColumn(count, ids), new LongColumn(count, keys)};
      return new Poll.Rows(
          split,
          EventBatch.of(ScriptedSource.SCHEMA, columns, times, count),
          new SplitPosition(Long.toString(from + count)),
          List.of(),
          0);
    }

    @Override
    public void close() {}
  }
}
