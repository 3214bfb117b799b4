package io.fluxcore.domain.process;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.StateReading;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.transform.Collector;
import io.fluxcore.domain.transform.UserCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link KeyedProcess}: rows of a batch one after the other, timers in the order of their
 * times. A call of user code has effect as a whole or not at all. When the output has no capacity,
 * user code is not called until it has.
 *
 * <p>State is fetched for all keys of a batch at once, and written back at its end. What has
 * expired is removed between batches, a bounded number at a time, and before a snapshot all of it.
 *
 * <p>At the end of the input, timers in event time that are set fire; those that they set in turn
 * do not, since a timer that always sets the next one would have no end.
 */
final class KeyedProcessOperator implements Operator {
  private static final String COUNTERS = "state-counters";

  /** Elements that may be looked at between two batches, of each state. */
  private static final long LOOKS = 1024;

  private final KeyedProcess process;
  private final Schema keySchema;
  private final int[] keyOrdinals;
  private final List<DataType> keyTypes;
  private final EventCursor cursor = new EventCursor();
  private final StateClock clock = new StateClock();
  private final LargestKeys largest = new LargestKeys();
  private final Map<String, KeyedState> states = new LinkedHashMap<>();
  private final Map<String, StateDescriptor<?>> descriptors = new LinkedHashMap<>();
  private final List<PortRows> ports = new ArrayList<>();
  private final Map<String, PortRows> sideOutputs = new LinkedHashMap<>();
  private final int[] before;
  private final Context userContext = new Context();

  private OperatorContext context;
  private KeyedTimers eventTimers;
  private KeyedTimers processingTimers;
  private long watermark = Long.MIN_VALUE;
  private long firedTimers;
  private long failedTimers;

  /** What the last call left undone. */
  private Work work = Work.NONE;

  private @Nullable EventBatch batch;
  private @Nullable KeyChunk batchKeys;
  private int nextRow;

  private enum Work {
    NONE,
    ROWS,
    EVENT_TIMERS,
    PROCESSING_TIMERS
  }

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  KeyedProcessOperator(KeyedProcess process, Schema input) {
    this.process = process;
    this.keyOrdinals = process.keyFields().stream().mapToInt(input::ordinal).toArray();
    this.keySchema =
        Schema.of(process.keyFields().stream().map(f -> input.field(input.ordinal(f))).toList());
    this.keyTypes = process.keyFields().stream().map(f -> input.type(input.ordinal(f))).toList();
    ports.add(new PortRows(process.output()));
    process
        .sideOutputs()
        .forEach(
            (name, schema) -> {
              PortRows rows = new PortRows(schema);
              ports.add(rows);
              sideOutputs.put(name, rows);
            });
    this.before = new int[ports.size()];
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    StateScope scope = new StateScope(newContext.state(), keyTypes, clock, largest);
    for (StateDescriptor<?> descriptor : process.allStates()) {
      descriptors.put(descriptor.name(), descriptor);
      states.put(descriptor.name(), state(descriptor, scope));
    }
    eventTimers = new KeyedTimers("timers.event", newContext.state(), keyTypes);
    processingTimers = new KeyedTimers("timers.processing", newContext.state(), keyTypes);
  }

  private KeyedState state(StateDescriptor<?> descriptor, StateScope scope) {
    TimeToLive own =
        descriptor.timeToLive() == null ? process.timeToLive() : descriptor.timeToLive();
    TimeToLive life = own == null || own.isNever() ? null : own;
    if (descriptor instanceof StateDescriptor.OfValue<?> value) {
      return new CellState.OfValue<>(value, life, scope);
    }
    if (descriptor instanceof StateDescriptor.OfList<?> list) {
      return new ListEntries<>(list, life, scope);
    }
    if (descriptor instanceof StateDescriptor.OfMap<?, ?> map) {
      return new MapEntries<>(map, life, scope);
    }
    if (descriptor instanceof StateDescriptor.OfReduction<?> reduction) {
      return new CellState.OfReduction<>(reduction, life, scope);
    }
    return new CellState.OfAggregate<>(
        (StateDescriptor.OfAggregate<?, ?, ?>) descriptor, life, scope);
  }

