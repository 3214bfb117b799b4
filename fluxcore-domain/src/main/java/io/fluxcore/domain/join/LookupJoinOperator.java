package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.LookupReading;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.window.EventTimes;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Has rows wait for the answers of a table outside, and hands them on with what was found.
 *
 * <p>A row whose answer is remembered passes at once, unless the order is kept and another one
 * waits. All others are in {@link #waiting}, in the order in which they came, until they have left;
 * the first of them that has not tells which watermarks may go on. Where the order is not kept,
 * rows leave when their call completes, and are taken off {@link #waiting} when those before them
 * have left too.
 */
final class LookupJoinOperator implements Operator {
  /** More rows than this are not asked for while the first of them wait. */
  private static final int MOST_WAITING = 16_384;

  private final LookupJoin join;
  private final Lookup lookup;
  private final int[] keyOrdinals;
  private final boolean ordered;
  private final WaitingRows saved;
  private final LookupOutput output;
  private final Deque<WaitingRow> waiting = new ArrayDeque<>();
  private final Deque<HeldWatermark> held = new ArrayDeque<>();

  private OperatorContext context;
  private LookupReader reader;
  private LookupAnswers answers;
  private long nextNumber;
  private long passedWatermark = Long.MIN_VALUE;

  /** Whether rows have their answers and could not leave for lack of capacity. */
  private boolean stopped;

  /** Whether rows that a restore brought have not been asked for. */
  private boolean restored;

  /** A watermark that came after the rows below a number. */
  private record HeldWatermark(long number, long time) {}

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  LookupJoinOperator(LookupJoin join, Lookup lookup) {
    this.join = join;
    this.lookup = lookup;
    this.ordered = join.calls().ordered();
    Schema rows = join.fields().left();
    this.keyOrdinals = join.keys().stream().mapToInt(rows::ordinal).toArray();
    this.saved = new WaitingRows(rows, keyOrdinals);
    this.output = new LookupOutput(join.fields());
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    saved.open(newContext.state());
    reader = lookup.createReader(newContext.operatorId(), newContext.subtask());
    answers =
        new LookupAnswers(join, reader, LookupJoin.asked(join.fields()), newContext, this::leave);
  }

  @Override
  public void process(int input, EventBatch given, Output out) {
    EventBatch batch = JoinInput.insertions(given, context.failures());
    Column[] keys = EventTimes.columns(batch, keyOrdinals);
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      LookupKey key = JoinInput.isNull(keys, row) ? null : LookupKey.of(keys, row);
      Found found = key == null ? Found.ABSENT : answers.known(key);
      boolean passes = found != null && !stopped && (!ordered || waiting.isEmpty());
      if (passes && found != null) {
        hand(batch, row, found, 1, out);
        stopped = output.isFull() && !passOn(out);
      } else {
        await(batch, row, key, found);
      }
    }
    answers.dispatch();
    output.flush(out);
    stopped = stopped && !waiting.isEmpty();
  }

  private void await(EventBatch batch, int row, @Nullable LookupKey key, @Nullable Found found) {
    WaitingRow newest = new WaitingRow(batch, row, nextNumber++);
    newest.found = found;
    waiting.add(newest);
    if (found == null && key != null) {
      answers.await(key, newest);
    }
  }

  /** Emits a full batch; whether there is capacity for another one. */
  private boolean passOn(Output out) {
    output.flush(out);
    return out.hasCapacity();
  }

  /** A row with all that was found for it. */
  private void hand(EventBatch batch, int row, Found found, int attempts, Output out) {
    if (found.error() != null) {
      context.failures().failed(batch, row, found.error(), attempts);
    } else if (!found.rows().isEmpty()) {
      for (@Nullable Object[] match : found.rows()) {
        if (output.isFull()) {
          output.flush(out);
        }
        output.add(batch, row, match);
      }
    } else if (join.type() == JoinType.LEFT) {
      output.add(batch, row, null);
    } else {
      context.ledger().filtered(1);
    }
  }

  /** Hands on the rows whose turn it is and whose answer is known. */
  private void leave(Output out) {
    stopped = false;
    if (ordered) {
      leaveInOrder(out);
    } else {
      leaveAsKnown(out);
    }
    output.flush(out);
    passWatermarks();
  }

  private void leaveInOrder(Output out) {
    WaitingRow first = waiting.peek();
    while (first != null && first.found != null) {
      if (stopped) {
        return;
      }
      waiting.remove();
      hand(first.batch, first.row, first.found, first.attempts, out);
      stopped = output.isFull() && !passOn(out);
      first = waiting.peek();
    }
    stopped = false;
  }

  private void leaveAsKnown(Output out) {
    for (WaitingRow row : waiting) {
      if (row.found != null && !row.left) {
        if (stopped) {
          break;
        }
        row.left = true;
        hand(row.batch, row.row, row.found, row.attempts, out);
        stopped = output.isFull() && !passOn(out);
      }
    }
    while (!waiting.isEmpty() && waiting.element().left) {
      waiting.remove();
    }
    stopped = stopped && waiting.stream().anyMatch(row -> row.found != null && !row.left);
  }

  @Override
  public boolean hasMore() {
    return stopped;
  }

  @Override
  public void resume(Output out) {
    leave(out);
  }

  @Override
  public boolean awaitsCalls() {
    return !waiting.isEmpty();
  }

  @Override
  public boolean isSaturated() {
    return answers.hasUnasked() || waiting.size() >= MOST_WAITING;
  }

  // Time

  @Override
  public void processingTime(long nowMillis, Output out) {
    answers.processingTime(nowMillis);
    if (restored) {
      restored = false;
      answers.dispatch();
      leave(out);
    }
  }

  @Override
  public void watermark(long watermark, Output out) {
    if (waiting.isEmpty()) {
      passedWatermark = watermark;
    } else {
      held.add(new HeldWatermark(nextNumber, watermark));
    }
  }

  private void passWatermarks() {
    WaitingRow first = waiting.peek();
    while (!held.isEmpty() && (first == null || held.element().number() <= first.number)) {
      passedWatermark = held.remove().time();
    }
  }

  @Override
  public long heldWatermark() {
    return waiting.isEmpty() ? Long.MAX_VALUE : passedWatermark;
  }

  // State

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    saved.write(waiting.stream().filter(row -> !row.left).toList(), context.state());
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    EventBatch batch = saved.read(context.state());
    if (batch == null) {
      return;
    }
    restored = true;
    Column[] keys = EventTimes.columns(batch, keyOrdinals);
    for (int row = 0; row < batch.rowCount(); row++) {
      boolean isNull = JoinInput.isNull(keys, row);
      await(batch, row, isNull ? null : LookupKey.of(keys, row), isNull ? Found.ABSENT : null);
    }
  }

  @Override
  public String stateMeaning() {
    return "rows that wait for a lookup by " + String.join(", ", join.keys());
  }

  @Override
  public LookupReading lookups() {
    return answers.reading(waiting.size());
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
