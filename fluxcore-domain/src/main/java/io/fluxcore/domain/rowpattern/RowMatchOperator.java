package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.StateReading;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.pattern.Deadlines;
import io.fluxcore.domain.pattern.RowFormat;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.EventTimes;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link RowMatching}. All that a key has is one object of a slot. When the time of its search
 * is over is registered in {@link Deadlines}, so that a watermark finds the keys for which it is;
 * the end of the input ends the searches of all keys.
 */
final class RowMatchOperator implements Operator {
  private static final String STATE = "row-pattern";
  private static final String GIVEN_UP = "row-pattern-given-up";

  private final RowMatching matching;
  private final ExpressionContext expressions;
  private final boolean eventTime;
  private final Schema held;
  private final int[] heldOrdinals;
  private final int[] keyOrdinals;
  private final List<DataType> keyTypes;
  private final Schema keySchema;
  private final Schema outputs;
  private final RowFormat format;
  private final RowPatternProgram program;
  private final BoundDefinitions definitions;
  private final RowMatcher matcher;
  private final boolean countsMatches;
  private final StateLayout layout;
  private final Deadlines.Batch newDeadlines = new Deadlines.Batch();
  private final Deque<Work> works = new ArrayDeque<>();

  private OperatorContext context;
  private SlotTable table;
  private Deadlines deadlines;
  private RowMatchOutput output;
  private long watermark = Long.MIN_VALUE;
  private long watermarkBefore = Long.MIN_VALUE;
  private long clock = Long.MIN_VALUE;
  private long heldRows;

  // the work that is under way
  private int[] slots = new int[0];
  private @Nullable EventBatch fields;
  private int next = -1;

