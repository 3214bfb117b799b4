package io.fluxcore.domain.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.harness.EvictingStateBackend;
import io.fluxcore.domain.key.KeyGroups;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** State to canonical bytes and back: values, payloads, whole snapshots, and damage to them. */
class SnapshotTest {
  private static final int GROUPS = 16;

  private record Words(String id, int version) implements StateSerializer<Object> {
    @Override
    public void write(Object value, DataOutput out) throws IOException {
      out.writeUTF((String) value);
      if (version == 2) {
        out.writeInt(2);
      }
    }

    @Override
    public Object read(DataInput in, int written) throws IOException {
      String text = in.readUTF();
      return written == 2 ? text + in.readInt() : text;
    }
  }

  private static StateLayout layout(int serializerVersion) {
    return new StateLayout(
        "words",
        List.of(DataType.LONG, DataType.STRING),
        new long[] {0, Long.MAX_VALUE},
        List.of(new Words("word", serializerVersion)));
  }

  private static void fill(StateBackend state, Random random, int keys) {
    SlotTables tables = state.tables(layout(1));
    for (long namespace : new long[] {Long.MIN_VALUE, -1, 0, 1_700_000_000_000L}) {
      SlotTable table = tables.table(namespace);
      for (int i = 0; i < keys; i++) {
        @Nullable Object a = random.nextInt(9) == 0 ? null : (Object) (long) random.nextInt(50);
        @Nullable Object b = random.nextInt(9) == 0 ? null : "ä" + random.nextInt(9);
        Column[] key =
            SlotTableTest.keys(
                List.of(DataType.LONG, DataType.STRING), List.of(Arrays.asList(a, b)));
        int group = KeyGroups.ofHash(SlotTableTest.hashes(key, 1)[0], GROUPS);
        if (state.keyGroups().contains(group)) {
          int slot = SlotTableTest.resolve(table, key, 1)[0];
          table.cells()[slot * table.stride() + table.offset(0)] = i;
          table.objects(0)[slot] = i % 3 == 0 ? null : "word " + i;
        }
      }
    }
    state.commit();
  }

  /** Namespace and key → state. */
  private static Map<String, String> contents(StateBackend state) {
    Map<String, String> contents = new HashMap<>();
    SlotTables tables = state.tables(layout(1));
    for (long namespace : tables.namespaces()) {
      SlotTable table = tables.table(namespace);
      int end = table.load(0, 1);
      for (int slot = 0; slot < end; slot++) {
        if (table.isLive(slot)) {
          Column[] key = table.keys(new int[] {slot}, 1);
          int base = slot * table.stride();
          contents.put(
              namespace + "/" + key[0].get(0) + "/" + key[1].get(0),
              table.cells()[base + table.offset(0)]
                  + "/"
                  + table.cells()[base + table.offset(1)]
                  + "/"
                  + table.objects(0)[slot]);
        }
      }
    }
    return contents;
  }

  private static OperatorSnapshot snapshot(StateBackend state) {
    OperatorSnapshot own = OperatorSnapshot.builder("op").build();
    return new FrozenOperator(own, state.freeze(SnapshotFormat.CANONICAL)).inMemory();
  }

