package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.StateReading;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.EventTimes;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PatternMatching}. Conditions on the event alone are evaluated for a whole batch. Of
 * its rows only those are looked at one by one that may begin a match, or whose key has partial
 * matches that the row may concern; the keys of these are resolved together.
 *
 * <p>All that a key has is one object of a slot. When the earliest of its partial matches is over
 * is registered in {@link Deadlines}, so that a watermark finds the keys for which something ends
 * without another event.
 */
final class PatternOperator implements Operator {
  private static final String STATE = "matches";
  private static final String COUNTS = "match-counts";

  private final PatternMatching matching;
  private final boolean eventTime;
  private final boolean hasTimeouts;
  private final Schema events;
  private final int[] eventOrdinals;
  private final int[] keyOrdinals;
  private final Schema keySchema;
  private final Schema alerts;
  private final RowFormat format;
  private final StateLayout layout;
  private final RuleSet rules;
  private final CurrentEvent current;
  private final ChosenRows chosen;
  private final Deadlines.Batch newDeadlines = new Deadlines.Batch();
  private final ArrayDeque<Deadlines.Block> due = new ArrayDeque<>();

  private OperatorContext context;
  private SlotTable table;
  private Deadlines deadlines;
  private MatchLimits limits;
  private MatchOutput output;
  private long watermark = Long.MIN_VALUE;
  private long clock = Long.MIN_VALUE;

  // the rows that are under way; without a batch, keys for which time goes on
  private @Nullable EventBatch batch;
  private int next;
  private boolean working;

  /**
   * An operator for one subtask.
   *
   * @param hasTimeouts whether anybody reads the port of time-outs
   */
  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  PatternOperator(
      PatternMatching matching, Schema input, ExpressionContext expressions, boolean hasTimeouts) {
    this.matching = matching;
    this.eventTime = matching.time() != TimeCharacteristic.PROCESSING;
    this.hasTimeouts = hasTimeouts;
    this.events = events(matching, input);
    this.eventOrdinals = events.fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.keyOrdinals = matching.keyOrdinals(events);
    this.keySchema =
        Schema.of(matching.key().stream().map(f -> input.field(input.ordinal(f))).toList());
    this.alerts = matching.output(events, expressions);
    this.format = new RowFormat(events);
    List<DataType> keyTypes =
        matching.key().stream().map(f -> input.type(input.ordinal(f))).toList();
    this.layout =
        new StateLayout(STATE, keyTypes, new long[0], List.of(new KeyMatchesSerializer(events)));
    this.rules = new RuleSet(matching.rules(), format, expressions);
    this.current = new CurrentEvent(format);
    this.chosen = new ChosenRows(layout);
  }

  /** What matches keep: all fields where code may look at them, or alerts have them. */
  private static Schema events(PatternMatching matching, Schema input) {
    boolean all =
        matching.eventFields().isEmpty()
            || matching.rules().stream().anyMatch(rule -> !rule.pattern().isPortable());
    Set<String> used = matching.usedFields();
    return all
        ? input
        : Schema.of(input.fields().stream().filter(f -> used.contains(f.name())).toList());
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    table = newContext.state().tables(layout).table(0);
    deadlines = new Deadlines(newContext.state(), layout.keyTypes());
    limits = new MatchLimits(newContext.operatorId(), matching.limits());
    output =
        new MatchOutput(
            newContext,
            keySchema,
            new AlertRows(matching, alerts, format),
            new AlertRows(matching, alerts, format),
            hasTimeouts);
  }

  // --- Calls of the host ------------------------------------------------------------------------

  @Override
  public void process(int input, EventBatch arrived, Output out) {
    EventBatch timed = eventTime ? EventTimes.usable(arrived, context.failures()) : arrived;
    if (timed.isEmpty()) {
      return;
    }
    EventBatch rows = timed.withColumns(events, EventTimes.columns(timed, eventOrdinals));
    output.begin(rows, EventTimes.columns(rows, keyOrdinals));
    rules.evaluate(rows, output::fail);
    chosen.choose(rows, EventTimes.columns(rows, keyOrdinals), table, rules);
    if (chosen.count == 0) {
      context.state().commit();
      return;
    }
    batch = rows;
    start(out);
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    if (newWatermark > watermark) {
      watermark = newWatermark;
      if (eventTime) {
        end(out);
      }
    }
  }

  @Override
  public void processingTime(long nowMillis, Output out) {
    clock = nowMillis;
    if (!eventTime) {
      end(out);
    }
  }

  @Override
  public boolean hasMore() {
    return working;
  }

  @Override
  public void resume(Output out) {
    while (working) {
      while (next < chosen.count) {
        if (output.isFull()) {
          output.flush(out);
          if (!out.hasCapacity()) {
            return;
          }
        }
        EventBatch rows = batch;
        if (rows == null) {
          end(next++);
        } else {
          row(rows, next++);
        }
      }
      finish();
    }
    output.flush(out);
  }