  // --- Calls of the host ------------------------------------------------------------------------

  @Override
  public void process(int input, EventBatch newBatch, Output out) {
    batch = newBatch;
    batchKeys = KeyChunk.of(newBatch, keyOrdinals);
    nextRow = 0;
    work = Work.ROWS;
    resume(out);
  }

  @Override
  public void watermark(long newWatermark, Output out) {
    if (newWatermark <= watermark) {
      return; // after a restore the stage begins below what was reached
    }
    watermark = newWatermark;
    work = Work.EVENT_TIMERS;
    resume(out);
  }

  @Override
  public void processingTime(long nowMillis, Output out) {
    clock.processingTime(nowMillis);
    work = Work.PROCESSING_TIMERS;
    resume(out);
  }

  @Override
  public void flush(Output out) {
    expire(Long.MAX_VALUE);
  }

  @Override
  public void endOfInput(Output out) {
    expire(Long.MAX_VALUE);
  }

  @Override
  public boolean hasMore() {
    return work != Work.NONE;
  }

  @Override
  public void resume(Output out) {
    boolean done =
        switch (work) {
          case NONE -> true;
          case ROWS -> rows(out);
          case EVENT_TIMERS -> fire(eventTimers, watermark, true, out);
          case PROCESSING_TIMERS -> fire(processingTimers, clock.processingTime(), false, out);
        };
    if (done) {
      finish();
    }
  }

  private void finish() {
    Work finished = work;
    work = Work.NONE;
    batch = null;
    batchKeys = null;
    if (finished == Work.EVENT_TIMERS && watermark != Long.MAX_VALUE) {
      clock.eventTime(watermark);
    }
    expire(LOOKS);
  }

  private void expire(long looks) {
    states.values().forEach(state -> state.expire(looks));
    context.state().commit();
  }

  // --- Rows -------------------------------------------------------------------------------------

  /** Whether all rows of the batch are done. */
  private boolean rows(Output out) {
    EventBatch current = batch;
    KeyChunk keys = batchKeys;
    if (current == null || keys == null) {
      throw new IllegalStateException("there is no batch");
    }
    try {
      while (nextRow < keys.count() && !isFull()) {
        row(current, keys, nextRow++);
      }
    } finally {
      cursor.close();
    }
    endChunk(keys);
    context.state().commit();
    emit(out);
    boolean done = nextRow == keys.count();
    return done || (out.hasCapacity() && rows(out));
  }

  private boolean isFull() {
    for (PortRows port : ports) {
      if (port.size() >= EventBatch.TARGET_ROWS) {
        return true;
      }
    }
    return false;
  }

  private void emit(Output out) {
    for (int port = 0; port < ports.size(); port++) {
      ports.get(port).flush(port, out);
    }
  }

  private void endChunk(@Nullable KeyChunk keys) {
    states.values().forEach(KeyedState::endChunk);
    if (keys != null) {
      eventTimers.write(keys);
      processingTimers.write(keys);
    }
  }

  private void row(EventBatch current, KeyChunk keys, int position) {
    int row = keys.rows()[position];
    long time = current.timestamps()[row];
    clock.rowTime(time);
    ports.forEach(port -> port.begin(current, row));
    begin(keys, position, time);
    try {
      process.function().process(cursor.moveTo(current, row), userContext, ports.get(0));
      end(true);
    } catch (Exception e) {
      end(false);
      context.failures().failed(current, row, UserCode.error(context.operatorId(), e));
    } finally {
      clock.rowTime(EventBatch.NO_TIMESTAMP);
    }
  }

  // --- Calls of user code -----------------------------------------------------------------------

