package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A replayable source of rows (id, key, timestamp = id): split s of n holds the ids s, s + n, s +
 * 2n, … Key is id modulo the number of keys.
 */
final class ScriptedSource implements Source {
  static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("key", DataType.LONG).build();

  final int splits;
  final long rowsPerSplit;
  final long keys;
  int batchRows = 100;
  boolean bounded = true;

  /** Rows of a split after which it gives nothing until the latch opens. */
  long holdAfter = Long.MAX_VALUE;

  @Nullable CountDownLatch hold;

  /** Every so many rows one is bad. */
  long badEvery = Long.MAX_VALUE;

  /** A split that never has rows. */
  int silentSplit = -1;

  boolean sleepInPoll;
  final CountDownLatch polled = new CountDownLatch(1);
  final Semaphore wokenUp = new Semaphore(0);
  final AtomicLong completed = new AtomicLong();
  final List<List<Source.Split>> discoveries = new ArrayList<>();

  ScriptedSource(int splits, long rowsPerSplit, long keys) {
    this.splits = splits;
    this.rowsPerSplit = rowsPerSplit;
    this.keys = keys;
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public boolean isBounded() {
    return bounded;
  }

  @Override
  public List<Split> discoverSplits() {
    List<Split> result = new ArrayList<>();
    for (int i = 0; i < splits; i++) {
      result.add(new Split("split-" + i));
    }
    return result;
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new Reader();
  }

  private final class Reader implements SourceReader {
    private final Deque<String> turn = new ArrayDeque<>();
    private final Map<String, Long> next = new HashMap<>();
    private volatile boolean woken;
    private volatile @Nullable Thread waiting;

    @Override
    public void assign(Split split, @Nullable SplitPosition position) {
      turn.add(split.id());
      next.put(split.id(), position == null ? 0 : Long.parseLong(position.text()));
    }

    @Override
    public Poll poll(Duration maxWait) {
      polled.countDown();
      if (sleepInPoll) {
        sleepForEver();
      }
      for (int i = turn.size(); i > 0; i--) {
        String split = turn.removeFirst();
        int number = Integer.parseInt(split.substring("split-".length()));
        long from = next.get(split);
        boolean held = from >= holdAfter && hold != null && hold.getCount() > 0;
        if (held || number == silentSplit) {
          turn.addLast(split);
          continue;
        }
        if (from == rowsPerSplit) {
          if (!bounded) {
            turn.addLast(split);
            continue;
          }
          return new Poll.EndOfSplit(split);
        }
        turn.addLast(split);
        long to = Math.min(rowsPerSplit, from + batchRows);
        if (hold != null && from < holdAfter) {
          to = Math.min(to, holdAfter);
        }
        next.put(split, to);
        return rows(split, number, from, to);
      }
      await(maxWait);
      return Poll.Nothing.INSTANCE;
    }

    private Poll.Rows rows(String split, int number, long from, long to) {
      int count = (int) (to - from);
      long[] ids = new long[count];
      long[] ofKeys = new long[count];
      List<BadRecord> bad = new ArrayList<>();
      int size = 0;
      for (long row = from; row < to; row++) {
        long id = row * splits + number;
        if ((row + 1) % badEvery == 0) {
          bad.add(new BadRecord(new byte[] {1}, split + "@" + row, "TEST-1", "bad on purpose"));
          continue;
        }
        ids[size] = id;
        ofKeys[size++] = id % keys;
      }
      Column[] columns = {new LongColumn(size, ids), new LongColumn(size, ofKeys)};
      EventBatch batch = EventBatch.of(SCHEMA, columns, ids, size);
      return new Poll.Rows(split, batch, new SplitPosition(Long.toString(to)), bad, 0);
    }

    private void await(Duration maxWait) {
      waiting = Thread.currentThread();
      if (!woken) {
        LockSupport.parkNanos(maxWait.toNanos());
      }
      woken = false;
      waiting = null;
    }

    private void sleepForEver() {
      try {
        TimeUnit.DAYS.sleep(1);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }

    @Override
    public void wakeUp() {
      wokenUp.release();
      woken = true;
      LockSupport.unpark(waiting);
    }

    @Override
    public void checkpointCompleted(long checkpointId) {
      completed.set(checkpointId);
    }

    @Override
    public void close() {}
  }
}
