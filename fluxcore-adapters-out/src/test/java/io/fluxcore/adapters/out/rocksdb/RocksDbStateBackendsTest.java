package io.fluxcore.adapters.out.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.NativeFile;
import io.fluxcore.domain.state.NativeSnapshot;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDbStateBackendsTest {
  private static final int GROUPS = 8;
  private static final KeyGroupRange ALL = KeyGroups.range(0, GROUPS, 1);

  @TempDir Path directory;

  private static StateLayout layout(long... cells) {
    return new StateLayout("numbers", List.of(DataType.LONG), cells, List.of());
  }

  private static void add(StateBackend state, StateLayout layout, long first, int count) {
    long[] values = IntStream.range(0, count).mapToLong(i -> first + i).toArray();
    int[] rows = IntStream.range(0, count).toArray();
    long[] hashes = new long[count];
    Column[] keys = {new LongColumn(count, values)};
    KeyHash.ofRows(keys, rows, count, hashes);
    SlotTable table = state.tables(layout).table(0);
    int[] slots = new int[count];
    table.resolve(keys, hashes, rows, count, slots);
    for (int i = 0; i < count; i++) {
      table.cells()[slots[i] * table.stride() + table.offset(0)] = values[i];
    }
    state.commit();
  }

  private static OperatorSnapshot frozen(StateBackend state) {
    return new FrozenOperator(
            OperatorSnapshot.builder("op").build(), state.freeze(SnapshotFormat.NATIVE))
        .inMemory();
  }

  private List<Path> runs() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.toList();
    }
  }

  @Test
  void leftoversOfAKilledProcess_areDeleted_butNotWhatAnotherOneUses() throws IOException {
    Path left = Files.createDirectories(directory.resolve("run-left/store-1"));
    Files.writeString(left.resolve("000007.sst"), "left");
    Files.createFile(directory.resolve("run-left/LOCK"));
    Path used = Files.createDirectory(directory.resolve("run-used"));
    Files.createFile(used.resolve("LOCK"));
    Files.writeString(directory.resolve("notes.txt"), "not ours");
    try (FileChannel channel = FileChannel.open(used.resolve("LOCK"), StandardOpenOption.WRITE)) {
      assertThat(channel.tryLock()).isNotNull();
      try (RocksDbStateBackends backends = new RocksDbStateBackends(TinyCaches.in(directory))) {
        backends.create("op", ALL, GROUPS).close();
        assertThat(runs())
            .contains(used, directory.resolve("notes.txt"))
            .doesNotContain(directory.resolve("run-left"))
            .hasSize(3);
      }
    }
    assertThat(runs()).containsExactlyInAnyOrder(used, directory.resolve("notes.txt"));
  }

  @Test
  void stateThatCannotFit_isRefusedWithTheNumbers() throws IOException {
    try (RocksDbStateBackends backends =
        new RocksDbStateBackends(new RocksDbSettings(directory, 5L << 20, 0))) {
      List<StateBackend> states = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        states.add(backends.create("op " + i, ALL, GROUPS));
      }
      states.get(0).tables(layout(0));
      states.get(1).tables(layout(0));
      FluxCoreException refused =
          catchThrowableOfType(FluxCoreException.class, () -> states.get(2).tables(layout(0)));
      assertThat(refused.category()).isEqualTo(ErrorCategory.RESOURCE);
      assertThat(refused.code()).isEqualTo("FLX-ROCKSDB-0003");
      assertThat(refused).hasMessageContaining("op 2").hasMessageContaining("6 MiB");
      assertThat(refused).hasMessageContaining("the cap of all jobs is 5 MiB");
      states.get(0).close();
      states.get(3).tables(layout(0));
      states.get(1).close();
      states.get(3).close();
    }
  }

  /** Objects are counted with what they hold, also where it grows after they were made. */
  @Test
  void largeObjects_doNotStayOnTheHeap() throws IOException {
    StateLayout layout =
        new StateLayout("texts", List.of(DataType.LONG), new long[0], List.of(new Texts()));
    int cacheBytes = 1 << 20;
    try (RocksDbStateBackends backends =
            new RocksDbStateBackends(new RocksDbSettings(directory, 64L << 20, cacheBytes));
        StateBackend state = backends.create("op", ALL, GROUPS)) {
      int count = 100;
      int[] rows = IntStream.range(0, count).toArray();
      for (int round = 0; round < 40; round++) {
        long[] values = IntStream.range(0, count).mapToLong(i -> i % 50 + i / 50 * 1000L).toArray();
        long[] hashes = new long[count];
        Column[] keys = {new LongColumn(count, values)};
        KeyHash.ofRows(keys, rows, count, hashes);
        SlotTable table = state.tables(layout).table(0);
        int[] slots = new int[count];
        table.resolve(keys, hashes, rows, count, slots);
        for (int slot : slots) {
          Object known = table.objects(0)[slot];
          table.objects(0)[slot] = (known == null ? "" : known) + "x".repeat(1_000);
        }
        state.commit();
        long onHeap = ((RocksDbStateBackend) state).cacheBytes();
        assertThat(onHeap).as("round " + round).isLessThan(2 * cacheBytes + 100 * 40_000L);
      }
      assertThat(((RocksDbStateBackend) state).cacheBytes()).isLessThan(3L * cacheBytes);
      try (Stream<Path> files = Files.walk(directory)) {
        assertThat(files).anyMatch(file -> file.toString().endsWith(".sst"));
      }
      SlotTable table = state.tables(layout).table(0);
      int texts = 0;
      int parts = table.parts();
      for (int part = 0; part < parts; part++) {
        int end = table.load(part, parts);
        for (int slot = 0; slot < end; slot++) {
          assertThat((String) table.objects(0)[slot]).hasSize(40_000);
          texts++;
        }
      }
      assertThat(texts).isEqualTo(count);
    }
  }

  private static final class Texts implements StateSerializer<Object> {
    @Override
    public String id() {
      return "text";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public void write(Object value, DataOutput out) throws IOException {
      ValueCodec.write(DataType.STRING, value, out);
    }

    @Override
    public Object read(DataInput in, int version) throws IOException {
      return Objects.requireNonNull(ValueCodec.read(DataType.STRING, in));
    }

    @Override
    public long estimatedBytes(Object value) {
      return ObjectBytes.ofValue(value);
    }
  }

  @Test
  void stateOfAJob_isGoneFromTheDiskWhenItIsClosed() throws IOException {
    try (RocksDbStateBackends backends = new RocksDbStateBackends(TinyCaches.in(directory))) {
      try (StateBackend state = backends.create("op", ALL, GROUPS)) {
        add(state, layout(0), 0, 20_000);
        try (Stream<Path> files = Files.walk(directory)) {
          assertThat(files).anyMatch(file -> file.toString().endsWith(".sst"));
        }
        assertThat(state.estimatedBytes()).isGreaterThan(20_000L * 14);
      }
      try (Stream<Path> files = Files.walk(directory)) {
        assertThat(files.filter(Files::isRegularFile))
            .extracting(file -> file.getFileName().toString())
            .containsExactly("LOCK");
      }
    }
  }

  private static Set<String> sharedFiles(OperatorSnapshot snapshot) {
    return snapshot.natives().get(0).files().stream()
        .filter(NativeFile::shared)
        .map(NativeFile::name)
        .collect(Collectors.toSet());
  }

  @Test
  void checkpoints_shareTheFilesThatHaveNotChanged_alsoAfterARestore() throws IOException {
    try (RocksDbStateBackends backends = new RocksDbStateBackends(TinyCaches.in(directory));
        StateBackend state = backends.create("op", ALL, GROUPS);
        StateBackend restored = backends.create("op", ALL, GROUPS)) {
      add(state, layout(0), 0, 20_000);
      OperatorSnapshot first = frozen(state);
      add(state, layout(0), 50_000, 10_000);
      OperatorSnapshot second = frozen(state);
      assertThat(sharedFiles(second)).containsAll(sharedFiles(first)).hasSizeGreaterThan(1);
      restored.tables(layout(0));
      restored.restore(second);
      add(restored, layout(0), 90_000, 10_000);
      OperatorSnapshot third = frozen(restored);
      assertThat(sharedFiles(third)).containsAll(sharedFiles(second));
      add(state, layout(0), 90_000, 10_000);
      Set<String> others = sharedFiles(frozen(state));
      others.removeAll(sharedFiles(second));
      assertThat(sharedFiles(third)).doesNotContainAnyElementsOf(others);
    }
  }

  @Test
  void snapshotOfAnotherLayout_isRefused() throws IOException {
    try (RocksDbStateBackends backends = new RocksDbStateBackends(TinyCaches.in(directory));
        StateBackend state = backends.create("op", ALL, GROUPS);
        StateBackend other = backends.create("op", ALL, GROUPS)) {
      add(state, layout(0), 0, 1_000);
      OperatorSnapshot snapshot = frozen(state);
      other.tables(layout(0, 0));
      assertThatThrownBy(() -> other.restore(snapshot))
          .hasMessageContaining("FLX-ROCKSDB-0006")
          .hasMessageContaining("1 cells")
          .hasMessageContaining("2 cells");
    }
  }

  @Test
  void snapshotWithoutAFile_isRefused() throws IOException {
    try (RocksDbStateBackends backends = new RocksDbStateBackends(TinyCaches.in(directory));
        StateBackend state = backends.create("op", ALL, GROUPS);
        StateBackend other = backends.create("op", ALL, GROUPS)) {
      add(state, layout(0), 0, 20_000);
      NativeSnapshot whole = frozen(state).natives().get(0);
      List<NativeFile> files = new ArrayList<>();
      for (NativeFile file : whole.files()) {
        files.add(
            file.shared() ? new NativeFile(file.name(), true, Payload.of(new byte[100])) : file);
      }
      OperatorSnapshot damaged =
          OperatorSnapshot.builder("op")
              .nativeState(
                  new NativeSnapshot(whole.backend(), whole.keyGroups(), whole.metadata(), files))
              .build();
      other.tables(layout(0));
      assertThatThrownBy(() -> other.restore(damaged)).hasMessageContaining("FLX-ROCKSDB-0001");
    }
  }
}
