package io.fluxcore.domain.state;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A state's tables as canonical payloads, one per key group, each independent of the others. Big
 * endian:
 *
 * <pre>
 *   u8   payload version, 1
 *   u8   number of key columns, then the type name of each (modified UTF-8)
 *   i32  number of cells
 *   u8   number of object columns, then id (modified UTF-8) and i32 version of each serializer
 *   then until the marker: u8 1, i64 namespace, i32 entries, and the entries:
 *        the key columns ({@link ValueCodec}), the cells (i64 each), the objects (u8 0 null, or 1
 *        and the serializer's bytes)
 *   u8   0, the marker
 *   i32  CRC-32C of everything before
 * </pre>
 */
public final class SlotTablesCodec {
  static final int VERSION = 1;

  private static final int BLOCK = 1024;

  private final StateLayout layout;

  public SlotTablesCodec(StateLayout layout) {
    this.layout = layout;
  }

  /** Payloads of all key groups that hold something. */
  public Map<Integer, byte[]> write(SlotTables tables, int maxParallelism) {
    @Nullable Payload[] payloads = new @Nullable Payload[maxParallelism];
    int[] slots = new int[BLOCK];
    for (long namespace : tables.namespaces()) {
      SlotTable table = tables.table(namespace);
      int end = table.loadAll();
      for (int from = 0; from < end; from += BLOCK) {
        int count = 0;
        for (int slot = from; slot < Math.min(end, from + BLOCK); slot++) {
          if (table.isLive(slot)) {
            slots[count++] = slot;
          }
        }
        writeBlock(table, namespace, slots, count, maxParallelism, payloads);
      }
      for (Payload payload : payloads) {
        if (payload != null) {
          payload.endNamespace();
        }
      }
    }
    Map<Integer, byte[]> result = new TreeMap<>();
    for (int group = 0; group < maxParallelism; group++) {
      Payload payload = payloads[group];
      if (payload != null) {
        result.put(group, payload.end());
      }
    }
    return result;
  }

  private void writeBlock(
      SlotTable table,
      long namespace,
      int[] slots,
      int count,
      int maxParallelism,
      @Nullable Payload[] payloads) {
    long[] hashes = new long[count];
    table.hashes(slots, count, hashes);
    Column[] keys = table.keys(slots, count);
    for (int i = 0; i < count; i++) {
      int group = KeyGroups.ofHash(hashes[i], maxParallelism);
      Payload payload = payloads[group];
      if (payload == null) {
        payload = new Payload(layout);
        payloads[group] = payload;
      }
      try {
        writeEntry(table, slots[i], keys, i, payload.entry(namespace));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void writeEntry(SlotTable table, int slot, Column[] keys, int row, DataOutput out)
      throws IOException {
    for (Column key : keys) {
      ValueCodec.write(key, row, out);
    }
    writeState(table, slot, out);
  }

  /** The state of one slot, without its key. */
  public void writeState(SlotTable table, int slot, DataOutput out) throws IOException {
    long[] cells = table.cells();
    for (int c = 0; c < layout.cells(); c++) {
      out.writeLong(cells[slot * table.stride() + table.offset(c)]);
    }
    for (int o = 0; o < layout.objects().size(); o++) {
      Object value = table.objects(o)[slot];
      out.writeByte(value == null ? 0 : 1);
      if (value != null) {
        layout.objects().get(o).write(value, out);
      }
    }
  }

  /** Reads what {@link #writeState} wrote into a slot. */
  public void readState(SlotTable table, int slot, DataInputStream in) throws IOException {
    int[] versions = layout.objects().stream().mapToInt(StateSerializer::version).toArray();
    readState(table, slot, in, versions);
  }

  private void readState(SlotTable table, int slot, DataInputStream in, int[] versions)
      throws IOException {
    long[] cells = table.cells();
    for (int c = 0; c < layout.cells(); c++) {
      cells[slot * table.stride() + table.offset(c)] = in.readLong();
    }
    for (int o = 0; o < versions.length; o++) {
      @Nullable Object[] objects = table.objects(o);
      objects[slot] = in.readByte() == 0 ? null : layout.objects().get(o).read(in, versions[o]);
    }
  }

  /**
   * Adds the entries of a payload to tables.
   *
   * @param keyGroup which the keys of all entries must be in
   * @throws FluxCoreException if the payload is damaged, of another layout or of other keys
   */
  public void read(
      byte[] payload, SlotTables tables, String operatorId, int keyGroup, int maxParallelism) {
    String what =
        "operator '" + operatorId + "', state '" + layout.name() + "', key group " + keyGroup;
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, Math.max(0, payload.length - 4));
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
      if (payload.length < 5 || readCrc(payload) != (int) crc.getValue()) {
        throw damaged(what, "its checksum does not match");
      }
      int[] versions = readHeader(in, what);
      while (in.readByte() == 1) {
        if (!readNamespace(in, tables, versions, keyGroup, maxParallelism)) {
          throw damaged(what, "it holds keys of another key group");
        }
      }
    } catch (IOException e) {
      throw damaged(what, String.valueOf(e.getMessage()));
    }
  }

  /** Whether all keys were of the key group. */
  private boolean readNamespace(
      DataInputStream in, SlotTables tables, int[] versions, int keyGroup, int maxParallelism)
      throws IOException {
    SlotTable table = tables.table(in.readLong());
    int entries = in.readInt();
    long[] hash = new long[1];
    int[] row = {0};
    int[] slot = new int[1];
    for (int i = 0; i < entries; i++) {
      Column[] keys = new Column[layout.keyTypes().size()];
      for (int k = 0; k < keys.length; k++) {
        keys[k] = ValueCodec.column(layout.keyTypes().get(k), in);
      }
      KeyHash.ofRows(keys, row, 1, hash);
      if (KeyGroups.ofHash(hash[0], maxParallelism) != keyGroup) {
        return false;
      }
      table.resolve(keys, hash, row, 1, slot);
      readState(table, slot[0], in, versions);
    }
    return true;
  }

  private int[] readHeader(DataInputStream in, String what) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw damaged(what, "its format version is " + version + ", this build reads " + VERSION);
    }
    StringBuilder keys = new StringBuilder();
    int keyColumns = in.readUnsignedByte();
    for (int i = 0; i < keyColumns; i++) {
      keys.append(keys.length() == 0 ? "" : ", ").append(in.readUTF());
    }
    String expected =
        String.join(", ", layout.keyTypes().stream().map(DataType::toString).toList());
    if (!keys.toString().equals(expected)) {
      throw incompatible(what, "key (" + keys + ")", "key (" + expected + ")");
    }
    int cells = in.readInt();
    if (cells != layout.cells()) {
      throw incompatible(what, cells + " cells", layout.cells() + " cells");
    }
    int[] versions = new int[in.readUnsignedByte()];
    List<StateSerializer<Object>> objects = layout.objects();
    if (versions.length != objects.size()) {
      throw incompatible(what, versions.length + " objects", objects.size() + " objects");
    }
    for (int i = 0; i < versions.length; i++) {
      String id = in.readUTF();
      versions[i] = in.readInt();
      if (!id.equals(objects.get(i).id())) {
        throw incompatible(what, "serializer " + id, "serializer " + objects.get(i).id());
      }
    }
    return versions;
  }

  private static int readCrc(byte[] payload) {
    int at = payload.length - 4;
    return (payload[at] & 0xFF) << 24
        | (payload[at + 1] & 0xFF) << 16
        | (payload[at + 2] & 0xFF) << 8
        | (payload[at + 3] & 0xFF);
  }

  private static FluxCoreException damaged(String what, String why) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            "FLX-STATE-0001",
            Place.of(what),
            "the snapshot cannot be used: " + why,
            "restore from another checkpoint or savepoint"));
  }

  private static FluxCoreException incompatible(String what, String theirs, String ours) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error(
            "FLX-STATE-0002",
            Place.of(what),
            "the snapshot holds " + theirs + ", the operator now has " + ours,
            "give the changed operator a new name, so that it starts empty"));
  }

  /** A payload that is being written. */
  private static final class Payload {
    private static final int INITIAL_BYTES = 1024;

    private final StateBuffer out = new StateBuffer(INITIAL_BYTES);
    private final StateBuffer entries = new StateBuffer(INITIAL_BYTES);
    private int count;
    private long current;

    Payload(StateLayout layout) {
      try {
        out.writeByte(VERSION);
        out.writeByte(layout.keyTypes().size());
        for (DataType type : layout.keyTypes()) {
          out.writeUTF(type.toString());
        }
        out.writeInt(layout.cells());
        out.writeByte(layout.objects().size());
        for (StateSerializer<Object> serializer : layout.objects()) {
          out.writeUTF(serializer.id());
          out.writeInt(serializer.version());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    StateBuffer entry(long namespace) {
      current = namespace;
      count++;
      return entries;
    }

    void endNamespace() {
      if (count > 0) {
        out.writeByte(1);
        out.writeLong(current);
        out.writeInt(count);
        out.append(entries);
        entries.clear();
        count = 0;
      }
    }

    byte[] end() {
      out.writeByte(0);
      out.writeInt(out.crc());
      return out.toByteArray();
    }
  }
}
