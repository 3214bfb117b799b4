package io.fluxcore.adapters.in.generator;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads its splits by turns, a batch at a time. The position of a split is the index of its next
 * event. A rate is kept on the average of at most a second: what a slow consumer did not take in
 * time beyond that is not made up for.
 */
final class GeneratorReader implements SourceReader {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final ReaderContext context;
  private final List<FieldGenerator> fields;
  private final EventTimes times;
  private final long rate;
  private final long count;
  private final int splits;
  private final Pace pace;
  private final ArrayDeque<Progress> turns = new ArrayDeque<>();
  private final ArrayDeque<Progress> held = new ArrayDeque<>();

  private boolean started;
  private long since;
  private long given;

  private static final class Progress {
    private final Split split;
    private long next;

    Progress(Split split, long next) {
      this.split = split;
      this.next = next;
    }
  }

  GeneratorReader(
      ReaderContext context,
      List<FieldGenerator> fields,
      EventTimes times,
      long rate,
      long count,
      int splits,
      Pace pace) {
    this.context = context;
    this.fields = fields;
    this.times = times;
    this.rate = rate;
    this.count = count;
    this.splits = splits;
    this.pace = pace;
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    try {
      long next = firstIndex(split.id());
      if (!split.id().equals(next + "/" + splits)) {
        throw new NumberFormatException("made for another number of splits");
      }
      if (position != null) {
        next = Long.parseLong(position.text());
      }
      turns.add(new Progress(split, next));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new FluxCoreException(
          io.fluxcore.domain.error.ErrorCategory.USER,
          List.of(
              io.fluxcore.domain.error.Diagnostic.error(
                  "FLX-GENERATOR-0002",
                  Place.of("splits"),
                  "split '"
                      + split.id()
                      + "' at '"
                      + (position == null ? "start" : position.text())
                      + "' is none of this generator with "
                      + splits
                      + " splits",
                  "keep the option splits as it was when the checkpoint was taken")),
          e);
    }
    started = false;
  }

  /**
   * The index of the first event of a split.
   *
   * @throws NumberFormatException if the id is none of a generator's
   * @throws IndexOutOfBoundsException if it is none
   */
  static long firstIndex(String split) {
    return Long.parseLong(split.substring(0, split.indexOf('/')));
  }

  @Override
  public boolean holdSplits(Set<String> splits) {
    turns.addAll(held);
    held.clear();
    for (int i = turns.size(); i > 0; i--) {
      Progress turn = turns.remove();
      (splits.contains(turn.split.id()) ? held : turns).add(turn);
    }
    started = false;
    return true;
  }

  @Override
  public Poll poll(Duration maxWait) {
    Progress turn = turns.poll();
    if (turn == null) {
      pace.await(TimeUnit.NANOSECONDS.convert(maxWait));
      return Poll.Nothing.INSTANCE;
    }
    if (turn.next >= count) {
      started = false;
      return new Poll.EndOfSplit(turn.split.id());
    }
    long due = rate == 0 ? context.batchRows() : due(TimeUnit.NANOSECONDS.convert(maxWait));
    turns.add(turn);
    if (due == 0) {
      return Poll.Nothing.INSTANCE;
    }
    long left = (count - turn.next + splits - 1) / splits;
    if (left < 0) {
      left = Long.MAX_VALUE;
    }
    int rows = (int) Math.min(Math.min(due, left), context.batchRows());
    given += rows;
    EventBatch batch = batch(turn.next, rows);
    turn.next += (long) rows * splits;
    return new Poll.Rows(turn.split.id(), batch, new SplitPosition(Long.toString(turn.next)));
  }

  /** Rows that may be given now, after waiting for a millisecond's worth of them if need be. */
  private long due(long maxWaitNanos) {
    double perNano = (double) rate * (turns.size() + 1) / splits / NANOS_PER_SECOND;
    long now = pace.nanoTime();
    if (!started) {
      started = true;
      since = now;
      given = 0;
    }
    if (now - since > NANOS_PER_SECOND) {
      double behind = (now - since) * perNano - given;
      double most = perNano * NANOS_PER_SECOND;
      since = now - (long) (Math.max(0, Math.min(behind, most)) / perNano);
      given = behind < 0 ? (long) Math.ceil(-behind) : 0;
    }
    long due = (long) ((now - since) * perNano) - given;
    long worthwhile = Math.max(1, Math.min(context.batchRows(), (long) (perNano * 1_000_000)));
    if (due < worthwhile) {
      long wait = (long) Math.ceil((worthwhile + given) / perNano) - (now - since);
      pace.await(Math.min(maxWaitNanos, Math.max(1, wait)));
      due = (long) ((pace.nanoTime() - since) * perNano) - given;
    }
    return Math.max(0, due);
  }

  private EventBatch batch(long first, int rows) {
    long[] indexes = new long[rows];
    long[] micros = new long[rows];
    long[] timestamps = new long[rows];
    boolean duplicates = times.hasDuplicates();
    for (int i = 0; i < rows; i++) {
      long index = first + (long) i * splits;
      indexes[i] = duplicates ? times.original(index) : index;
      micros[i] = times.micros(indexes[i]);
      timestamps[i] = Math.floorDiv(micros[i], 1000L);
    }
    Column[] columns = new Column[fields.size()];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = fields.get(c).column(indexes, micros, rows);
    }
    return EventBatch.of(context.schema(), columns, timestamps, rows)
        .withEnvelope(Envelope.ofSource(context.operatorId()));
  }

  @Override
  public void wakeUp() {
    pace.wake();
  }

  @Override
  public void close() {
    turns.clear();
  }
}
