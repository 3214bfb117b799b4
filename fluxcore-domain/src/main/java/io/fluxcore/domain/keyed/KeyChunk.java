package io.fluxcore.domain.keyed;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotWalk;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are worked on one after the other, and whose state is fetched at once: those of the
 * rows of a batch, or of timers that are due. A chunk is the same as no other.
 */
public final class KeyChunk {
  private final Column[] columns;
  private final int[] rows;
  private final long[] hashes;
  private final int count;

  /**
   * Keys at positions.
   *
   * @param columns the key's columns
   * @param rows physical row of each position
   * @param hashes of the keys of all positions
   * @param count positions
   */
  public KeyChunk(Column[] columns, int[] rows, long[] hashes, int count) {
    this.columns = columns;
    this.rows = rows;
    this.hashes = hashes;
    this.count = count;
  }

  public Column[] columns() {
    return columns;
  }

  public int[] rows() {
    return rows;
  }

  public long[] hashes() {
    return hashes;
  }

  public int count() {
    return count;
  }

  /** The columns of a batch at these positions. */
  public static Column[] columns(EventBatch batch, int[] ordinals) {
    Column[] columns = new Column[ordinals.length];
    for (int i = 0; i < ordinals.length; i++) {
      columns[i] = batch.column(ordinals[i]);
    }
    return columns;
  }

  /** The keys of all rows of a batch. */
  public static KeyChunk of(EventBatch batch, int[] ordinals) {
    int count = batch.size();
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = batch.row(i);
    }
    Column[] keys = columns(batch, ordinals);
    return new KeyChunk(keys, rows, hashes(keys, rows, count), count);
  }

  /** All rows of columns. */
  public static KeyChunk of(Column[] columns, int count) {
    int[] rows = identity(count);
    return new KeyChunk(columns, rows, hashes(columns, rows, count), count);
  }

  /** All rows of columns of which the last is a subkey. */
  public static KeyChunk withSubkey(Column[] columns, int count) {
    int[] rows = identity(count);
    long[] hashes = new long[count];
    StateLayout.hashes(columns, 1, rows, count, hashes);
    return new KeyChunk(columns, rows, hashes, count);
  }

  /** The keys of all slots of a table, each in a row. */
  public static Column[] all(SlotTable table, List<DataType> types) {
    if (table.parts() == 1) {
      int end = table.load(0, 1);
      int[] live = new int[end];
      int count = 0;
      for (int slot = 0; slot < end; slot++) {
        if (table.isLive(slot)) {
          live[count++] = slot;
        }
      }
      return table.keys(live, count);
    }
    ColumnBuilder[] builders = new ColumnBuilder[types.size()];
    for (int k = 0; k < builders.length; k++) {
      builders[k] = new ColumnBuilder(types.get(k), EventBatch.TARGET_ROWS);
    }
    SlotWalk walk = new SlotWalk(table);
    int[] block = new int[EventBatch.TARGET_ROWS];
    for (int count = walk.next(block); count > 0; count = walk.next(block)) {
      Column[] keys = table.keys(block, count);
      for (int k = 0; k < keys.length; k++) {
        for (int row = 0; row < count; row++) {
          builders[k].append(keys[k].get(row));
        }
      }
    }
    return Arrays.stream(builders).map(ColumnBuilder::build).toArray(Column[]::new);
  }

  public static int[] identity(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  public static long[] hashes(Column[] columns, int[] rows, int count) {
    long[] hashes = new long[count];
    KeyHash.ofRows(columns, rows, count, hashes);
    return hashes;
  }

  public List<@Nullable Object> key(int position) {
    List<@Nullable Object> key = new ArrayList<>(columns.length);
    for (Column column : columns) {
      key.add(column.get(rows[position]));
    }
    return key;
  }

  /** The keys of positions, each in a row. */
  public Column[] gather(int[] positions, int count) {
    int[] physical = new int[count];
    for (int i = 0; i < count; i++) {
      physical[i] = rows[positions[i]];
    }
    return gather(columns, physical, count);
  }

  public static Column[] gather(Column[] columns, int[] rows, int count) {
    Column[] result = new Column[columns.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = columns[i].gather(rows, count);
    }
    return result;
  }

  /** One key with each of these subkeys. */
  public KeyChunk withSubkeys(int position, Column subkeys) {
    int count = subkeys.size();
    return withSubkey(append(gather(new int[count], count, position), subkeys), count);
  }

  private Column[] gather(int[] physical, int count, int position) {
    Arrays.fill(physical, rows[position]);
    return gather(columns, physical, count);
  }

  public static Column[] append(Column[] columns, Column more) {
    Column[] result = Arrays.copyOf(columns, columns.length + 1);
    result[columns.length] = more;
    return result;
  }

  public static LongColumn numbers(long from, long to) {
    long[] values = new long[(int) (to - from)];
    Arrays.setAll(values, i -> from + i);
    return new LongColumn(values.length, values);
  }

  public static Column column(DataType type, List<?> values) {
    ColumnBuilder builder = new ColumnBuilder(type, Math.max(1, values.size()));
    values.forEach(builder::append);
    return builder.build();
  }
}
