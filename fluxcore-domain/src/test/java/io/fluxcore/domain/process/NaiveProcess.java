package io.fluxcore.domain.process;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.transform.Collector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a process function means, written as plainly as can be: everything of a key in maps, which
 * are copied before each call and put back when it throws. Each key has a clock of its own.
 */
final class NaiveProcess {
  /** An element and when it expires; {@link Long#MAX_VALUE} for never. */
  private static final class Held {
    final Object value;
    long deadline;

    Held(Object value, long deadline) {
      this.value = value;
      this.deadline = deadline;
    }
  }

  /** What there is of a key. */
  private static final class OfKey {
    List<@Nullable Object> key = List.of();
    Map<String, TreeMap<Long, Held>> states = new HashMap<>();
    Map<String, Map<Object, Long>> numbers = new HashMap<>();
    TreeSet<Long> eventTimers = new TreeSet<>();
    TreeSet<Long> processingTimers = new TreeSet<>();
    long eventClock = Long.MIN_VALUE;

    OfKey copy() {
      OfKey copy = new OfKey();
      copy.key = key;
      states.forEach(
          (name, held) -> {
            TreeMap<Long, Held> all = new TreeMap<>();
            held.forEach((n, h) -> all.put(n, new Held(h.value, h.deadline)));
            copy.states.put(name, all);
          });
      numbers.forEach((name, n) -> copy.numbers.put(name, new HashMap<>(n)));
      copy.eventTimers.addAll(eventTimers);
      copy.processingTimers.addAll(processingTimers);
      copy.eventClock = eventClock;
      return copy;
    }
  }

  private final KeyedProcess process;
  private final int[] keyOrdinals;
  private final Map<List<@Nullable Object>, OfKey> keys = new LinkedHashMap<>();
  final List<List<String>> outputs = List.of(new ArrayList<>(), new ArrayList<>());
  int failures;
  private long watermark = Long.MIN_VALUE;
  private long now = Long.MIN_VALUE;

  NaiveProcess(KeyedProcess process, int... keyOrdinals) {
    this.process = process;
    this.keyOrdinals = keyOrdinals;
  }

