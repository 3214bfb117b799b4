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
}
