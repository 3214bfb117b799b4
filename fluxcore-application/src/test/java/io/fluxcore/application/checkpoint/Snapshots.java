package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.NativeFile;
import io.fluxcore.domain.state.NativeSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.SnapshotTarget;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A snapshot of a job of two subtasks with known contents, always the same to the last byte. */
final class Snapshots {
  static final JobId JOB = new JobId("job_snapshots");
  static final int GROUPS = 8;
  static final JobConfig CONFIG =
      JobConfig.builder().name("orders").version("3").maxParallelism(GROUPS).build();
  static final InstantSource TIME = () -> Instant.parse("2026-03-01T12:00:00.500Z");
  static final SavepointId SAVEPOINT = new SavepointId("sp-kept1");

  private static final StateSerializer<Object> TEXT =
      new StateSerializer<>() {
        @Override
        public String id() {
          return "test.text";
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(Object value, DataOutput out) throws IOException {
          out.writeUTF((String) value);
        }

        @Override
        public Object read(DataInput in, int version) throws IOException {
          return in.readUTF();
        }
      };

  private static final StateLayout LAYOUT =
      new StateLayout(
          "sums", List.of(DataType.LONG, DataType.STRING), new long[] {0, -1}, List.of(TEXT));

  private Snapshots() {}

  private static StateBackend filled(KeyGroupRange range) {
    HeapStateBackend state = new HeapStateBackend(range, GROUPS);
    SlotTables tables = state.tables(LAYOUT);
    for (long namespace : new long[] {-60_000, 0, 1_772_366_400_000L}) {
      for (int i = 0; i < 60; i++) {
        Column[] key = key(i);
        long[] hash = new long[1];
        KeyHash.ofRows(key, new int[] {0}, 1, hash);
        if (range.contains(KeyGroups.ofHash(hash[0], GROUPS))) {
          int[] slot = new int[1];
          SlotTable table = tables.table(namespace);
          table.resolve(key, hash, new int[] {0}, 1, slot);
          table.cells()[slot[0] * table.stride() + table.offset(0)] = namespace + i;
          table.objects(0)[slot[0]] = i % 3 == 0 ? null : "word " + i;
        }
      }
    }
    return state;
  }

  private static Column[] key(int i) {
    ColumnBuilder number = new ColumnBuilder(DataType.LONG, 1);
    number.append(i % 7 == 0 ? null : (Object) (long) i);
    ColumnBuilder text = new ColumnBuilder(DataType.STRING, 1);
    text.append("ä" + i % 5);
    return new Column[] {number.build(), text.build()};
  }

  /** What is restored of the keyed state, as text. */
  static Map<String, String> contents(JobSnapshot snapshot) {
    HeapStateBackend state = HeapStateBackend.whole(GROUPS);
    SlotTables tables = state.tables(LAYOUT);
    OperatorSnapshot sums = snapshot.operators().get("sums");
    if (sums != null) {
      state.restore(sums);
    }
    Map<String, String> contents = new TreeMap<>();
    for (long namespace : tables.namespaces()) {
      SlotTable table = tables.table(namespace);
      int end = table.load(0, 1);
      for (int slot = 0; slot < end; slot++) {
        if (table.isLive(slot)) {
          Column[] key = table.keys(new int[] {slot}, 1);
          contents.put(
              namespace + "/" + key[0].get(0) + "/" + key[1].get(0),
              table.cells()[slot * table.stride() + table.offset(0)]
                  + "/"
                  + table.cells()[slot * table.stride() + table.offset(1)]
                  + "/"
                  + table.objects(0)[slot]);
        }
      }
    }
    return contents;
  }

  /** Everything else that is restored, as text. */
  static Map<String, String> rest(JobSnapshot snapshot) throws IOException {
    Map<String, String> rest = new TreeMap<>();
    for (OperatorSnapshot operator : snapshot.operators().values()) {
      for (var entry : operator.entries().entrySet()) {
        List<String> texts = new ArrayList<>();
        entry.getValue().forEach(bytes -> texts.add(java.util.Arrays.toString(bytes)));
        rest.put(operator.operatorId() + "/" + entry.getKey(), texts.toString());
      }
      if (operator.keyed().containsKey("horizon")) {
        for (int group = 0; group < GROUPS; group++) {
          rest.put(
              operator.operatorId() + "/horizon/" + group,
              java.util.Arrays.toString(operator.keyedBytes("horizon", group)));
        }
      }
      for (NativeSnapshot own : operator.natives()) {
        for (NativeFile file : own.files()) {
          rest.put(
              own.backend() + own.keyGroups() + file.name() + file.shared(),
              java.util.Arrays.toString(file.content().bytes()));
        }
      }
    }
    return rest;
  }

  private static List<FrozenOperator> part(int subtask, SnapshotFormat format) {
    KeyGroupRange range = KeyGroups.range(subtask, GROUPS, 2);
    OperatorSnapshot.Builder own = OperatorSnapshot.builder("sums");
    for (int group = range.first(); group <= range.last(); group++) {
      own.keyed("horizon", group, new byte[] {0, 0, 1, 2, 3, 4, 5, (byte) group});
    }
    own.entry("ledger", new byte[80]);
    OperatorSnapshot source =
        OperatorSnapshot.builder("orders")
            .entry("split", new byte[] {1, (byte) subtask})
            .entry("split", new byte[0])
            .build();
    FrozenState state =
        format == SnapshotFormat.CANONICAL
            ? filled(range).freeze(format)
            : nativeState(subtask, range);
    return List.of(new FrozenOperator(own.build(), state), FrozenOperator.of(source));
  }

  private static FrozenState nativeState(int subtask, KeyGroupRange range) {
    return new FrozenState() {
      @Override
      public void write(SnapshotTarget target) throws IOException {
        byte[] large = new byte[100_000];
        new java.util.Random(subtask).nextBytes(large);
        target.nativeState(
            new NativeSnapshot(
                "files",
                range,
                new byte[] {9},
                List.of(
                    new NativeFile("0" + subtask + ".sst", true, Payload.of(large)),
                    new NativeFile("CURRENT", false, Payload.of(new byte[] {1, 2, 3})))));
      }

      @Override
      public void close() {}
    };
  }

  /** Writes the snapshot, and gives where it is. */
  static CheckpointLocation write(CheckpointStorage storage, SnapshotFormat format)
      throws IOException {
    JobCheckpoints owner = storage.own(JOB);
    SnapshotRequest request =
        format == SnapshotFormat.CANONICAL
            ? SnapshotRequest.savepoint(SAVEPOINT, "kept for ever", false)
            : SnapshotRequest.CHECKPOINT;
    try (SnapshotWriter writer = owner.begin(request, owner.nextId())) {
      writer.write(part(0, format));
      writer.write(part(1, format));
      return owner.complete(writer, CONFIG, java.time.Duration.ZERO).entry().location();
    }
  }
}
