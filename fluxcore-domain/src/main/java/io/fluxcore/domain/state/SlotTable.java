package io.fluxcore.domain.state;

import io.fluxcore.domain.event.Column;
import org.jspecify.annotations.Nullable;

/**
 * Keys of one namespace and their state, in columns. {@link #resolve} turns the keys of a batch of
 * rows into slots; operators then update the cells of those slots in loops:
 *
 * <pre>{@code
 * table.resolve(keys, hashes, rows, count, slots);
 * long[] cells = table.cells();
 * for (int i = 0; i < count; i++) {
 *   cells[slots[i] * stride + offset] += values[rows[i]];
 * }
 * }</pre>
 *
 * <p>Slots and the arrays are valid until the next {@code resolve}, {@code find}, {@code loadAll}
 * or {@link StateBackend#commit()}; {@code remove} makes the slots that it takes invalid. Not
 * thread-safe.
 */
public interface SlotTable {
  /** Keys held, whether or not they are in slots now. */
  int size();

  /**
   * Slots of the keys of rows, made with initial state where absent.
   *
   * @param keys the key's columns, of the layout's types
   * @param hashes {@link io.fluxcore.domain.key.KeyHash} of {@code rows[i]} at {@code i}
   * @param rows physical rows of the columns
   * @param slots receives the slot of {@code rows[i]} at {@code i}
   */
  void resolve(Column[] keys, long[] hashes, int[] rows, int count, int[] slots);

  /** As {@link #resolve}, but -1 for a key that is absent. */
  void find(Column[] keys, long[] hashes, int[] rows, int count, int[] slots);

  /**
   * Brings every key into a slot.
   *
   * @return one more than the largest slot; slots below it are live unless {@link #isLive} denies
   */
  int loadAll();

  boolean isLive(int slot);

  /** Forgets a key; other slots stay as they are. */
  void remove(int slot);

  /** Cell {@code c} of slot {@code s} is {@code cells()[s * stride() + offset(c)]}. */
  long[] cells();

  int stride();

  int offset(int cell);

  /** An object column by slot. */
  @Nullable Object[] objects(int column);

  /** The key columns of slots, in this order: what a firing emits. */
  Column[] keys(int[] slots, int count);

  /** The {@link io.fluxcore.domain.key.KeyHash} of the keys of slots. */
  void hashes(int[] slots, int count, long[] hashes);
}
