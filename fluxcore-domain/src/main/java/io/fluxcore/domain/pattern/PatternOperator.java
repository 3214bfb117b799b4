package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
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
import java.util.Arrays;
import java.util.BitSet;
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
  private final Schema events;
  private final int[] eventOrdinals;
  private final int[] keyOrdinals;
  private final List<DataType> keyTypes;
  private final StateLayout layout;
  private final RuleSet rules;
  private final CurrentEvent current;
  private final AlertRows alerts;
  private final AlertRows timeouts;
  private final MatchCounts counts = new MatchCounts();
  private final Listener listener = new Listener();
  private final Deadlines.Batch newDeadlines = new Deadlines.Batch();
  private final ArrayDeque<Deadlines.Block> due = new ArrayDeque<>();
  private final BitSet failedRows = new BitSet();
  private final HashSetOfLongs chosenKeys = new HashSetOfLongs();

  private OperatorContext context;
  private SlotTable table;
  private Deadlines deadlines;
  private MatchLimits limits;
  private long watermark = Long.MIN_VALUE;
  private long clock = Long.MIN_VALUE;

  // the rows or keys that are under way
  private @Nullable EventBatch batch;
  private Column[] keys = new Column[0];
  private int[] rows = new int[0];
  private long[] hashes = new long[0];
  private int[] slots = new int[0];
  private int count;
  private int next;
  private boolean working;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  PatternOperator(PatternMatching matching, Schema input, ExpressionContext expressions) {
    this.matching = matching;
    this.eventTime = matching.time() != TimeCharacteristic.PROCESSING;
    this.events = events(matching, input);
    this.eventOrdinals = events.fieldNames().stream().mapToInt(input::ordinal).toArray();
    this.keyOrdinals = matching.keyOrdinals(events);
    this.keyTypes = matching.key().stream().map(f -> input.type(input.ordinal(f))).toList();
    RowFormat format = new RowFormat(events);
    Schema output = matching.output(events, expressions);
    this.layout =
        new StateLayout(STATE, keyTypes, new long[0], List.of(new KeyMatchesSerializer(events)));
    this.rules = new RuleSet(matching.rules(), format, expressions);
    this.current = new CurrentEvent(format);
    this.alerts = new AlertRows(matching, output, format);
    this.timeouts = new AlertRows(matching, output, format);
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
    deadlines = new Deadlines(newContext.state(), keyTypes);
    limits = new MatchLimits(newContext.operatorId(), matching.limits());
  }

  // --- Calls of the host ------------------------------------------------------------------------

  @Override
  public void process(int input, EventBatch arrived, Output out) {
    EventBatch timed = eventTime ? EventTimes.usable(arrived, context.failures()) : arrived;
    if (timed.isEmpty()) {
      return;
    }
    EventBatch usable = timed.withColumns(events, EventTimes.columns(timed, eventOrdinals));
    failedRows.clear();
    rules.evaluate(usable, (row, error) -> fail(usable, row, error));
    choose(usable);
    if (count == 0) {
      context.state().commit();
      return;
    }
    batch = usable;
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
      while (next < count) {
        if (alerts.size() + timeouts.size() >= EventBatch.TARGET_ROWS) {
          flushAlerts(out);
          if (!out.hasCapacity()) {
            return;
          }
        }
        EventBatch rowsOf = batch;
        if (rowsOf == null) {
          end(next++);
        } else {
          row(rowsOf, next++);
        }
      }
      finish();
      Deadlines.Block block = due.poll();
      if (block == null) {
        working = false;
      } else {
        load(block);
      }
    }
    flushAlerts(out);
  }

  private void start(Output out) {
    next = 0;
    working = true;
    resume(out);
  }

  private void flushAlerts(Output out) {
    alerts.flush(Output.MAIN, out);
    timeouts.flush(PatternMatching.TIMEOUT_PORT, out);
  }

  // --- Rows -------------------------------------------------------------------------------------

  /**
   * Puts the rows that must be looked at into {@code rows}, with the slots of their keys: those for
   * which something may happen, and those behind them of the same keys.
   */
  private void choose(EventBatch usable) {
    int size = usable.size();
    reserve(size);
    keys = EventTimes.columns(usable, keyOrdinals);
    for (int i = 0; i < size; i++) {
      rows[i] = usable.row(i);
    }
    layout.hashes(keys, rows, size, hashes);
    if (table.size() == 0) {
      Arrays.fill(slots, 0, size, -1);
    } else {
      table.find(keys, hashes, rows, size, slots);
    }
    @Nullable Object[] objects = table.objects(0);
    boolean isNew = false;
    count = 0;
    chosenKeys.clear(size);
    for (int i = 0; i < size; i++) {
      int slot = slots[i];
      boolean chosen =
          chosenKeys.contains(hashes[i])
              || (slot < 0
                  ? rules.mayBegin(rows[i])
                  : rules.isTouched(rows[i]) || isAlert((KeyMatches) objects[slot]));
      if (chosen) {
        chosenKeys.add(hashes[i]);
        rows[count] = rows[i];
        hashes[count] = hashes[i];
        slots[count++] = slot;
        isNew |= slot < 0;
      }
    }
    if (isNew) {
      table.resolve(keys, hashes, rows, count, slots);
    }
  }

  private static boolean isAlert(@Nullable KeyMatches key) {
    if (key == null) {
      return true;
    }
    for (int i = 0; i < key.rules.size(); i++) {
      if (key.rules.get(i).alert) {
        return true;
      }
    }
    return false;
  }

  private void reserve(int size) {
    if (rows.length < size) {
      int length = Math.max(size, EventBatch.TARGET_ROWS);
      rows = new int[length];
      hashes = new long[length];
      slots = new int[length];
    }
  }

  private void row(EventBatch rowsOf, int position) {
    int row = rows[position];
    @Nullable Object[] objects = table.objects(0);
    KeyMatches key = (KeyMatches) objects[slots[position]];
    if (key == null) {
      key = new KeyMatches();
      objects[slots[position]] = key;
    }
    long time = eventTime ? rowsOf.timestamps()[row] : clock;
    current.moveTo(rowsOf, row, time, key.sequence++);
    listener.at(row);
    KeyMatches ofRow = key;
    rules.visit(row, key, (rule, bits) -> show(rowsOf, row, ofRow, rules.runner(rule), bits));
    key.tidy();
    register(key, row, hashes[position]);
  }

  private void show(
      EventBatch rowsOf, int row, KeyMatches key, RuleRunner runner, long trueConditions) {
    RuleMatches matches = key.find(runner.fingerprint);
    if (matches == null) {
      if (!runner.matcher.mayBegin(trueConditions)) {
        return;
      }
      matches = new RuleMatches(runner.fingerprint);
      key.rules.add(matches);
    }
    int before = matches.size();
    listener.of(runner);
    RecordException failure = runner.matcher.process(matches, current, trueConditions, listener);
    limits.changed(matches.size() - before);
    long dropped = limits.hold(key, matches, runner.matcher);
    limits.changed(-dropped);
    counts.dropped += dropped;
    if (failure != null) {
      fail(rowsOf, row, failure);
    }
  }

  private void register(KeyMatches key, int row, long hash) {
    long deadline = key.deadline();
    if (deadline < key.registered) {
      key.registered = deadline;
      newDeadlines.add(row, hash, deadline);
    }
  }

  private void finish() {
    @Nullable Object[] objects = table.objects(0);
    for (int i = 0; i < count; i++) {
      int slot = slots[i];
      if (slot >= 0
          && table.isLive(slot)
          && (!(objects[slot] instanceof KeyMatches key) || key.rules.isEmpty())) {
        table.remove(slot);
      }
    }
    count = 0;
    next = 0;
    batch = null;
    newDeadlines.register(deadlines, keys);
    context.state().commit();
  }

  /** A row is counted as failed once, however many rules could not judge it. */
  private void fail(EventBatch rowsOf, int row, RecordException error) {
    if (!failedRows.get(row)) {
      failedRows.set(row);
      context.failures().failed(rowsOf, row, error);
    }
  }

  // --- Time -------------------------------------------------------------------------------------

  private long now() {
    return eventTime ? watermark : clock;
  }

  private void end(Output out) {
    if (deadlines.first() > now()) {
      return;
    }
    deadlines.due(now(), due);
    context.state().commit();
    count = 0;
    start(out);
  }

  private void load(Deadlines.Block block) {
    keys = block.keys();
    count = block.count();
    reserve(count);
    System.arraycopy(block.hashes(), 0, hashes, 0, count);
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    table.find(keys, hashes, rows, count, slots);
    failedRows.clear();
  }

  /** Ends what is over of a key. */
  private void end(int position) {
    int slot = slots[position];
    if (slot < 0 || !(table.objects(0)[slot] instanceof KeyMatches key)) {
      return;
    }
    key.registered = Long.MAX_VALUE;
    listener.at(rows[position]);
    for (RuleMatches matches : key.rules) {
      RuleRunner runner = rules.find(matches.fingerprint);
      int before = matches.size();
      if (runner == null) {
        matches.partials.clear();
        matches.completed = List.of();
        matches.deadline = Long.MAX_VALUE;
      } else {
        listener.of(runner);
        runner.matcher.advance(matches, now(), listener);
      }
      limits.changed(matches.size() - before);
    }
    key.tidy();
    register(key, rows[position], hashes[position]);
  }

  /** Makes rows of what matchers find. */
  private final class Listener implements MatchListener {
    private int keyRow;
    private @Nullable RuleRunner runner;

    void at(int row) {
      keyRow = row;
    }

    void of(RuleRunner newRunner) {
      runner = newRunner;
    }

    private RuleRunner runner() {
      if (runner == null) {
        throw new IllegalStateException("no rule is looked at");
      }
      return runner;
    }

    @Override
    public void matched(PartialMatch match, long time) {
      PatternMatcher matcher = runner().matcher;
      long end = matcher.isPending(match) ? matcher.deadline(match) : match.last.event.timestamp;
      counts.matches++;
      failed(alerts.add(keys, keyRow, runner(), match, end, time), time);
    }

    @Override
    public void timedOut(PartialMatch match, long time) {
      counts.timedOut++;
      failed(timeouts.add(keys, keyRow, runner(), match, time, time), time);
    }

    /** Where no row is looked at, the key stands for it: it came in and failed. */
    private void failed(@Nullable RecordException failure, long time) {
      if (failure == null) {
        return;
      }
      EventBatch rowsOf = batch;
      if (rowsOf != null) {
        fail(rowsOf, keyRow, failure);
      } else {
        Column[] key = new Column[keys.length];
        for (int k = 0; k < key.length; k++) {
          key[k] = keys[k].gather(new int[] {keyRow}, 1);
        }
        context.ledger().in(1, 0);
        context
            .failures()
            .failed(EventBatch.of(keySchema(), key, new long[] {time}, 1), 0, failure);
      }
    }
  }

  private Schema keySchema() {
    Schema.Builder schema = Schema.builder();
    for (int k = 0; k < keyTypes.size(); k++) {
      schema.field(matching.key().get(k), keyTypes.get(k));
    }
    return schema.build();
  }

  // --- Snapshots --------------------------------------------------------------------------------

  /** Conditions are code to the state: changed rules are told by their fingerprints. */
  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
    snapshot.entry(COUNTS, counts.write());
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    if (context.subtask() == 0) { // the sum of all, since their number may have changed
      snapshot.entries(COUNTS).forEach(counts::add);
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
            new StateReading.StateSize("matches.dropped", "pattern", counts.dropped, 0, 0, 0)),
        table.size(),
        counts.timedOut,
        0,
        List.of());
  }
}
