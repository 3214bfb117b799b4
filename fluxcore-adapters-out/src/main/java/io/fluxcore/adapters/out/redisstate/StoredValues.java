package io.fluxcore.adapters.out.redisstate;

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

/** How the state of a slot is stored: as {@link SlotTablesCodec} writes it. Not thread-safe. */
final class StoredValues {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final StateLayout layout;
  private final SlotTablesCodec codec;
  private final boolean cellsOnly;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  StoredValues(StateLayout layout) {
    this.layout = layout;
    this.codec = new SlotTablesCodec(layout);
    this.cellsOnly = layout.objects().isEmpty();
  }

  /** The state of a slot. */
  byte[] write(SlotTable table, int slot) {
    if (cellsOnly) {
      byte[] value = new byte[Long.BYTES * layout.cells()];
      long[] cells = table.cells();
      int base = slot * table.stride() + table.offset(0);
      for (int c = 0; c < layout.cells(); c++) {
        LONGS.set(value, c * Long.BYTES, cells[base + c]);
      }
      return value;
    }
    bytes.reset();
    try {
      codec.writeState(table, slot, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads a value into a slot. */
  void read(byte[] value, SlotTable table, int slot) {
    if (cellsOnly) {
      long[] cells = table.cells();
      int base = slot * table.stride() + table.offset(0);
      for (int c = 0; c < layout.cells(); c++) {
        cells[base + c] = (long) LONGS.get(value, c * Long.BYTES);
      }
      return;
    }
    try {
      codec.readState(table, slot, new DataInputStream(new ByteArrayInputStream(value)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The state of a slot as it is when it is new. */
  static void reset(StateLayout layout, SlotTable table, int slot) {
    int base = slot * table.stride() + table.offset(0);
    System.arraycopy(layout.initialCells(), 0, table.cells(), base, layout.cells());
    for (int o = 0; o < layout.objects().size(); o++) {
      table.objects(o)[slot] = null;
    }
  }

  /** Copies the state of a slot to a slot of another table of the layout. */
  static void copy(StateLayout layout, SlotTable from, int slot, SlotTable to, int toSlot) {
    System.arraycopy(
        from.cells(),
        slot * from.stride() + from.offset(0),
        to.cells(),
        toSlot * to.stride() + to.offset(0),
        layout.cells());
    for (int o = 0; o < layout.objects().size(); o++) {
      to.objects(o)[toSlot] = from.objects(o)[slot];
    }
  }
}