  private void begin(KeyChunk keys, int position, long time) {
    userContext.begin(keys, position, time);
    states.values().forEach(state -> state.begin(keys, position));
    for (int i = 0; i < before.length; i++) {
      before[i] = ports.get(i).size();
    }
  }

  private void end(boolean well) {
    try {
      if (well) {
        states.values().forEach(KeyedState::apply);
      } else {
        userContext.takeBack();
        for (int i = 0; i < before.length; i++) {
          ports.get(i).truncate(before[i]);
        }
      }
    } finally {
      states.values().forEach(KeyedState::end);
      ports.forEach(PortRows::end);
      userContext.end();
    }
  }

  // --- Timers -----------------------------------------------------------------------------------

  /** Whether all timers that are due have fired. */
  private boolean fire(KeyedTimers timers, long now, boolean isEventTime, Output out) {
    KeyChunk open = null;
    boolean any = false;
    while (true) {
      if (isFull()) {
        break;
      }
      KeyedTimers.Fired fired = timers.next(now);
      if (fired == null) {
        break;
      }
      any = true;
      if (open != null && open != fired.keys()) {
        states.values().forEach(KeyedState::endChunk);
      }
      open = fired.keys();
      timer(fired, isEventTime);
      write(fired.keys(), timers, now, isEventTime);
    }
    boolean paused = isFull();
    if (any) {
      timers.endChunk();
      endChunk(null);
      context.state().commit();
      emit(out);
    }
    return !paused || (out.hasCapacity() && fire(timers, now, isEventTime, out));
  }

  /** What onTimer has set is written at once, since it may be due before the next one. */
  private void write(KeyChunk keys, KeyedTimers timers, long now, boolean isEventTime) {
    if (isEventTime && now == Long.MAX_VALUE) {
      timers.takeBackSet();
    }
    eventTimers.write(keys);
    processingTimers.write(keys);
  }

  private void timer(KeyedTimers.Fired fired, boolean isEventTime) {
    if (isEventTime) {
      clock.eventTime(fired.time());
    }
    firedTimers++;
    ports.forEach(port -> port.begin(fired.time()));
    begin(fired.keys(), fired.position(), fired.time());
    Timer timer =
        new Timer(
            isEventTime ? TimeCharacteristic.EVENT : TimeCharacteristic.PROCESSING, fired.time());
    try {
      process.function().onTimer(timer, userContext, ports.get(0));
      end(true);
    } catch (Exception e) {
      end(false);
      failed(fired, e);
    }
  }

  /** A timer has no row: it is accounted as one, of its key and time, that came in and failed. */
  private void failed(KeyedTimers.Fired fired, Exception thrown) {
    failedTimers++;
    KeyChunk keys = fired.keys();
    Column[] key = KeyChunk.gather(keys.columns(), new int[] {keys.rows()[fired.position()]}, 1);
    EventBatch row = EventBatch.of(keySchema, key, new long[] {fired.time()}, 1);
    RecordException error = UserCode.error(context.operatorId(), thrown);
    context.ledger().in(1, 0);
    context.failures().failed(row, 0, error);
  }

