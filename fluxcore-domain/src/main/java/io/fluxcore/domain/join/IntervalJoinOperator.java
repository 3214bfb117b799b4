package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.window.EventTimes;
import io.fluxcore.domain.window.SliceGroups;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows of each input by part of time and key for as long as something may match them. The
 * namespace of a table is its part's start. New rows are matched with the kept ones of the other
 * input ({@link IntervalMatching}) and then kept themselves; watermarks drop and emit what is over
 * ({@link IntervalExpiry}).
 */
final class IntervalJoinOperator implements Operator {
  private final IntervalJoin join;
  private final JoinType type;
  private final JoinInput[] inputs;
  private final JoinOutput output;
  private final IntervalMatching matching;
  private final IntervalExpiry expiry;
  private final SliceGroups parts;

  private OperatorContext context;
  private StateBackend state;
  private long watermark = Long.MIN_VALUE;
  private int matchingInput;
  private boolean isMatching;
  private int[] late = new int[0];
  private int[] kept = new int[0];
  private long[] hashes = new long[0];

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  IntervalJoinOperator(IntervalJoin join, @Nullable CompiledPredicate condition) {
    this.join = join;
    this.type = join.join().type();
    this.inputs =
        new JoinInput[] {
          new JoinInput(join.join(), JoinType.LEFT_INPUT, true),
          new JoinInput(join.join(), JoinType.RIGHT_INPUT, true)
        };
    this.output = new JoinOutput(join.join(), condition, join.outputSchema());
    this.matching = new IntervalMatching(join, inputs, output);
    this.expiry = new IntervalExpiry(join, inputs, output);
    this.parts = new SliceGroups(join.parts());
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    state = newContext.state();
    for (JoinInput input : inputs) {
      input.open(state);
    }
    matching.open(newContext);
  }

  @Override
  public boolean keepsBatches() {
    return false; // rows are kept as bytes, and those of a borrowed batch copied when it stops
  }

  @Override
  public void process(int number, EventBatch arrived, Output out) {
    EventBatch batch =
        EventTimes.usable(JoinInput.insertions(arrived, context.failures()), context.failures());
    int[] rows = new int[batch.size()];
    int count = withoutLate(number, batch, rows, out);
    matchingInput = number;
    isMatching = true;
    matching.begin(number, batch, rows, count, watermark);
    resume(out);
    if (isMatching) {
      matching.hold();
    }
  }

  /** Puts the rows that may match something into an array; how many. */
  private int withoutLate(int number, EventBatch batch, int[] rows, Output out) {
    if (late.length < batch.size()) {
      late = new int[Math.max(batch.size(), EventBatch.TARGET_ROWS)];
    }
    Column[] keys = inputs[number].keys(batch);
    boolean mayBeNull = Arrays.stream(keys).anyMatch(key -> key.nulls() != null);
    long[] times = batch.timestamps();
    int count = 0;
    int lateCount = 0;
    int filtered = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (join.lateMatches() == null && join.lateness().isOver(times[row], watermark)) {
        late[lateCount++] = row;
      } else if (!mayBeNull || !JoinInput.isNull(keys, row)) {
        rows[count++] = row;
      } else if (type.givesUnmatched(number)) {
        single(number, batch, row, out);
      } else {
        filtered++;
      }
    }
    context.ledger().filtered(filtered);
    late(number, batch, lateCount, out);
    return count;
  }

  private void late(int number, EventBatch batch, int count, Output out) {
    if (count > 0) {
      context.ledger().late(count);
      out.emit(EquiJoin.latePort(number), batch.withSelection(Arrays.copyOf(late, count), count));
    }
  }

  private void single(int number, EventBatch batch, int row, Output out) {
    output.single(number, batch, row);
    if (output.areSinglesFull()) {
      output.flushSingles(out);
    }
  }

  @Override
  public boolean hasMore() {
    return isMatching || expiry.isUnderWay();
  }

  @Override
  public void resume(Output out) {
    if (isMatching) {
      if (!matching.run(out)) {
        return;
      }
      keep(out);
      isMatching = false;
      state.commit();
    } else if (expiry.isUnderWay() && expiry.run(out)) {
      state.commit();
    }
  }

  /** Keeps the new rows that something may still match. */
  private void keep(Output out) {
    EventBatch batch = matching.batch();
    long[] tags = matching.tags();
    long[] times = batch.timestamps();
    if (kept.length < matching.count()) {
      kept = new int[Math.max(matching.count(), EventBatch.TARGET_ROWS)];
      hashes = new long[kept.length];
    }
    int count = 0;
    int lateCount = 0;
    for (int i = 0; i < matching.count(); i++) {
      int row = matching.rows()[i];
      boolean hasResult = tags[row] == JoinInput.MATCHED;
      if (!hasResult
          && type.givesUnmatched(matchingInput)
          && join.isOver(matchingInput, times[row], watermark)) {
        single(matchingInput, batch, row, out);
        tags[row] = JoinInput.MATCHED;
        hasResult = true;
      }
      if (!join.isDropped(matchingInput, times[row], watermark)) {
        if (!hasResult || type.givesPairs() || matchingInput == JoinType.RIGHT_INPUT) {
          kept[count++] = row;
        }
      } else if (!hasResult && join.lateness().isOver(times[row], watermark)) {
        late[lateCount++] = row;
      }
    }
    output.flushSingles(out);
    late(matchingInput, batch, lateCount, out);
    JoinInput input = inputs[matchingInput];
    for (SliceGroups.Group part : parts.group(times, kept, count)) {
      input.hash(batch, part.rows, part.count, hashes);
      input.keep(batch, part.rows, hashes, part.count, tags, part.slice);
    }
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      expiry.start(watermark);
      resume(out);
    }
  }

  @Override
  public long heldWatermark() {
    long held = join.horizon(watermark);
    for (JoinInput input : inputs) {
      if (join.givesSingles(input.number())) {
        long first = expiry.firstWaiting(input);
        held = Math.min(held, first == Long.MAX_VALUE ? Long.MAX_VALUE : first - 1);
      }
    }
    return held;
  }

  /** Rows that wait to be given alone. */
  @Override
  public @Nullable WindowReading windows() {
    long pending = 0;
    long next = Long.MAX_VALUE;
    for (JoinInput input : inputs) {
      long first = expiry.firstWaiting(input);
      if (type.givesUnmatched(input.number()) && first != Long.MAX_VALUE) {
        pending++;
        next = Math.min(next, first + join.highest(input.number()) + join.lateness().millis());
      }
    }
    boolean waits = type.givesUnmatched(0) || type.givesUnmatched(1);
    return waits ? new WindowReading(false, watermark, pending, next) : null;
  }

  @Override
  public String stateMeaning() {
    return join.stateMeaning();
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
  }
}