  private void start(Output out) {
    next = 0;
    working = true;
    resume(out);
  }

  /** Leaves the rows or keys that are done, and goes on with the next keys that are due. */
  private void finish() {
    chosen.forgetEmpty(table);
    next = 0;
    batch = null;
    newDeadlines.register(deadlines, chosen.keys);
    context.state().commit();
    Deadlines.Block block = due.poll();
    if (block == null) {
      working = false;
    } else {
      chosen.load(block, table);
      output.begin(null, chosen.keys);
    }
  }

  // --- Rows -------------------------------------------------------------------------------------

  private void row(EventBatch rows, int position) {
    int row = chosen.rows[position];
    int slot = chosen.slots[position];
    @Nullable Object[] objects = table.objects(0);
    KeyMatches key = objects[slot] instanceof KeyMatches known ? known : new KeyMatches();
    objects[slot] = key;
    long time = eventTime ? rows.timestamps()[row] : clock;
    current.moveTo(rows, row, time, key.sequence++);
    output.at(row);
    rules.visit(row, key, (rule, bits) -> show(row, key, rules.runner(rule), bits));
    key.tidy();
    register(key, position);
  }

  private void show(int row, KeyMatches key, RuleRunner runner, long trueConditions) {
    RuleMatches matches = key.find(runner.fingerprint);
    if (matches == null) {
      if (!runner.matcher.mayBegin(trueConditions)) {
        return;
      }
      matches = new RuleMatches(runner.fingerprint);
      key.rules.add(matches);
    }
    int before = matches.size();
    output.of(runner);
    RecordException failure = runner.matcher.process(matches, current, trueConditions, output);
    limits.changed(matches.size() - before);
    long dropped = limits.hold(key, matches, runner.matcher);
    limits.changed(-dropped);
    output.counts.dropped += dropped;
    if (failure != null) {
      output.fail(row, failure);
    }
  }

  private void register(KeyMatches key, int position) {
    long deadline = key.deadline();
    if (deadline < key.registered) {
      key.registered = deadline;
      newDeadlines.add(chosen.rows[position], chosen.hashes[position], deadline);
    }
  }

  // --- Time -------------------------------------------------------------------------------------

  private long now() {
    return eventTime ? watermark : clock;
  }

  private void end(Output out) {
    if (deadlines.first() <= now()) {
      deadlines.due(now(), due);
      context.state().commit();
      chosen.clear();
      start(out);
    }
  }

  /** Ends what is over of a key. */
  private void end(int position) {
    int slot = chosen.slots[position];
    if (slot < 0 || !(table.objects(0)[slot] instanceof KeyMatches key)) {
      return;
    }
    key.registered = Long.MAX_VALUE;
    output.at(chosen.rows[position]);
    for (RuleMatches matches : key.rules) {
      RuleRunner runner = rules.find(matches.fingerprint);
      if (runner != null) {
        int before = matches.size();
        output.of(runner);
        runner.matcher.advance(matches, now(), output);
        limits.changed(matches.size() - before);
      }
    }
    key.tidy();
    register(key, position);
  }

  // --- Snapshots --------------------------------------------------------------------------------

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
    snapshot.entry(COUNTS, output.counts.write());
  }

  /** Partial matches of rules that are gone, or are others now, are left behind. */
  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    if (context.subtask() == 0) { // the sum of all, since their number may have changed
      snapshot.entries(COUNTS).forEach(output.counts::add);
    }
    int[] block = new int[EventBatch.TARGET_ROWS];
    int[] changed = new int[block.length];
    SlotWalk walk = new SlotWalk(table);
    for (int found = walk.next(block); found > 0; found = walk.next(block)) {
      int changedCount = 0;
      for (int i = 0; i < found; i++) {
        if (table.objects(0)[block[i]] instanceof KeyMatches key) {
          if (key.rules.removeIf(matches -> rules.find(matches.fingerprint) == null)) {
            changed[changedCount++] = block[i];
          }
          limits.changed(key.size());
        }
      }
      table.changed(changed, changedCount);
      for (int i = 0; i < changedCount; i++) {
        if (table.objects(0)[changed[i]] instanceof KeyMatches key && key.rules.isEmpty()) {
          table.remove(changed[i]);
        }
      }
    }
    context.state().commit();
  }

  // --- Readings ---------------------------------------------------------------------------------

  @Override
  public WindowReading windows() {
    return new WindowReading(!eventTime, watermark, limits.total(), deadlines.first());
  }

  @Override
  public StateReading state() {
    return new StateReading(
        List.of(
            new StateReading.StateSize(
                STATE, "pattern", limits.total(), context.state().estimatedBytes(), 0, 0),
            new StateReading.StateSize(
                "matches.dropped", "pattern", output.counts.dropped, 0, 0, 0)),
        table.size(),
        output.counts.timedOut,
        0,
        List.of());
  }
}