  // --- Snapshots --------------------------------------------------------------------------------

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
    snapshot.entry(COUNTERS, StateCounters.write(this));
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    if (watermark != Long.MAX_VALUE) {
      clock.eventTime(watermark);
    }
    if (context.subtask() == 0) { // the sum of all, since their number may have changed
      for (byte[] entry : snapshot.entries(COUNTERS)) {
        StateCounters.addTo(this, entry);
      }
    }
    context.state().commit();
  }

  Collection<KeyedState> keyedStates() {
    return states.values();
  }

  @Nullable KeyedState keyedState(String name) {
    return states.get(name);
  }

  /** Event timers, processing timers, fired, failed. */
  long[] timerCounts() {
    return new long[] {
      eventTimers.pending(), processingTimers.pending(), firedTimers, failedTimers
    };
  }

  void addTimerCounts(long[] counts) {
    eventTimers.restorePending(eventTimers.pending() + counts[0]);
    processingTimers.restorePending(processingTimers.pending() + counts[1]);
    firedTimers += counts[2];
    failedTimers += counts[3];
  }

  // --- Readings ---------------------------------------------------------------------------------

  @Override
  public StateReading state() {
    List<StateReading.StateSize> sizes = new ArrayList<>();
    states.values().forEach(state -> sizes.add(state.meter.read()));
    return new StateReading(
        sizes,
        eventTimers.pending() + processingTimers.pending(),
        firedTimers,
        failedTimers,
        largest.read());
  }

  @Override
  public List<DataType> stateKeyTypes() {
    return keyTypes;
  }

  @Override
  public List<KeyState> queryState(Column[] key) {
    KeyChunk keys = KeyChunk.of(key, 1);
    List<KeyState> all = new ArrayList<>();
    states.values().forEach(state -> all.add(state.read(keys)));
    context.state().commit();
    return all;
  }

  /** What user code is given. */
  private final class Context implements ProcessContext {
    private @Nullable KeyChunk keys;
    private int position;
    private long timestamp;
    private int eventMark;
    private int processingMark;

    void begin(KeyChunk chunk, int newPosition, long time) {
      keys = chunk;
      position = newPosition;
      timestamp = time;
      eventMark = eventTimers.mark();
      processingMark = processingTimers.mark();
    }

    void takeBack() {
      eventTimers.takeBack(eventMark);
      processingTimers.takeBack(processingMark);
    }

    void end() {
      keys = null;
    }

    private KeyChunk keys() {
      if (keys == null) {
        throw new IllegalStateException("this context belongs to a call that has returned");
      }
      return keys;
    }

    @Override
    public List<@Nullable Object> key() {
      return keys().key(position);
    }

    @Override
    public @Nullable Object key(String field) {
      KeyChunk chunk = keys();
      int at = process.keyFields().indexOf(field);
      if (at < 0) {
        throw new IllegalArgumentException(
            "'" + field + "' is not in the key " + process.keyFields());
      }
      return chunk.columns()[at].get(chunk.rows()[position]);
    }

    @Override
    public long timestamp() {
      keys();
      return timestamp;
    }

    @Override
    public long watermark() {
      return watermark;
    }

    @Override
    public long processingTime() {
      return clock.processingTime();
    }

    @Override
    @SuppressWarnings("unchecked") // each kind of descriptor names the interface of its state
    public <S> S state(StateDescriptor<S> descriptor) {
      keys();
      StateDescriptor<?> declared = descriptors.get(descriptor.name());
      if (declared == null || !declared.getClass().equals(descriptor.getClass())) {
        throw new IllegalArgumentException(
            "there is no "
                + descriptor.kind()
                + " state '"
                + descriptor.name()
                + "'; declared are "
                + descriptors.keySet());
      }
      return (S) Objects.requireNonNull(states.get(descriptor.name()));
    }

    private void ask(KeyedTimers timers, long time, boolean set) {
      timers.ask(keys().rows()[position], time, set);
    }

    @Override
    public void setEventTimer(long timestampMillis) {
      ask(eventTimers, timestampMillis, true);
    }

    @Override
    public void setProcessingTimer(long timestampMillis) {
      ask(processingTimers, timestampMillis, true);
    }

    @Override
    public void deleteEventTimer(long timestampMillis) {
      ask(eventTimers, timestampMillis, false);
    }

    @Override
    public void deleteProcessingTimer(long timestampMillis) {
      ask(processingTimers, timestampMillis, false);
    }

    @Override
    public Collector output(String sideOutput) {
      keys();
      PortRows rows = sideOutputs.get(sideOutput);
      if (rows == null) {
        throw new IllegalArgumentException(
            "there is no side output '" + sideOutput + "'; declared are " + sideOutputs.keySet());
      }
      return rows;
    }
  }
}
