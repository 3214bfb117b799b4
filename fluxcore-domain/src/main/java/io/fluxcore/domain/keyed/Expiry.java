package io.fluxcore.domain.keyed;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When to look at elements with a time-to-live. Each stands once in the table of a stretch of time
 * that ends at its deadline or later; using it again moves the deadline and not the entry, which is
 * entered anew when it is looked at. The namespace of a table is the end of its stretch.
 *
 * <p>The keys of a stretch that is over are taken out of their table at once and looked at bit by
 * bit; before a snapshot all of them are.
 */
public final class Expiry {
  /** Stretches in a life. */
  private static final int PER_LIFE = 64;

  private final SlotTables tables;
  private final TimeToLive life;
  private final StateClock clock;
  private final long width;
  private Column[] due = new Column[0];
  private int dueCount;
  private int next;

  /**
   * The deadlines of a state.
   *
   * @param keyTypes of its elements
   * @param subkeys of them
   */
  public Expiry(
      StateBackend state,
      String name,
      List<DataType> keyTypes,
      int subkeys,
      TimeToLive life,
      StateClock clock) {
    this.tables =
        state.tables(new StateLayout(name + ".expiry", keyTypes, subkeys, new long[0], List.of()));
    this.life = life;
    this.clock = clock;
    this.width = Math.max(1, life.duration().toMillis() / PER_LIFE);
  }

  /** Enters elements, by the deadline of each, which is not never. */
  public void add(Column[] keys, long[] deadlines, int count) {
    long[] ends = new long[count];
    for (int i = 0; i < count; i++) {
      long start = Math.floorDiv(deadlines[i], width) * width;
      long end = start == deadlines[i] ? start : start + width;
      ends[i] = end < start ? Long.MAX_VALUE - 1 : end;
    }
    int[] rows = new int[count];
    for (long end : Arrays.stream(ends).distinct().toArray()) {
      int found = 0;
      for (int i = 0; i < count; i++) {
        if (ends[i] == end) {
          rows[found++] = i;
        }
      }
      long[] hashes = new long[found];
      tables.layout().hashes(keys, rows, found, hashes);
      tables.table(end).resolve(keys, hashes, rows, found, new int[found]);
    }
  }

  /** Some elements that are to be looked at, or null when there are none now. */
  public @Nullable KeyChunk next(long most) {
    if (next == dueCount && !load()) {
      return null;
    }
    int count = (int) Math.min(most, dueCount - next);
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = next++;
    }
    Column[] keys = KeyChunk.gather(due, rows, count);
    return tables.layout().subkeys() == 0
        ? KeyChunk.of(keys, count)
        : KeyChunk.withSubkey(keys, count);
  }

  private boolean load() {
    due = new Column[0];
    dueCount = 0;
    next = 0;
    while (dueCount == 0) {
      long end = tables.firstNamespace();
      if (end == Long.MAX_VALUE || end > clock.now(life.time())) {
        return false;
      }
      due = KeyChunk.all(tables.table(end), tables.layout().keyTypes());
      dueCount = due[0].size();
      tables.drop(end);
    }
    return true;
  }
}
