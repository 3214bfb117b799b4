package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.window.EventTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a table in columns, those of a key behind each other in the order in which they were
 * read. Immutable, and thread-safe once it is published safely.
 */
final class TableContents {
  /** The slots of keys; nothing is added any more. */
  private final HeapSlotTable index;

  /** By slot the first of its rows; behind the last slot the number of rows. */
  private final int[] firsts;

  private final EventBatch rows;
  private final long readAtMillis;

  private TableContents(HeapSlotTable index, int[] firsts, EventBatch rows, long readAtMillis) {
    this.index = index;
    this.firsts = firsts;
    this.rows = rows;
    this.readAtMillis = readAtMillis;
  }

  /** The processing time at which reading them began. */
  long readAtMillis() {
    return readAtMillis;
  }

  /** How many keys there are. */
  int keys() {
    return index.size();
  }

  /**
   * Finds the slots of the keys of rows; -1 where a key is not there, or is null in a field.
   *
   * @param hashes room for those of {@code count} keys
   */
  void find(Column[] keys, int[] of, int count, long[] hashes, int[] slots) {
    KeyHash.ofRows(keys, of, count, hashes);
    index.find(keys, hashes, of, count, slots);
  }

  /** The first row of a slot. */
  int first(int slot) {
    return firsts[slot];
  }

  /** Behind the last row of a slot. */
  int end(int slot) {
    return firsts[slot + 1];
  }

  /** A field of rows, by its position in {@link LookupTable#fields}; null for the row -1. */
  Column gather(int field, int[] of, int count) {
    return rows.column(field).gather(of, count);
  }

  /** Collects what is read. Not thread-safe. */
  static final class Builder {
    private final int[] keyOrdinals;
    private final int[] fieldOrdinals;
    private final Schema fields;
    private final HeapSlotTable index;
    private final List<Part> parts = new ArrayList<>();
    private int count;

    /**
     * Rows of a batch that have a key.
     *
     * @param rows physical ones
     * @param slots of {@code rows[i]} at {@code i}
     */
    private record Part(EventBatch batch, int[] rows, int[] slots) {}

    Builder(LookupTable table) {
      Schema read = table.rows();
      this.fields = table.fields();
      this.keyOrdinals = table.key().fieldNames().stream().mapToInt(read::ordinal).toArray();
      this.fieldOrdinals = fields.fieldNames().stream().mapToInt(read::ordinal).toArray();
      List<DataType> keyTypes = table.key().fields().stream().map(Field::type).toList();
      this.index = HeapSlotTable.create(new StateLayout("table", keyTypes, new long[0], List.of()));
    }

    /** Rows with a key so far. */
    int count() {
      return count;
    }

    /** Takes the rows that have a key: one that is null equals no other. */
    void add(EventBatch batch) {
      Column[] keys = EventTimes.columns(batch, keyOrdinals);
      int[] rows = new int[batch.size()];
      int taken = 0;
      for (int i = 0; i < batch.size(); i++) {
        if (!JoinInput.isNull(keys, batch.row(i))) {
          rows[taken++] = batch.row(i);
        }
      }
      long[] hashes = new long[taken];
      int[] slots = new int[taken];
      KeyHash.ofRows(keys, rows, taken, hashes);
      index.resolve(keys, hashes, rows, taken, slots);
      parts.add(new Part(batch, Arrays.copyOf(rows, taken), slots));
      count += taken;
    }

    TableContents build(long readAtMillis) {
      int[] firsts = new int[index.end() + 1];
      for (Part part : parts) {
        for (int slot : part.slots()) {
          firsts[slot + 1]++;
        }
      }
      for (int slot = 0; slot < index.end(); slot++) {
        firsts[slot + 1] += firsts[slot];
      }
      return new TableContents(index, firsts, ordered(firsts), readAtMillis);
    }

    /** The rows in the order of their slots. */
    private EventBatch ordered(int[] firsts) {
      int[] next = firsts.clone();
      int[] partOf = new int[count];
      int[] rowOf = new int[count];
      for (int p = 0; p < parts.size(); p++) {
        Part part = parts.get(p);
        for (int i = 0; i < part.rows().length; i++) {
          int at = next[part.slots()[i]]++;
          partOf[at] = p;
          rowOf[at] = part.rows()[i];
        }
      }
      EventBatchBuilder builder = new EventBatchBuilder(fields, Math.max(1, count));
      for (int at = 0; at < count; at++) {
        EventBatch batch = parts.get(partOf[at]).batch();
        for (int field = 0; field < fieldOrdinals.length; field++) {
          ColumnBuilder column = builder.column(field);
          column.append(batch.column(fieldOrdinals[field]), rowOf[at]);
        }
        builder.endRow(EventBatch.NO_TIMESTAMP);
      }
      return builder.build();
    }
  }
}
