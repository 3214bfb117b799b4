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
 * <p>Slots and the arrays are valid until the next {@code resolve}, {@code resolveToAdd}, {@code
 * find} or {@code load} of this table, or {@link StateBackend#commit()}; {@code remove} makes the
 * slots that it takes invalid. Not thread-safe.
 */
public interface SlotTable {
  /**
   * Keys held, whether or not they are in slots now. About, where keys were resolved {@linkplain
   * #resolveToAdd to add}: a key may then be counted more than once.
   */
  int size();

  /**
   * Slots of the keys of rows, made with initial state where absent.
   *
   * @param keys the key's columns, of the layout's types
   * @param hashes {@link StateLayout#hashes} of {@code rows[i]} at {@code i}
   * @param rows physical rows of the columns
   * @param slots receives the slot of {@code rows[i]} at {@code i}
   */
  void resolve(Column[] keys, long[] hashes, int[] rows, int count, int[] slots);

  /**
   * As {@link #resolve}, for a caller that does nothing with the slots but add to them, as {@link
   * StateLayout#merge} does. A slot may then hold only what was added lately, so that an
   * implementation that keeps state elsewhere need not read it. The parts are merged when the key
   * is resolved, found or loaded.
   */
  default void resolveToAdd(Column[] keys, long[] hashes, int[] rows, int count, int[] slots) {
    resolve(keys, hashes, rows, count, slots);
  }

  /** As {@link #resolve}, but -1 for a key that is absent. */
  void find(Column[] keys, long[] hashes, int[] rows, int count, int[] slots);

  /**
   * Into how many parts the keys should be cut, so that those of each fit into memory: a power of
   * two, 1 where all do. Tables of a family that are walked together are cut into the largest of
   * their numbers of parts; {@link SlotWalk} walks through one.
   */
  int parts();

  /**
   * Brings the keys of a part into slots, to be read: who writes into such a slot says so with
   * {@link #changed}.
   *
   * @param part which of the parts: the highest bits of the hashes of its keys
   * @param parts how many there are, at least {@link #parts()}
   * @return one more than the largest slot; slots below it are live unless {@link #isLive} denies
   */
  int load(int part, int parts);

  /** Says that {@linkplain #load loaded} slots were written into. */
  void changed(int[] slots, int count);

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

  /** The {@link StateLayout#hashes} of the keys of slots. */
  void hashes(int[] slots, int count, long[] hashes);
}
