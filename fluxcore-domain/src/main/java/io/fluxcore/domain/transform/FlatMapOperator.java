package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes any number of rows out of each by user code. They keep the time, unless the code says
 * another, the kind and the envelope of the row that they come from. A row for which the code
 * throws is failed, and what was made of it until then is taken back.
 *
 * <p>Rows leave in batches of {@link EventBatch#TARGET_ROWS}, and none is kept from one delivery to
 * the next. When the output has no capacity, user code is not called until it has; but what it
 * makes out of one row is held in memory as a whole.
 */
public final class FlatMapOperator extends TransformOperator {
  private final FlatMapFunction function;
  private final Schema output;
  private final EventCursor cursor = new EventCursor();

  /** Batches that are not done: an upstream operator may emit several in one call. */
  private final Deque<EventBatch> inputs = new ArrayDeque<>();

  /** The next selected row of the first of {@link #inputs}. */
  private int next;

  /** Rows that have been made and not been emitted. */
  private @Nullable EventBatch made;

  /** The first row of {@link #made} that has not been emitted. */
  private int madeFrom;

  /**
   * A flatMap by user code.
   *
   * @param output the fields of its rows
   */
  public FlatMapOperator(FlatMapFunction function, Schema output) {
    this.function = function;
    this.output = output;
  }

  public Schema outputSchema() {
    return output;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    boolean busy = hasMore();
    inputs.add(batch);
    if (inputs.size() == 1) {
      failures().begin(batch);
    }
    if (!busy) {
      resume(out);
    }
  }

  @Override
  public boolean hasMore() {
    return !inputs.isEmpty() || made != null;
  }

  @Override
  public void resume(Output out) {
    while (hasMore()) {
      EventBatch ready = made == null ? make() : made;
      if (!ready.isEmpty()) {
        emit(ready, out);
        if (!out.hasCapacity()) {
          return;
        }
      }
    }
  }

  /** Emits the next rows of those that have been made. */
  private void emit(EventBatch ready, Output out) {
    int from = madeFrom;
    int count = Math.min(EventBatch.TARGET_ROWS, ready.size() - from);
    boolean last = from + count == ready.size();
    made = last ? null : ready;
    madeFrom = last ? 0 : from + count;
    out.emit(count == ready.size() ? ready : slice(ready, from, count));
  }

  private static EventBatch slice(EventBatch batch, int from, int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = from + i;
    }
    return batch.gather(rows, count);
  }

  /** Has user code make rows of the first input, until there are enough or it has ended. */
  private EventBatch make() {
    EventBatch batch = inputs.getFirst();
    Rows rows = new Rows(batch);
    try {
      while (next < batch.size() && rows.count() < EventBatch.TARGET_ROWS) {
        rows.make(batch.row(next++));
      }
    } finally {
      cursor.close();
      rows.close();
    }
    if (next == batch.size()) {
      endInput();
    }
    return rows.build();
  }

  private void endInput() {
    inputs.removeFirst();
    next = 0;
    if (!inputs.isEmpty()) {
      failures().begin(inputs.getFirst());
    }
  }

  /** What user code makes of some rows of a batch, and the means by which it does. */
  private final class Rows implements Collector {
    private final EventBatch batch;
    private final DerivedRows derived;
    private int origin = -1;

    Rows(EventBatch batch) {
      this.batch = batch;
      this.derived = new DerivedRows(batch, output);
    }

    void make(int row) {
      int before = count();
      origin = row;
      for (int attempt = 1; ; attempt++) {
        try {
          function.flatMap(cursor.moveTo(batch, row), this);
          return;
        } catch (Exception e) {
          derived.writer().truncate(before);
          if (!failures().again(e, attempt)) {
            failures().failed(row, UserCode.error(operatorId(), e), attempt);
            return;
          }
        }
      }
    }

    int count() {
      return derived.writer().size();
    }

    void close() {
      origin = -1;
    }

    EventBatch build() {
      return derived.build(output);
    }

    private int origin() {
      if (origin < 0) {
        throw new IllegalStateException("this collector belongs to a call that has returned");
      }
      return origin;
    }

    @Override
    public void emit(Map<String, ? extends @Nullable Object> values) {
      int row = origin();
      derived.writer().add(values);
      derived.endRow(row);
    }

    @Override
    public void emit(@Nullable Object... values) {
      int row = origin();
      derived.writer().add(values);
      derived.endRow(row);
    }

    @Override
    public void emitAt(long timestampMillis, @Nullable Object... values) {
      int row = origin();
      derived.writer().add(values);
      derived.endRow(row, timestampMillis);
    }
  }
}
