package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.HeapSlotTable;
import io.fluxcore.domain.state.KeyGroupWriter;
import io.fluxcore.domain.state.SlotMerge;
import io.fluxcore.domain.state.SlotTablesCodec;
import io.fluxcore.domain.state.SnapshotTarget;
import io.fluxcore.domain.state.StateLayout;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Snapshot;

/**
 * The entries of a database as they were, in the canonical format: each state and key group is one
 * range, which is written as it is read.
 */
final class FrozenEntries implements FrozenState {
  private static final int CHECKED_EVERY = 1024;

  private final RocksDbStore store;
  private final Snapshot snapshot;
  private final KeyGroupRange keyGroups;
  private final int maxParallelism;
  private final List<Frozen> states;

  /** A state and its number in stored keys. */
  record Frozen(StateLayout layout, int number) {}

  /** Holds the database open until it is closed. */
  FrozenEntries(
      RocksDbStore store, KeyGroupRange keyGroups, int maxParallelism, List<Frozen> states) {
    this.store = store;
    this.keyGroups = keyGroups;
    this.maxParallelism = maxParallelism;
    this.states = states;
    store.hold();
    this.snapshot = store.snapshot();
  }

  @Override
  public void write(SnapshotTarget target) throws IOException {
    for (Frozen state : states) {
      for (int group = keyGroups.first(); group <= keyGroups.last(); group++) {
        byte[] from = StoredKeys.stateStart(group, state.number());
        byte[] end = StoredKeys.stateStart(group, state.number() + 1);
        try (RocksDbStore.Scan scan = store.scan(from, end, snapshot)) {
          if (scan.isValid()) {
            target.keyed(state.layout().name(), group, out -> write(state, scan, out));
          }
        }
      }
    }
  }

  private void write(Frozen state, RocksDbStore.Scan scan, OutputStream out) throws IOException {
    Entries entries = new Entries(state, maxParallelism);
    KeyGroupWriter writer = new KeyGroupWriter(state.layout(), out);
    for (long count = 1; scan.isValid(); scan.next(), count++) {
      if (count % CHECKED_EVERY == 0 && Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the snapshot was given up");
      }
      byte[] key = scan.key();
      DataOutput entry = writer.entry(StoredKeys.namespaceOf(key));
      entries.writeKey(key, scan.keyLength(), entry);
      byte[] value = scan.value();
      entries.writeValue(value, scan.valueLength(), entry);
    }
    writer.end();
  }

  @Override
  public void close() {
    store.releaseSnapshot(snapshot);
    store.release();
  }

  /** Stored entries as canonical ones. */
  private static final class Entries {
    private final StateLayout layout;
    private final SlotTablesCodec codec;
    private final StoredKeys keys;
    private final StoredValues values;
    private final @Nullable Later later;
    private final HeapSlotTable merged;
    private final int[] slot = new int[1];

    Entries(Frozen state, int maxParallelism) {
      layout = state.layout();
      codec = new SlotTablesCodec(layout);
      keys = new StoredKeys(layout.keyTypes(), state.number(), maxParallelism);
      values = new StoredValues(layout);
      SlotMerge merge = layout.merge();
      later = merge == null ? null : new Later(layout, merge);
      merged =
          HeapSlotTable.create(
              new StateLayout(
                  layout.name(), List.of(DataType.LONG), layout.initialCells(), layout.objects()));
      Column[] zero = {new LongColumn(1, new long[1])};
      merged.resolve(zero, new long[] {KeyHash.mix(0)}, new int[1], 1, slot);
    }

    void writeKey(byte[] key, int length, DataOutput out) throws IOException {
      if (!keys.isOfHashOnly()) {
        out.write(key, StoredKeys.PREFIX_BYTES, length - StoredKeys.PREFIX_BYTES);
      } else if (length > StoredKeys.PREFIX_BYTES) {
        out.writeByte(0);
      } else {
        out.writeByte(1);
        out.writeLong(KeyHash.unmix(StoredKeys.hashOf(key)));
      }
    }

    void writeValue(byte[] value, int length, DataOutput out) throws IOException {
      if (later == null) {
        out.write(value, 0, length);
      } else {
        values.read(value, 0, length, merged, slot[0], later);
        codec.writeState(merged, slot[0], out);
      }
    }
  }
}