  /**
   * Rows of keys that came, or keys for which time goes on.
   *
   * @param batch null where only time goes on
   * @param ended whether no row will come any more
   */
  private record Work(KeyChunk keys, @Nullable EventBatch batch, boolean ended) {}

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  RowMatchOperator(RowMatching matching, Schema input, ExpressionContext expressions) {
    this.matching = matching;
    this.expressions = expressions;
    this.eventTime = matching.time() != TimeCharacteristic.PROCESSING;
    this.held =
        Schema.of(
            input.fields().stream()
                .filter(field -> matching.heldFields().contains(field.name()))
                .toList());
    this.heldOrdinals = held.fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.keyOrdinals = matching.key().stream().mapToInt(input::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(input::type).toList();
    this.keySchema = Schema.of(Arrays.stream(keyOrdinals).mapToObj(input::field).toList());
    this.outputs = matching.output(input, expressions);
    this.format = new RowFormat(held);
    this.program = RowPatternCompiler.compile(matching.pattern());
    this.definitions = new BoundDefinitions(matching, program, format, expressions);
    int back = 0;
    int ahead = 0;
    for (BoundMatchExpression measure :
        RowMatchOutput.measures(matching, program.variables(), format, expressions)) {
      for (BoundTerm term : measure == null ? new BoundTerm[0] : measure.terms()) {
        back = Math.max(back, term.back());
        ahead = Math.max(ahead, term.ahead());
      }
    }
    this.matcher = new RowMatcher(matching, program, definitions, back, ahead);
    this.countsMatches = countsMatches(matching);
    this.layout =
        new StateLayout(
            STATE, keyTypes, new long[0], List.of(new PartitionRowsSerializer(held, program)));
  }

  /** Whether anybody looks at the numbers of matches. */
  private static boolean countsMatches(RowMatching matching) {
    return matching.definitions().values().stream().anyMatch(RowMatchOperator::readsNumber)
        || matching.outputs().stream()
            .anyMatch(out -> out instanceof RowMatching.Measure m && readsNumber(m.expression()));
  }

  private static boolean readsNumber(MatchExpression expression) {
    return expression.terms().values().stream()
        .anyMatch(
            term ->
                term instanceof MatchTerm.MatchNumber
                    || term.arguments().stream()
                        .anyMatch(a -> a.fields().contains(MatchTerm.MATCH_NUMBER)));
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    table = newContext.state().tables(layout).table(0);
    deadlines = new Deadlines(newContext.state(), keyTypes);
    output =
        new RowMatchOutput(
            matching, program.variables(), outputs, keySchema, format, expressions, newContext);
  }

  // --- Calls of the host ------------------------------------------------------------------------

  @Override
  public void process(int input, EventBatch arrived, Output out) {
    EventBatch batch = eventTime ? EventTimes.usable(arrived, context.failures()) : arrived;
    if (!batch.isEmpty()) {
      works.add(new Work(KeyChunk.of(batch, keyOrdinals), batch, false));
      resume(out);
    }
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    if (newWatermark > watermark) {
      watermarkBefore = watermark;
      watermark = newWatermark;
      if (eventTime) {
        timeGoesOn(newWatermark == Long.MAX_VALUE, out);
      }
    }
  }

  @Override
  public void processingTime(long nowMillis, Output out) {
    clock = nowMillis;
    if (!eventTime) {
      timeGoesOn(false, out);
    }
  }

  @Override
  public void endOfInput(Output out) {
    timeGoesOn(true, out);
  }

  private void timeGoesOn(boolean ended, Output out) {
    if (ended) {
      Column[] keys = KeyChunk.all(table, keyTypes);
      int count = table.size();
      for (int from = 0; from < count; from += EventBatch.TARGET_ROWS) {
        int to = Math.min(count, from + EventBatch.TARGET_ROWS);
        Column[] some = KeyChunk.gather(keys, IntStream.range(from, to).toArray(), to - from);
        works.add(new Work(KeyChunk.of(some, to - from), null, true));
      }
      context.state().commit();
    } else if (deadlines.first() <= now()) {
      ArrayDeque<Deadlines.Block> due = new ArrayDeque<>();
      deadlines.due(now(), due);
      context.state().commit();
      for (Deadlines.Block block : due) {
        works.add(new Work(KeyChunk.of(block.keys(), block.count()), null, false));
      }
    }
    resume(out);
  }

  private long now() {
    return eventTime ? watermark : clock;
  }

  @Override
  public boolean hasMore() {
    return !works.isEmpty();
  }

  @Override
  public void resume(Output out) {
    for (Work work = works.peek(); work != null; work = works.peek()) {
      if (next < 0) {
        begin(work);
      }
      while (next < work.keys().count()) {
        if (output.isFull()) {
          output.flush(out);
          if (!out.hasCapacity()) {
            return;
          }
        }
        look(work, next++);
      }
      finish(work);
    }
    output.flush(out);
  }

  private void begin(Work work) {
    KeyChunk keys = work.keys();
    slots = new int[keys.count()];
    if (work.batch() == null) {
      table.find(keys.columns(), keys.hashes(), keys.rows(), keys.count(), slots);
    } else {
      table.resolve(keys.columns(), keys.hashes(), keys.rows(), keys.count(), slots);
    }
    EventBatch batch = work.batch();
    fields = batch == null ? null : batch.withColumns(held, KeyChunk.columns(batch, heldOrdinals));
    output.begin(fields, keys.columns());
    next = 0;
  }

  private void finish(Work work) {
    for (int slot : slots) {
      if (slot >= 0
          && table.isLive(slot)
          && table.objects(0)[slot] instanceof PartitionRows rows
          && matcher.isForgotten(rows, countsMatches)) {
        table.remove(slot);
      }
    }
    newDeadlines.register(deadlines, work.keys().columns());
    context.state().commit();
    works.remove();
    next = -1;
  }

  // --- Rows -------------------------------------------------------------------------------------

  private void look(Work work, int position) {
    int slot = slots[position];
    if (slot < 0) {
      return;
    }
    @Nullable Object[] objects = table.objects(0);
    PartitionRows rows = objects[slot] instanceof PartitionRows known ? known : new PartitionRows();
    objects[slot] = rows;
    int row = work.keys().rows()[position];
    int before = rows.rows.size();
    EventBatch batch = fields;
    if (batch != null) {
      long time = eventTime ? batch.timestamps()[row] : clock;
      rows.rows.add(new HeldRow(time, format.encode(batch, row)));
      output.at(row, time);
    } else {
      rows.registered = work.ended() ? rows.registered : Long.MAX_VALUE;
      output.at(row, timeOf(rows, work.ended()));
    }
    matcher.advance(rows, now(), work.ended(), output);
    heldRows += rows.rows.size() - before;
    if (heldRows > matching.limits().total() && rows.searching) {
      int held = rows.rows.size();
      matcher.giveUp(rows, "rows that are held", heldRows, matching.limits().total(), output);
      matcher.advance(rows, now(), work.ended(), output);
      heldRows += rows.rows.size() - held;
    }
    output.reportFailure(definitions.takeFailure());
    register(rows, row, work.keys().hashes()[position]);
  }

  /** When is known what is known now: not before the last watermark, and not at the end of time. */
  private long timeOf(PartitionRows rows, boolean ended) {
    if (!ended) {
      return now();
    }
    long last = rows.rows.isEmpty() ? Long.MIN_VALUE : rows.row(rows.end() - 1).timestamp;
    long before = eventTime && watermark == Long.MAX_VALUE ? watermarkBefore + 1 : last;
    return Math.max(last, before);
  }

  private void register(PartitionRows rows, int row, long hash) {
    long deadline = matcher.deadline(rows);
    if (deadline < rows.registered) {
      rows.registered = deadline;
      newDeadlines.add(row, hash, deadline);
    }
  }

  // --- Snapshots --------------------------------------------------------------------------------

  @Override
  public String stateMeaning() {
    return matching.toString();
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
    snapshot.entry(GIVEN_UP, ByteBuffer.allocate(Long.BYTES).putLong(output.givenUp).array());
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    if (context.subtask() == 0) { // the sum of all, since their number may have changed
      snapshot
          .entries(GIVEN_UP)
          .forEach(entry -> output.givenUp += ByteBuffer.wrap(entry).getLong());
    }
    int[] block = new int[EventBatch.TARGET_ROWS];
    SlotWalk walk = new SlotWalk(table);
    for (int found = walk.next(block); found > 0; found = walk.next(block)) {
      for (int i = 0; i < found; i++) {
        if (table.objects(0)[block[i]] instanceof PartitionRows rows) {
          heldRows += rows.rows.size();
        }
      }
    }
    context.state().commit();
  }

  // --- Readings ---------------------------------------------------------------------------------

  @Override
  public WindowReading windows() {
    return new WindowReading(!eventTime, watermark, heldRows, deadlines.first());
  }

  @Override
  public StateReading state() {
    return new StateReading(
        List.of(
            new StateReading.StateSize(
                STATE, "row-pattern", heldRows, context.state().estimatedBytes(), 0, 0),
            new StateReading.StateSize("searches.dropped", "row-pattern", output.givenUp, 0, 0, 0)),
        table.size(),
        0,
        0,
        List.of());
  }
}
