package io.fluxcore.domain.process;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one kind on one subtask, as rows of tables by key and time: a table per stretch of
 * time, whose namespace is its start. They are given in the order of their times.
 *
 * <p>What calls of the function ask is collected and written for a chunk at once. When the first
 * timer of a stretch is due, its keys and times are brought into memory, in order; the table stays
 * the truth, so what is deleted in the meantime is passed over, and what is set anew is kept
 * beside.
 */
final class KeyedTimers {
  /** Stretches of about eight seconds: few enough tables, small enough to hold one in memory. */
  private static final long STRETCH = 8192;

  /** Timers whose keys' state is fetched at once. */
  private static final int AT_ONCE = 512;

  private static final int SET = 0;

  private final SlotTables tables;

  // What calls have asked, in their order.
  private int[] askedRows = new int[16];
  private long[] askedTimes = new long[16];
  private boolean[] askedSet = new boolean[16];
  private int asked;

  // The stretch in memory.
  private boolean active;
  private long stretch;
  private Column[] columns = new Column[0];
  private long[] order = new long[0];
  private int next;
  private final PriorityQueue<Due> beside =
      new PriorityQueue<>(Comparator.comparingLong(Due::time));

  // The part of it that is being given.
  private @Nullable Part part;
  private int partNext;

  /** Slots of its timers from {@link #foundFrom} to before {@link #foundTo}. */
  private final int[] partSlots = new int[AT_ONCE];

  private int foundFrom;
  private int foundTo;
  private int lookAhead = AT_ONCE;

  private long pending;

  /** A timer that was set in or before the stretch in memory. */
  private record Due(long time, Column[] key) {}

  /** Timers in a row. */
  private record Part(KeyChunk keys, KeyChunk timers, long[] times) {}

  /**
   * A timer that is due.
   *
   * @param keys chunk with its key
   */
  record Fired(KeyChunk keys, int position, long time) {}

  KeyedTimers(String name, StateBackend state, List<DataType> keyTypes) {
    List<DataType> timed = new ArrayList<>(keyTypes);
    timed.add(DataType.LONG);
    this.tables = state.tables(new StateLayout(name, timed, 1, new long[] {0}, List.of()));
  }

  long pending() {
    return pending;
  }

  void restorePending(long count) {
    pending = count;
  }

  // --- Setting ----------------------------------------------------------------------------------

  /** What was asked so far: {@link #takeBack} to it when a call fails. */
  int mark() {
    return asked;
  }

  void takeBack(int mark) {
    asked = mark;
  }

  /** Leaves out what was asked to be set, and keeps what was asked to be deleted. */
  void takeBackSet() {
    int kept = 0;
    for (int i = 0; i < asked; i++) {
      if (!askedSet[i]) {
        askedRows[kept] = askedRows[i];
        askedTimes[kept] = askedTimes[i];
        askedSet[kept++] = false;
      }
    }
    asked = kept;
  }

  /** Asks for a timer of a row of the chunk at hand. */
  void ask(int row, long time, boolean set) {
    if (asked == askedRows.length) {
      askedRows = Arrays.copyOf(askedRows, 2 * asked);
      askedTimes = Arrays.copyOf(askedTimes, 2 * asked);
      askedSet = Arrays.copyOf(askedSet, 2 * asked);
    }
    askedRows[asked] = row;
    askedTimes[asked] = time;
    askedSet[asked++] = set;
  }

  private static long stretchOf(long time) {
    return time & -STRETCH;
  }

  /** Writes what was asked for rows of a chunk. */
  void write(KeyChunk chunk) {
    if (asked == 0) {
      return;
    }
    long[] stretches = new long[asked];
    for (int i = 0; i < asked; i++) {
      stretches[i] = stretchOf(askedTimes[i]);
    }
    int[] chosen = new int[asked];
    for (long namespace : Arrays.stream(stretches).distinct().toArray()) {
      int count = 0;
      for (int i = 0; i < asked; i++) {
        if (stretches[i] == namespace) {
          chosen[count++] = i;
        }
      }
      write(chunk, namespace, chosen, count);
    }
    asked = 0;
  }

