package io.fluxcore.infrastructure.embedded;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.NativeFile;
import io.fluxcore.domain.state.NativeSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.SnapshotTarget;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * State on the heap with a format of its own: a shared file for each state and key group, named by
 * what it holds, so that what has not changed is not written again.
 */
final class FileHeapBackend implements StateBackend {
  private static final String NAME = "files";
  private final HeapStateBackend heap;

  FileHeapBackend(KeyGroupRange range, int maxParallelism) {
    this.heap = new HeapStateBackend(range, maxParallelism);
  }

  @Override
  public SlotTables tables(StateLayout layout) {
    return heap.tables(layout);
  }

  @Override
  public KeyGroupRange keyGroups() {
    return heap.keyGroups();
  }

  @Override
  public void commit() {
    heap.commit();
  }

  @Override
  public FrozenState freeze(SnapshotFormat format) {
    FrozenState frozen = heap.freeze(format);
    return format == SnapshotFormat.CANONICAL ? frozen : new Files(frozen);
  }

  private final class Files implements FrozenState {
    private final FrozenState frozen;

    Files(FrozenState frozen) {
      this.frozen = frozen;
    }

    @Override
    public void write(SnapshotTarget target) throws IOException {
      OperatorSnapshot all =
          new FrozenOperator(OperatorSnapshot.builder("x").build(), frozen).inMemory();
      List<NativeFile> files = new ArrayList<>();
      for (var state : all.keyed().entrySet()) {
        for (var group : state.getValue().entrySet()) {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(state.getKey());
            out.writeInt(group.getKey());
            out.write(group.getValue().bytes());
          }
          CRC32C crc = new CRC32C();
          crc.update(bytes.toByteArray());
          String name = state.getKey() + "-" + group.getKey() + "-" + crc.getValue() + ".state";
          files.add(new NativeFile(name, true, Payload.of(bytes.toByteArray())));
        }
      }
      files.add(new NativeFile("CURRENT", false, Payload.of(new byte[] {7})));
      target.nativeState(new NativeSnapshot(NAME, keyGroups(), new byte[] {1, 2}, files));
    }

    @Override
    public void close() {
      frozen.close();
    }
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    OperatorSnapshot.Builder canonical = OperatorSnapshot.builder(snapshot.operatorId());
    snapshot
        .keyed()
        .forEach((state, groups) -> groups.forEach((group, p) -> canonical.keyed(state, group, p)));
    try {
      for (NativeSnapshot own : snapshot.natives(NAME)) {
        for (NativeFile file : own.files()) {
          if (file.shared()) {
            try (DataInputStream in = new DataInputStream(file.content().open())) {
              String state = in.readUTF();
              canonical.keyed(state, in.readInt(), Payload.of(in.readAllBytes()));
            }
          } else if (file.content().bytes()[0] != 7 || own.metadata().length != 2) {
            throw new IOException("CURRENT is not what it was");
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    heap.restore(canonical.build());
  }

  @Override
  public long estimatedBytes() {
    return heap.estimatedBytes();
  }

  @Override
  public void close() {
    heap.close();
  }
}
