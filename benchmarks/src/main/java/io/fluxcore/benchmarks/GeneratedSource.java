package io.fluxcore.benchmarks;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A source of generated events with one split per reader: split {@code s} of {@code p} emits the
 * indexes {@code s, s + p, s + 2p, …} below the number of events, in order; its position is how
 * many it has emitted.
 */
public final class GeneratedSource implements Source {
  private static final long PACE_NANOS = 100_000;

  private final Schema schema;
  private final long events;
  private final int splits;
  private final Supplier<RowGenerator> generators;

  public GeneratedSource(
      Schema schema, long events, int splits, Supplier<RowGenerator> generators) {
    this.schema = schema;
    this.events = events;
    this.splits = splits;
    this.generators = generators;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public boolean isBounded() {
    return true;
  }

  @Override
  public List<Split> discoverSplits() {
    return IntStream.range(0, splits).mapToObj(s -> new Split(Integer.toString(s))).toList();
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new Reader(context);
  }

  private final class Reader implements SourceReader {
    private final ReaderContext context;
    private final RowGenerator generator = generators.get();
    private @Nullable GeneratedColumns reused;
    private final Deque<Progress> assigned = new ArrayDeque<>();

    Reader(ReaderContext context) {
      this.context = context;
    }

    @Override
    public void assign(Split split, @Nullable SplitPosition position) {
      int number = Integer.parseInt(split.id());
      long count = number >= events ? 0 : (events - number + splits - 1) / splits;
      long from = position == null ? 0 : Long.parseLong(position.text());
      assigned.add(new Progress(split.id(), number, count, from));
    }

    @Override
    public Poll poll(Duration maxWait) {
      Progress split = assigned.poll();
      if (split == null) {
        return Poll.Nothing.INSTANCE;
      }
      if (split.emitted >= split.count) {
        return new Poll.EndOfSplit(split.id);
      }
      assigned.add(split);
      int rows = (int) Math.min(context.batchRows(), due(split, maxWait));
      if (rows <= 0) {
        return Poll.Nothing.INSTANCE;
      }
      GeneratedColumns columns = columns(rows);
      generator.fill(split.emitted * splits + split.number, splits, rows, columns);
      split.emitted += rows;
      generator.progress(split.number, split.emitted);
      EventBatch batch = columns.batch(rows);
      if (context.mayReuseArrays()) {
        batch = batch.asBorrowed();
      }
      return new Poll.Rows(split.id, batch, new SplitPosition(Long.toString(split.emitted)));
    }

    private GeneratedColumns columns(int rows) {
      if (!context.mayReuseArrays()) {
        return new GeneratedColumns(context.schema(), rows);
      }
      if (reused == null) {
        reused = new GeneratedColumns(context.schema(), context.batchRows());
      }
      return reused;
    }

    /** Events of a split that may be emitted now; waits for one when none may. */
    private long due(Progress split, Duration maxWait) {
      long left = split.count - split.emitted;
      long due = generator.due();
      if (due == Long.MAX_VALUE) {
        return left;
      }
      long ready = (due - split.number + splits - 1) / splits - split.emitted;
      if (ready <= 0) {
        LockSupport.parkNanos(Math.min(PACE_NANOS, maxWait.toNanos()));
      }
      return Math.min(left, ready);
    }

    @Override
    public void close() {}
  }

  /** How far a split has been emitted. */
  private static final class Progress {
    private final String id;
    private final int number;
    private final long count;
    private long emitted;

    Progress(String id, int number, long count, long emitted) {
      this.id = id;
      this.number = number;
      this.count = count;
      this.emitted = emitted;
    }
  }
}