  private void write(KeyChunk chunk, long namespace, int[] chosen, int count) {
    int[] rows = new int[count];
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      rows[i] = askedRows[chosen[i]];
      times[i] = askedTimes[chosen[i]];
    }
    Column[] keys = KeyChunk.gather(chunk.columns(), rows, count);
    KeyChunk timers =
        KeyChunk.withSubkey(KeyChunk.append(keys, new LongColumn(count, times)), count);
    int[] slots = new int[count];
    SlotTable table = tables.table(namespace);
    table.resolve(timers.columns(), timers.hashes(), timers.rows(), count, slots);
    if (active && namespace == stretch) {
      forgetSlots();
    }
    long[] cells = table.cells();
    boolean isLoaded = active && namespace <= stretch;
    for (int i = 0; i < count; i++) {
      int at = slots[i] * table.stride() + table.offset(SET);
      int set = askedSet[chosen[i]] ? 1 : 0;
      pending += set - cells[at];
      if (isLoaded && set > cells[at]) {
        beside.add(new Due(times[i], KeyChunk.gather(keys, new int[] {i}, 1)));
      }
      cells[at] = set;
    }
    for (int i = 0; i < count; i++) {
      if (table.isLive(slots[i]) && cells[slots[i] * table.stride() + table.offset(SET)] == 0) {
        table.remove(slots[i]);
      }
    }
    dropIfEmpty(namespace, table);
  }

  private void dropIfEmpty(long namespace, SlotTable table) {
    if (table.size() == 0 && !(active && namespace == stretch)) {
      tables.drop(namespace);
    }
  }

  // --- Firing -----------------------------------------------------------------------------------

  /** The next timer that is due at a time, which is no longer set; null when there is none. */
  @Nullable Fired next(long now) {
    while (true) {
      if (!active && !activate(now)) {
        return null;
      }
      Due other = beside.peek();
      long first = next < order.length ? timeAt(next) : Long.MAX_VALUE;
      boolean takesOther = other != null && (next == order.length || other.time() < first);
      if (!takesOther && next == order.length) {
        deactivate();
        continue;
      }
      long time = takesOther && other != null ? other.time() : first;
      if (time > now) {
        return null;
      }
      Fired fired = takesOther && other != null ? takeBeside() : takeInOrder(now);
      if (fired != null) {
        pending--;
        return fired;
      }
    }
  }

  /** Slots that were handed out become invalid. */
  void endChunk() {
    part = null;
  }

  private boolean activate(long now) {
    long first = tables.firstNamespace();
    if (first == Long.MAX_VALUE || first > now) {
      return false;
    }
    columns = KeyChunk.all(tables.table(first), tables.layout().keyTypes());
    int count = columns[0].size();
    LongColumn times = (LongColumn) columns[columns.length - 1];
    order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = (times.value(i) - first) << 32 | i;
    }
    Arrays.sort(order);
    next = 0;
    part = null;
    active = true;
    stretch = first;
    return true;
  }

  private void deactivate() {
    active = false;
    tables.drop(stretch);
    columns = new Column[0];
    order = new long[0];
    next = 0;
    part = null;
  }

  private long timeAt(int i) {
    return stretch + (order[i] >>> 32);
  }

  private @Nullable Fired takeBeside() {
    Due due = beside.remove();
    LongColumn time = new LongColumn(1, new long[] {due.time()});
    KeyChunk timer = KeyChunk.withSubkey(KeyChunk.append(due.key(), time), 1);
    long namespace = stretchOf(due.time());
    SlotTable table = tables.table(namespace);
    int[] slot = new int[1];
    table.find(timer.columns(), timer.hashes(), timer.rows(), 1, slot);
    if (namespace == stretch) {
      forgetSlots();
    }
    if (slot[0] >= 0) {
      table.remove(slot[0]);
    }
    dropIfEmpty(namespace, table);
    return slot[0] < 0 ? null : new Fired(KeyChunk.of(due.key(), 1), 0, due.time());
  }

  private @Nullable Fired takeInOrder(long now) {
    Part current = part;
    if (current == null || partNext == current.times().length) {
      current = part(now);
      part = current;
      partNext = 0;
      foundTo = 0;
    }
    SlotTable table = tables.table(stretch);
    if (partNext >= foundTo) {
      find(table, current.timers());
    }
    int at = partNext++;
    next++;
    int slot = partSlots[at - foundFrom];
    if (slot < 0 || !table.isLive(slot)) {
      return null;
    }
    table.remove(slot);
    return new Fired(current.keys(), at, current.times()[at]);
  }

  /** The table was asked for others; where that goes on, few slots are fetched at a time. */
  private void forgetSlots() {
    if (foundTo > partNext) {
      foundTo = partNext;
      lookAhead = 4;
    }
  }

  private void find(SlotTable table, KeyChunk timers) {
    int count = Math.min(lookAhead, timers.count() - partNext);
    lookAhead = Math.min(AT_ONCE, 2 * lookAhead);
    long[] hashes = Arrays.copyOfRange(timers.hashes(), partNext, partNext + count);
    int[] rows = Arrays.copyOfRange(timers.rows(), partNext, partNext + count);
    table.find(timers.columns(), hashes, rows, count, partSlots);
    foundFrom = partNext;
    foundTo = partNext + count;
  }

  private Part part(long now) {
    int count = 0;
    while (count < AT_ONCE && next + count < order.length && timeAt(next + count) <= now) {
      count++;
    }
    int from = next;
    int[] rows = IntStream.range(0, count).map(i -> (int) order[from + i]).toArray();
    Column[] timers = KeyChunk.gather(columns, rows, count);
    LongColumn times = (LongColumn) timers[timers.length - 1];
    return new Part(
        KeyChunk.of(Arrays.copyOf(timers, timers.length - 1), count),
        KeyChunk.withSubkey(timers, count),
        Arrays.copyOf(times.values(), count));
  }
}
