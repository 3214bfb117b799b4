package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A replayable source of rows (time, key, value) that a test feeds split by split. */
final class FedSource implements Source {
  static final Schema SCHEMA =
      Schema.builder()
          .field("time", DataType.LONG)
          .field("key", DataType.LONG)
          .field("value", DataType.LONG)
          .build();

  private final Map<String, List<Object>> splits = new ConcurrentHashMap<>();
  private final List<String> order = new ArrayList<>();

  /** Whether batches are lent: their arrays are spoilt at the next poll. */
  boolean lending;

  /** Whether the rows carry the time as their own. */
  boolean stamping;

  /** Whether it goes on from the position of a checkpoint. */
  boolean replayable = true;

  /** So many readers cannot be made. */
  final AtomicInteger failing = new AtomicInteger();

  /** Whether it tells where its splits begin. */
  boolean seekable = true;

  private enum Mark {
    BAD,
    END
  }

  FedSource(String... names) {
    for (String name : names) {
      order.add(name);
      splits.put(name, new CopyOnWriteArrayList<>());
    }
  }

  /** One row. */
  FedSource feed(String split, long time, long key, long value) {
    splits.get(split).add(new long[] {time, key, value});
    return this;
  }

  /** A record that cannot be decoded. */
  void feedBad(String split) {
    splits.get(split).add(Mark.BAD);
  }

  void end() {
    splits.values().forEach(split -> split.add(Mark.END));
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public boolean isBounded() {
    return !order.isEmpty(); // ends when it is told to
  }

  @Override
  public boolean isReplayable() {
    return replayable;
  }

  @Override
  public @Nullable SplitSeeking seeking() {
    return seekable ? new Seeking() : null;
  }

  /** The position of a split is the number of its next record. */
  private static final class Seeking implements SplitSeeking {
    @Override
    public Set<SeekBy> by() {
      return Set.of(SeekBy.POSITION);
    }

    @Override
    public @Nullable SplitPosition earliest(Split split) {
      return null;
    }

    @Override
    public SplitPosition position(Split split, String text) {
      if (!text.matches("[0-9]+")) {
        throw new IllegalArgumentException("positions are numbers of records");
      }
      return new SplitPosition(text);
    }
  }

  @Override
  public List<Split> discoverSplits() {
    return order.stream().map(Split::new).toList();
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    if (failing.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new IllegalStateException("no reader, on purpose");
    }
    return new Reader(context.schema());
  }

  private final class Reader implements SourceReader {
    private final Schema schema;
    private final Deque<String> turn = new ArrayDeque<>();
    private final Map<String, Integer> next = new HashMap<>();
    private long @Nullable [][] lent;

    Reader(Schema schema) {
      this.schema = schema;
    }

    @Override
    public void assign(Split split, @Nullable SplitPosition position) {
      turn.add(split.id());
      next.put(split.id(), position == null ? 0 : Integer.parseInt(position.text()));
    }

    @Override
    public Poll poll(Duration maxWait) {
      if (lent != null) {
        for (long[] column : lent) {
          java.util.Arrays.fill(column, -77);
        }
        lent = null;
      }
      for (int i = turn.size(); i > 0; i--) {
        String split = turn.removeFirst();
        int from = next.get(split);
        List<Object> records = splits.get(split);
        int to = records.size();
        if (from < to && records.get(from) == Mark.END) {
          return new Poll.EndOfSplit(split);
        }
        turn.addLast(split);
        if (from < to) {
          return rows(split, from, to);
        }
      }
      LockSupport.parkNanos(Math.min(maxWait.toNanos(), 500_000));
      return Poll.Nothing.INSTANCE;
    }

    /** Three numbers in words: time, key and value. */
    @Override
    public Decoded decode(String split, byte[] record) {
      String text = new String(record, StandardCharsets.UTF_8);
      try {
        String[] words = text.split(" ");
        long[] row = new long[SCHEMA.size()];
        for (int i = 0; i < row.length; i++) {
          row[i] = Long.parseLong(words[i]);
        }
        return new Decoded(batch(List.of(row)), List.of());
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        return new Decoded(
            batch(List.of()), List.of(new BadRecord(record, split, "TEST-2", "not three numbers")));
      }
    }

    private Poll.Rows rows(String split, int from, int limit) {
      List<long[]> rows = new ArrayList<>();
      List<BadRecord> bad = new ArrayList<>();
      int to = from;
      for (; to < limit && splits.get(split).get(to) != Mark.END; to++) {
        Object one = splits.get(split).get(to);
        if (one instanceof long[] row) {
          rows.add(row);
        } else {
          bad.add(new BadRecord(new byte[] {1}, split + "@" + to, "TEST-1", "bad on purpose"));
        }
      }
      next.put(split, to);
      return new Poll.Rows(split, batch(rows), new SplitPosition(Integer.toString(to)), bad, 0);
    }

    private EventBatch batch(List<long[]> rows) {
      int count = rows.size();
      long[][] values = new long[schema.size()][count];
      long[] times = new long[count];
      Column[] columns = new Column[schema.size()];
      for (int c = 0; c < columns.length; c++) {
        int ordinal = SCHEMA.ordinal(schema.field(c).name());
        for (int i = 0; i < count; i++) {
          values[c][i] = rows.get(i)[ordinal];
          times[i] = stamping ? rows.get(i)[0] : EventBatch.NO_TIMESTAMP;
        }
        columns[c] = new LongColumn(count, values[c]);
      }
      EventBatch batch = EventBatch.of(schema, columns, times, count);
      if (lending) {
        lent = values;
        return batch.asBorrowed();
      }
      return batch;
    }

    @Override
    public void close() {}
  }
}