  NaiveProcess run(Script script) {
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        row(script, row);
      } else if (element instanceof Script.Watermark next && next.time() > watermark) {
        watermark(next.time());
      } else if (element instanceof Script.ProcessingTime time) {
        now = Math.max(now, time.millis());
        tick();
      }
    }
    if (script.isBounded()) {
      watermark(Long.MAX_VALUE);
    }
    return this;
  }

  private void row(Script script, Script.Row row) {
    List<@Nullable Object> key = new ArrayList<>();
    for (int ordinal : keyOrdinals) {
      key.add(row.values().get(ordinal));
    }
    OfKey of = keys.computeIfAbsent(key, k -> new OfKey());
    of.key = key;
    of.eventClock = Math.max(of.eventClock, watermark);
    EventBatchBuilder builder = new EventBatchBuilder(script.schema(row.input()), 1);
    builder.row(row.kind(), row.timestamp(), row.values().toArray());
    Event event = new EventCursor().moveTo(builder.build(), 0);
    call(
        key,
        row.timestamp(),
        row.timestamp(),
        (c, out) -> process.function().process(event, c, out));
  }

  private void watermark(long next) {
    long before = watermark;
    watermark = next;
    for (List<@Nullable Object> key : new ArrayList<>(keys.keySet())) {
      OfKey at = keys.get(key);
      at.eventClock = Math.max(at.eventClock, before);
      TreeSet<Long> last = new TreeSet<>(at.eventTimers);
      while (true) {
        OfKey of = keys.get(key);
        if (next == Long.MAX_VALUE) {
          of.eventTimers.retainAll(last);
        }
        Long due = of.eventTimers.isEmpty() ? null : of.eventTimers.first();
        if (due == null || due > next) {
          break;
        }
        of.eventTimers.remove(due);
        last.remove(due);
        of.eventClock = Math.max(of.eventClock, due);
        timer(key, new Timer(TimeCharacteristic.EVENT, due));
      }
    }
  }

  private void tick() {
    for (List<@Nullable Object> key : new ArrayList<>(keys.keySet())) {
      while (true) {
        OfKey of = keys.get(key);
        of.eventClock = Math.max(of.eventClock, watermark);
        Long due = of.processingTimers.isEmpty() ? null : of.processingTimers.first();
        if (due == null || due > now) {
          break;
        }
        of.processingTimers.remove(due);
        timer(key, new Timer(TimeCharacteristic.PROCESSING, due));
      }
    }
  }

  private void timer(List<@Nullable Object> key, Timer timer) {
    call(
        key,
        timer.timestampMillis(),
        EventBatch.NO_TIMESTAMP,
        (context, out) -> process.function().onTimer(timer, context, out));
  }

  private interface Call {
    void run(ProcessContext context, Collector out);
  }

  private void call(List<@Nullable Object> key, long timestamp, long rowTime, Call call) {
    OfKey backup = keys.get(key).copy();
    int[] sizes = outputs.stream().mapToInt(List::size).toArray();
    Context context = new Context(keys.get(key), timestamp, rowTime);
    try {
      call.run(context, context.collector(0));
    } catch (RuntimeException e) {
      failures++;
      keys.put(key, backup);
      for (int i = 0; i < sizes.length; i++) {
        outputs.get(i).subList(sizes[i], outputs.get(i).size()).clear();
      }
    }
  }

  private final class Context implements ProcessContext {
    private final OfKey of;
    private final long timestamp;
    private final long rowTime;

    Context(OfKey of, long timestamp, long rowTime) {
      this.of = of;
      this.timestamp = timestamp;
      this.rowTime = rowTime;
    }

    Collector collector(int port) {
      return new Collector() {
        @Override
        public void emit(Map<String, ? extends @Nullable Object> values) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void emit(@Nullable Object... values) {
          emitAt(timestamp, values);
        }

        @Override
        public void emitAt(long timestampMillis, @Nullable Object... values) {
          outputs.get(port).add("+I" + Arrays.asList(values) + "@" + timestampMillis);
        }
      };
    }

    @Override
    public List<@Nullable Object> key() {
      return of.key;
    }

    @Override
    public @Nullable Object key(String field) {
      return of.key.get(process.keyFields().indexOf(field));
    }

    @Override
    public long timestamp() {
      return timestamp;
    }

    @Override
    public long watermark() {
      return watermark;
    }

    @Override
    public long processingTime() {
      return now;
    }

    @Override
    public void setEventTimer(long timestampMillis) {
      of.eventTimers.add(timestampMillis);
    }

    @Override
    public void setProcessingTimer(long timestampMillis) {
      of.processingTimers.add(timestampMillis);
    }

    @Override
    public void deleteEventTimer(long timestampMillis) {
      of.eventTimers.remove(timestampMillis);
    }

    @Override
    public void deleteProcessingTimer(long timestampMillis) {
      of.processingTimers.remove(timestampMillis);
    }

    @Override
    public Collector output(String sideOutput) {
      return collector(1);
    }

    private long clock(TimeToLive life) {
      return life.time() == TimeCharacteristic.EVENT ? of.eventClock : now;
    }

    private boolean isOver(Held held, TimeToLive life) {
      return held.deadline != Long.MAX_VALUE && held.deadline <= clock(life);
    }

    /** An element is used: its deadline, given the one that it had. */
    private long used(TimeToLive life, long before) {
      if (life.equals(TimeToLive.NEVER)) {
        return Long.MAX_VALUE;
      }
      long at = life.time() == TimeCharacteristic.EVENT ? Math.max(of.eventClock, rowTime) : now;
      long deadline = at == Long.MIN_VALUE ? Long.MAX_VALUE : at + life.duration().toMillis();
      return before == Long.MAX_VALUE ? deadline : Math.max(before, deadline);
    }

    /** The elements of a state that live, after a read of them. */
    private TreeMap<Long, Held> live(StateDescriptor<?> descriptor, @Nullable Long only) {
      TimeToLive life = descriptor.timeToLive();
      TreeMap<Long, Held> all = of.states.computeIfAbsent(descriptor.name(), n -> new TreeMap<>());
      all.values().removeIf(held -> isOver(held, life));
      TreeMap<Long, Held> result = new TreeMap<>(all);
      if (only != null) {
        result.keySet().retainAll(List.of(only));
      }
      return result;
    }

    private TreeMap<Long, Held> read(StateDescriptor<?> descriptor, @Nullable Long only) {
      TreeMap<Long, Held> live = live(descriptor, only);
      TimeToLive life = descriptor.timeToLive();
      if (life.renewal() == TimeToLive.Renewal.ON_READ_AND_WRITE) {
        live.values().forEach(held -> held.deadline = used(life, held.deadline));
      }
      return live;
    }

    private void write(StateDescriptor<?> descriptor, long number, @Nullable Object value) {
      TreeMap<Long, Held> all = of.states.computeIfAbsent(descriptor.name(), n -> new TreeMap<>());
      live(descriptor, null);
      Held old = all.remove(number);
      if (value != null) {
        long before = old == null ? Long.MAX_VALUE : old.deadline;
        all.put(number, new Held(value, used(descriptor.timeToLive(), before)));
      }
    }

    private void clear(StateDescriptor<?> descriptor) {
      of.states.remove(descriptor.name());
      of.numbers.remove(descriptor.name());
    }

    private @Nullable Object one(StateDescriptor<?> descriptor) {
      TreeMap<Long, Held> all = read(descriptor, 0L);
      return all.isEmpty() ? null : all.get(0L).value;
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public <S> S state(StateDescriptor<S> descriptor) {
      if (descriptor instanceof StateDescriptor.OfReduction reduction) {
        return (S) new Reduction(reduction);
      }
      if (descriptor instanceof StateDescriptor.OfAggregate aggregate) {
        return (S) new Aggregate(aggregate);
      }
      if (descriptor instanceof StateDescriptor.OfList list) {
        return (S) new OfList(list);
      }
      return descriptor instanceof StateDescriptor.OfMap map
          ? (S) new OfMap(map)
          : (S) new OfValue(descriptor);
    }

    @SuppressWarnings("unchecked")
    private final class OfValue implements ValueState<Object> {
      private final StateDescriptor<?> descriptor;

      OfValue(StateDescriptor<?> descriptor) {
        this.descriptor = descriptor;
      }

      @Override
      public @Nullable Object get() {
        return one(descriptor);
      }

      @Override
      public void set(Object value) {
        write(descriptor, 0, value);
      }

      @Override
      public void clear() {
        Context.this.clear(descriptor);
      }
    }

    @SuppressWarnings("unchecked")
    private final class Reduction implements ReducingState<Object> {
      private final StateDescriptor.OfReduction<Object> descriptor;

      Reduction(StateDescriptor.OfReduction<Object> descriptor) {
        this.descriptor = descriptor;
      }

      @Override
      public @Nullable Object get() {
        return one(descriptor);
      }

      @Override
      public void add(Object value) {
        Object old = one(descriptor);
        write(descriptor, 0, old == null ? value : descriptor.reducer().apply(old, value));
      }

      @Override
      public void clear() {
        Context.this.clear(descriptor);
      }
    }

    private final class Aggregate implements AggregatingState<Object, Object> {
      private final StateDescriptor.OfAggregate<Object, Object, Object> descriptor;

      Aggregate(StateDescriptor.OfAggregate<Object, Object, Object> descriptor) {
        this.descriptor = descriptor;
      }

      @Override
      public @Nullable Object get() {
        Object accumulator = one(descriptor);
        return accumulator == null ? null : descriptor.aggregate().result(accumulator);
      }

      @Override
      public void add(Object value) {
        Object old = one(descriptor);
        Object start = old == null ? descriptor.aggregate().create() : old;
        write(descriptor, 0, descriptor.aggregate().add(start, value));
      }

      @Override
      public void clear() {
        Context.this.clear(descriptor);
      }
    }

    private final class OfList implements ListState<Object> {
      private final StateDescriptor.OfList<Object> descriptor;

      OfList(StateDescriptor.OfList<Object> descriptor) {
        this.descriptor = descriptor;
      }

      @Override
      public List<Object> get() {
        return read(descriptor, null).values().stream().map(held -> held.value).toList();
      }

      @Override
      public void add(Object element) {
        TreeMap<Long, Held> all =
            of.states.computeIfAbsent(descriptor.name(), n -> new TreeMap<>());
        write(descriptor, all.isEmpty() ? 0 : all.lastKey() + 1, element);
      }

      @Override
      public void set(List<?> elements) {
        clear();
        elements.forEach(this::add);
      }

      @Override
      public void clear() {
        Context.this.clear(descriptor);
      }
    }

    private final class OfMap implements MapState<Object, Object> {
      private final StateDescriptor.OfMap<Object, Object> descriptor;

      OfMap(StateDescriptor.OfMap<Object, Object> descriptor) {
        this.descriptor = descriptor;
      }

      private long number(Object key) {
        Object same = key instanceof Double d ? (Object) (d + 0.0) : key;
        Map<Object, Long> numbers =
            of.numbers.computeIfAbsent(descriptor.name(), n -> new HashMap<>());
        return numbers.computeIfAbsent(same, k -> (long) numbers.size());
      }

      @Override
      public @Nullable Object get(Object key) {
        TreeMap<Long, Held> found = read(descriptor, number(key));
        return found.isEmpty() ? null : found.firstEntry().getValue().value;
      }

      @Override
      public void put(Object key, Object value) {
        write(descriptor, number(key), value);
      }

      @Override
      public void remove(Object key) {
        write(descriptor, number(key), null);
      }

      @Override
      public Map<Object, Object> entries() {
        Map<Object, Object> result = new HashMap<>();
        Map<Object, Long> numbers = of.numbers.getOrDefault(descriptor.name(), Map.of());
        TreeMap<Long, Held> live = read(descriptor, null);
        numbers.forEach(
            (key, number) -> {
              if (live.containsKey(number)) {
                result.put(key, live.get(number).value);
              }
            });
        return Collections.unmodifiableMap(result);
      }

      @Override
      public void clear() {
        Context.this.clear(descriptor);
      }
    }
  }
}