  private static byte[] write(JobSnapshot snapshot) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CanonicalSnapshot.write(snapshot, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static JobSnapshot read(byte[] bytes) {
    try {
      return CanonicalSnapshot.read(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String code(Throwable thrown) {
    assertThat(thrown).isInstanceOf(FluxCoreException.class);
    return ((FluxCoreException) thrown).code();
  }

  @Test
  void values_ofEveryType_comeBack() throws IOException {
    Map<DataType, List<Object>> values = new LinkedHashMap<>();
    values.put(DataType.BOOLEAN, List.of(true, false));
    values.put(DataType.LONG, List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE));
    values.put(
        DataType.DOUBLE,
        List.of(-0.0, 0.0, Double.NaN, Double.MIN_VALUE, Double.NEGATIVE_INFINITY));
    values.put(DataType.decimal(18, 3), List.of(new BigDecimal("-999999999999999.999")));
    values.put(
        DataType.decimal(38, 0), List.of(new BigDecimal("99999999999999999999999999999999999999")));
    values.put(
        DataType.STRING,
        List.of("", "ıİ", "\0", "😀", "lone \uD800 surrogate", "\uDC00\uD800", "x".repeat(70_000)));
    values.put(DataType.BYTES, List.of(new byte[0], new byte[] {-1, 0, 1}));
    values.put(DataType.DATE, List.of(LocalDate.of(-1, 1, 1), LocalDate.EPOCH));
    values.put(
        DataType.TIMESTAMP, List.of(LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000)));
    values.put(DataType.TIMESTAMP_TZ, List.of(Instant.ofEpochSecond(-1, 1000), Instant.EPOCH));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("null", null);
    map.put("list", Arrays.asList(1L, 2.5, new BigDecimal("1.00"), "s", true, null, Map.of()));
    values.put(DataType.NESTED, List.of(map, "text", 1L, 2.0, false, List.of(), BigDecimal.TEN));
    for (Map.Entry<DataType, List<Object>> entry : values.entrySet()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      ValueCodec.write(entry.getKey(), null, out);
      for (Object value : entry.getValue()) {
        ValueCodec.write(entry.getKey(), value, out);
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      assertThat(ValueCodec.read(entry.getKey(), in)).isNull();
      for (Object value : entry.getValue()) {
        assertThat(ValueCodec.read(entry.getKey(), in)).as("%s", entry.getKey()).isEqualTo(value);
      }
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void state_comesBackAtAnyParallelism_onAnyBackend() {
    StateBackend whole = HeapStateBackend.whole(GROUPS);
    fill(whole, new Random(5), 200);
    Map<String, String> expected = contents(whole);
    assertThat(expected).hasSizeGreaterThan(300);
    List<OperatorSnapshot> parts = List.of(snapshot(whole));
    for (int parallelism : new int[] {2, 3, 1, 4, GROUPS, 1}) {
      JobSnapshot job = read(write(JobSnapshot.of(9, GROUPS, parts)));
      assertThat(job.checkpointId()).isEqualTo(9);
      assertThat(job.maxParallelism()).isEqualTo(GROUPS);
      Map<String, String> found = new HashMap<>();
      parts = new ArrayList<>();
      for (int subtask = 0; subtask < parallelism; subtask++) {
        var range = KeyGroups.range(subtask, GROUPS, parallelism);
        StateBackend state =
            parallelism % 2 == 0
                ? new HeapStateBackend(range, GROUPS)
                : new EvictingStateBackend(range, GROUPS, 1);
        state.tables(layout(1));
        state.restore(job.operators().get("op"));
        Map<String, String> own = contents(state);
        int before = found.size();
        found.putAll(own);
        assertThat(found).hasSize(before + own.size());
        parts.add(snapshot(state));
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void serializer_readsItsOlderVersions() {
    StateBackend old = HeapStateBackend.whole(GROUPS);
    fill(old, new Random(5), 50);
    StateBackend newer = HeapStateBackend.whole(GROUPS);
    newer.tables(layout(2));
    newer.restore(snapshot(old));
    assertThat(contents(newer)).isEqualTo(contents(old));
    StateBackend newest = HeapStateBackend.whole(GROUPS);
    newest.tables(layout(1));
    newest.restore(snapshot(newer));
    assertThat(contents(newest).values()).anyMatch(value -> value.matches(".*/word \\d*2"));
  }

  @Test
  void damagedPayload_isRefused() {
    StateBackend state = HeapStateBackend.whole(1);
    fill(state, new Random(5), 3);
    byte[] payload = snapshot(state).keyedBytes("words", 0);
    StateLayout layout = layout(1);
    for (int i = 0; i < payload.length; i++) {
      byte[] damaged = payload.clone();
      damaged[i] ^= 0x10;
      assertThat(code(catchThrowable(() -> restore(damaged, layout)))).isEqualTo("FLX-STATE-0001");
      byte[] torn = Arrays.copyOf(payload, i);
      assertThat(code(catchThrowable(() -> restore(torn, layout)))).isEqualTo("FLX-STATE-0001");
    }
    restore(payload, layout);
  }

  private static void restore(byte[] payload, StateLayout layout) {
    StateBackend state = HeapStateBackend.whole(1);
    state.tables(layout);
    state.restore(OperatorSnapshot.builder("op").keyed("words", 0, payload).build());
  }

  @Test
  void largeGroup_comesBackFromSeveralBlocks() {
    StateBackend state = HeapStateBackend.whole(1);
    fill(state, new Random(5), 30_000);
    Map<String, String> expected = contents(state);
    OperatorSnapshot snapshot = snapshot(state);
    StateBackend heap = HeapStateBackend.whole(1);
    StateBackend evicting = EvictingStateBackend.whole(1);
    for (StateBackend target : List.of(heap, evicting)) {
      target.tables(layout(1));
      target.restore(snapshot);
      assertThat(contents(target)).isEqualTo(expected);
    }
  }

  @Test
  void frozenState_isThatOfItsMoment() {
    StateBackend state = HeapStateBackend.whole(GROUPS);
    fill(state, new Random(5), 20);
    Map<String, String> before = contents(state);
    OperatorSnapshot own = OperatorSnapshot.builder("op").entry("n", new byte[] {1}).build();
    FrozenOperator frozen = new FrozenOperator(own, state.freeze(SnapshotFormat.NATIVE));
    fill(state, new Random(6), 90);
    state.close();
    OperatorSnapshot written = frozen.inMemory();
    assertThat(written.entries("n")).containsExactly(new byte[] {1});
    StateBackend target = HeapStateBackend.whole(GROUPS);
    target.tables(layout(1));
    target.restore(written);
    assertThat(contents(target)).isEqualTo(before);
  }

  @Test
  void nativeStateOfAnotherBackend_isRefused() {
    NativeFile file = new NativeFile("000012.sst", true, Payload.of(new byte[9]));
    NativeSnapshot own =
        new NativeSnapshot("rocksdb", KeyGroups.range(0, 1, 1), new byte[1], List.of(file));
    OperatorSnapshot snapshot = OperatorSnapshot.builder("op").nativeState(own).build();
    assertThat(snapshot.bytes()).isEqualTo(9);
    assertThat(snapshot.natives("rocksdb")).containsExactly(own);
    assertThatThrownBy(() -> HeapStateBackend.whole(1).restore(snapshot))
        .hasMessageContaining("FLX-STATE-0004")
        .hasMessageContaining("'rocksdb'");
    assertThatThrownBy(() -> new NativeFile("../up", true, Payload.of(new byte[0])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void payloadOfAnotherVersion_isRefused() {
    StateBackend state = HeapStateBackend.whole(1);
    fill(state, new Random(5), 3);
    byte[] payload = snapshot(state).keyedBytes("words", 0);
    payload[0] = 2;
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, payload.length - 4);
    for (int i = 0; i < 4; i++) {
      payload[payload.length - 4 + i] = (byte) (crc.getValue() >>> (24 - 8 * i));
    }
    assertThatThrownBy(() -> restore(payload, layout(1)))
        .hasMessageContaining("FLX-STATE-0001")
        .hasMessageContaining("format version is 2");
  }

  @Test
  void payloadOfAnotherLayout_isRefused() {
    StateBackend state = HeapStateBackend.whole(1);
    fill(state, new Random(5), 3);
    byte[] payload = snapshot(state).keyedBytes("words", 0);
    List<DataType> keys = List.of(DataType.LONG, DataType.STRING);
    StateSerializer<Object> word = new Words("word", 1);
    for (StateLayout other :
        List.of(
            new StateLayout("words", List.of(DataType.LONG), new long[2], List.of(word)),
            new StateLayout(
                "words", List.of(DataType.DATE, DataType.STRING), new long[2], List.of(word)),
            new StateLayout("words", keys, new long[3], List.of(word)),
            new StateLayout("words", keys, new long[2], List.of()),
            new StateLayout("words", keys, new long[2], List.of(new Words("other", 1))))) {
      Throwable thrown = catchThrowable(() -> restore(payload, other));
      assertThat(code(thrown)).isEqualTo("FLX-STATE-0002");
      assertThat(thrown).hasMessageContaining("operator 'op', state 'words', key group 0");
    }
  }

  @Test
  void payloadOfAnotherKeyGroup_isRefused() {
    StateBackend state = HeapStateBackend.whole(GROUPS);
    fill(state, new Random(5), 50);
    OperatorSnapshot snapshot = snapshot(state);
    OperatorSnapshot swapped =
        OperatorSnapshot.builder("op").keyed("words", 3, snapshot.keyedBytes("words", 4)).build();
    StateBackend target = HeapStateBackend.whole(GROUPS);
    target.tables(layout(1));
    assertThat(code(catchThrowable(() -> target.restore(swapped)))).isEqualTo("FLX-STATE-0001");
  }

  private static JobSnapshot job() {
    StateBackend state = HeapStateBackend.whole(4);
    fill(state, new Random(5), 3);
    OperatorSnapshot.Builder builder = snapshot(state).toBuilder();
    builder.entry("split", new byte[] {1, 2}).entry("split", new byte[0]);
    return JobSnapshot.of(7, 4, List.of(builder.build(), OperatorSnapshot.builder("öp 2").build()));
  }

  @Test
  void snapshot_comesBack() {
    JobSnapshot job = read(write(job()));
    assertThat(job.operators().keySet()).containsExactly("op", "öp 2");
    OperatorSnapshot operator = job.operators().get("op");
    assertThat(operator.entries("split")).containsExactly(new byte[] {1, 2}, new byte[0]);
    assertThat(operator.entries("none")).isEmpty();
    assertThat(operator.keyed("none", 0)).isNull();
    assertThat(write(job)).isEqualTo(write(job()));
  }

  @Test
  void snapshot_tornAnywhere_isRefused() {
    byte[] bytes = write(job());
    for (int length = 0; length < bytes.length; length++) {
      byte[] torn = Arrays.copyOf(bytes, length);
      assertThat(code(catchThrowable(() -> read(torn)))).isEqualTo("FLX-STATE-0003");
    }
  }

  @Test
  void snapshot_withAnyBitFlipped_isRefused() {
    byte[] bytes = write(job());
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Throwable thrown = catchThrowable(() -> read(damaged));
      assertThat(code(thrown)).as("bit %d", bit).isEqualTo("FLX-STATE-0003");
    }
  }

  @Test
  void foreignFile_isRefusedByName() {
    assertThatThrownBy(
            () -> read("PK\3\4 not ours at all".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .hasMessageContaining("not a FluxCore snapshot");
  }

  @Test
  void largePayload_travelsInChunks() {
    byte[] large = new byte[2 * CanonicalSnapshot.CHUNK_BYTES + 5];
    new Random(1).nextBytes(large);
    JobSnapshot job =
        JobSnapshot.of(1, 4, List.of(OperatorSnapshot.builder("op").keyed("s", 2, large).build()));
    assertThat(read(write(job)).operators().get("op").keyedBytes("s", 2)).isEqualTo(large);
  }

  @Test
  void keyGroupWrittenTwice_isABug() {
    OperatorSnapshot one = OperatorSnapshot.builder("op").keyed("s", 2, new byte[1]).build();
    assertThatThrownBy(() -> JobSnapshot.of(1, 4, List.of(one, one)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("key group 2");
  }
}
