package io.fluxcore.domain.state;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.key.KeyGroups;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SortedMap;
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
 *   then blocks until the marker: u8 1, i64 namespace, i32 entries, and the entries:
 *        the key columns ({@link ValueCodec}), the cells (i64 each), the objects (u8 0 null, or 1
 *        and the serializer's bytes)
 *   u8   0, the marker, and i64 number of entries in all blocks
 *   i32  CRC-32C of everything before
 * </pre>
 *
 * Any number of blocks may be of the same namespace.
 */
public final class SlotTablesCodec {
  static final int VERSION = 1;

  private static final int BLOCK = 1024;
  private static final int INITIAL_BYTES = 1024;
  private static final int READ_BYTES = 64 << 10;

  private final StateLayout layout;

  public SlotTablesCodec(StateLayout layout) {
    this.layout = layout;
  }

  /** Payloads of all key groups that hold something. */
  public SortedMap<Integer, Payload> write(SlotTables tables, int maxParallelism) {
    @Nullable Group[] groups = new @Nullable Group[maxParallelism];
    try {
      int[] slots = new int[BLOCK];
      for (long namespace : tables.namespaces()) {
        SlotTable table = tables.table(namespace);
        SlotWalk walk = new SlotWalk(table);
        for (int count = walk.next(slots); count > 0; count = walk.next(slots)) {
          writeBlock(table, namespace, slots, count, maxParallelism, groups);
        }
      }
      SortedMap<Integer, Payload> result = new TreeMap<>();
      for (int number = 0; number < maxParallelism; number++) {
        Group group = groups[number];
        if (group != null) {
          group.writer().end();
          result.put(number, group.bytes().toPayload());
        }
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The payload of a key group while it is written. */
  private record Group(StateBuffer bytes, KeyGroupWriter writer) {
    static Group of(StateLayout layout) throws IOException {
      StateBuffer bytes = new StateBuffer(INITIAL_BYTES);
      return new Group(bytes, new KeyGroupWriter(layout, bytes.stream()));
    }
  }

  private void writeBlock(
      SlotTable table,
      long namespace,
      int[] slots,
      int count,
      int maxParallelism,
      @Nullable Group[] groups)
      throws IOException {
    long[] hashes = new long[count];
    table.hashes(slots, count, hashes);
    Column[] keys = table.keys(slots, count);
    for (int i = 0; i < count; i++) {
      int number = KeyGroups.ofHash(hashes[i], maxParallelism);
      Group group = groups[number];
      if (group == null) {
        group = Group.of(layout);
        groups[number] = group;
      }
      writeEntry(table, slots[i], keys, i, group.writer().entry(namespace));
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
   * Adds the entries of a payload to tables. The payload is read twice: nothing is taken from it
   * before it is known to be whole.
   *
   * @param keyGroup which the keys of all entries must be in
   * @param afterBlock is called after every few hundred entries: where a backend writes back what
   *     was touched, see {@link StateBackend#commit}
   * @throws FluxCoreException if the payload is damaged, out of reach, of another layout or of
   *     other keys
   */
  public void read(
      Payload payload,
      SlotTables tables,
      String operatorId,
      int keyGroup,
      int maxParallelism,
      Runnable afterBlock) {
    String what =
        "operator '" + operatorId + "', state '" + layout.name() + "', key group " + keyGroup;
    try {
      verify(payload, what);
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(payload.open(), READ_BYTES))) {
        int[] versions = readHeader(in, what);
        long entries = 0;
        while (in.readByte() == 1) {
          int read = readBlock(in, tables, versions, keyGroup, maxParallelism, afterBlock);
          if (read < 0) {
            throw SnapshotErrors.damaged(what, "it holds keys of another key group");
          }
          entries += read;
        }
        if (in.readLong() != entries) {
          throw SnapshotErrors.damaged(what, "it does not hold as many entries as it says");
        }
      }
    } catch (IOException e) {
      throw SnapshotErrors.of(what, e);
    }
  }

  private static void verify(Payload payload, String what) throws IOException {
    CRC32C crc = new CRC32C();
    long left = payload.size() - Integer.BYTES;
    if (left <= 0) {
      throw SnapshotErrors.damaged(what, "it is too short");
    }
    byte[] buffer = new byte[READ_BYTES];
    try (DataInputStream in = new DataInputStream(payload.open())) {
      while (left > 0) {
        int length = (int) Math.min(left, buffer.length);
        in.readFully(buffer, 0, length);
        crc.update(buffer, 0, length);
        left -= length;
      }
      if (in.readInt() != (int) crc.getValue()) {
        throw SnapshotErrors.damaged(what, "its checksum does not match");
      }
    }
  }

  /** The number of entries, or -1 if a key is not of the key group. */
  private int readBlock(
      DataInputStream in,
      SlotTables tables,
      int[] versions,
      int keyGroup,
      int maxParallelism,
      Runnable afterBlock)
      throws IOException {
    long namespace = in.readLong();
    SlotTable table = tables.table(namespace);
    int entries = in.readInt();
    long[] hash = new long[1];
    int[] row = {0};
    int[] slot = new int[1];
    for (int i = 0; i < entries; i++) {
      Column[] keys = new Column[layout.keyTypes().size()];
      for (int k = 0; k < keys.length; k++) {
        keys[k] = ValueCodec.column(layout.keyTypes().get(k), in);
      }
      layout.hashes(keys, row, 1, hash);
      if (KeyGroups.ofHash(hash[0], maxParallelism) != keyGroup) {
        return -1;
      }
      table.resolve(keys, hash, row, 1, slot);
      readState(table, slot[0], in, versions);
      if ((i + 1) % BLOCK == 0) {
        afterBlock.run();
        table = tables.table(namespace);
      }
    }
    afterBlock.run();
    return entries;
  }

  private int[] readHeader(DataInputStream in, String what) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw SnapshotErrors.damaged(
          what, "its format version is " + version + ", this build reads " + VERSION);
    }
    StateSchema theirs = StateSchema.read(in);
    String obstacle = theirs.obstacleTo(StateSchema.of(layout));
    if (!obstacle.isEmpty()) {
      throw incompatible(what, obstacle);
    }
    return theirs.objects().stream().mapToInt(StateSchema.Serializer::version).toArray();
  }

  private static FluxCoreException incompatible(String what, String obstacle) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error(
            "FLX-STATE-0002",
            Place.of(what),
            "the state of the snapshot is not that of the operator: " + obstacle,
            "give the changed operator a new name, so that it starts empty"));
  }
}
