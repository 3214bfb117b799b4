package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTablesCodec;
import io.fluxcore.domain.state.StateLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * How the state of a slot is stored: as {@link SlotTablesCodec} writes it. Where state may be added
 * to, a value may be several of these one after the other, the oldest first. Not thread-safe.
 */
final class StoredValues {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final StateLayout layout;
  private final SlotTablesCodec codec;
  private final boolean cellsOnly;
  private final byte[] cellBytes;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  StoredValues(StateLayout layout) {
    this.layout = layout;
    this.codec = new SlotTablesCodec(layout);
    this.cellsOnly = layout.objects().isEmpty();
    this.cellBytes = new byte[Long.BYTES * layout.cells()];
  }

  /** The state of a slot; valid until the next call. */
  byte[] write(SlotTable table, int slot) {
    if (cellsOnly) {
      long[] cells = table.cells();
      int base = slot * table.stride() + table.offset(0);
      for (int c = 0; c < layout.cells(); c++) {
        LONGS.set(cellBytes, c * Long.BYTES, cells[base + c]);
      }
      return cellBytes;
    }
    bytes.reset();
    try {
      codec.writeState(table, slot, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a value into a slot, with what was added later merged.
   *
   * @param later where parts are read into; null where the layout does not merge
   */
  void read(byte[] value, int from, int length, SlotTable table, int slot, @Nullable Later later) {
    if (cellsOnly) {
      readCells(value, from, length, table, slot, later);
      return;
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(value, from, length));
    try {
      codec.readState(table, slot, in);
      while (in.available() > 0 && later != null) {
        codec.readState(later.table(), later.slot(), in);
        later.mergeInto(table, slot);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readCells(
      byte[] value, int from, int length, SlotTable table, int slot, @Nullable Later later) {
    int size = layout.cells() * Long.BYTES;
    copyCells(value, from, table, slot);
    for (int at = from + size; at < from + length && later != null; at += size) {
      copyCells(value, at, later.table(), later.slot());
      later.mergeInto(table, slot);
    }
  }

  private void copyCells(byte[] value, int from, SlotTable table, int slot) {
    long[] cells = table.cells();
    int base = slot * table.stride() + table.offset(0);
    for (int c = 0; c < layout.cells(); c++) {
      cells[base + c] = (long) LONGS.get(value, from + c * Long.BYTES);
    }
  }
}
