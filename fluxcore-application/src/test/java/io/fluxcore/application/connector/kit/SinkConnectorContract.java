package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every sink connector keeps. A connector's test extends it and says how rows are read back; a
 * capability that the descriptor does not claim is not asked for. What a transactional sink keeps
 * beside is the {@link TwoPhaseSinkContract}, and an idempotent one the {@link
 * IdempotentSinkContract}, and one that takes changes the {@link ChangelogSinkContract}.
 */
public abstract class SinkConnectorContract {
  /** A field of every type. */
  protected static final Schema ALL_TYPES =
      Schema.builder()
          .field("bool", DataType.BOOLEAN)
          .field("long", DataType.LONG)
          .field("double", DataType.DOUBLE)
          .field("decimal", DataType.decimal(12, 3))
          .field("wide", DataType.decimal(38, 10))
          .field("string", DataType.STRING)
          .field("bytes", DataType.BYTES)
          .field("date", DataType.DATE)
          .field("timestamp", DataType.TIMESTAMP)
          .field("instant", DataType.TIMESTAMP_TZ)
          .field("nested", DataType.NESTED)
          .build();

  protected static final Schema PAIRS =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  /** The connector under test. */
  protected abstract SinkConnector connector();

  /** Options of a sink whose rows {@link #visibleRows} finds. */
  protected abstract Map<String, Object> options();

  /**
   * Values of the rows that are visible outside now, in {@code Values}' classes.
   *
   * @param schema of the rows
   */
  protected abstract List<List<@Nullable Object>> visibleRows(Schema schema);

  /** Fields of every type that the sink takes. */
  protected Schema allTypes() {
    return ALL_TYPES;
  }

  /**
   * A value in place of one that the outside has no way to hold; by default it holds all.
   *
   * @param type of the field
   */
  protected Object holdable(DataType type, Object value) {
    return value;
  }

  /** Whether a sink, as it is configured, takes rows that are no insertions. */
  protected boolean takesChanges() {
    Changes takes = sink(PAIRS).takes();
    return takes == null ? can(Capability.CHANGELOG) : !takes.isAppend();
  }

  /** Whether a sink that takes changelogs applies them, and does not write them down. */
  protected boolean appliesRetractions() {
    return can(Capability.IDEMPOTENT);
  }

  private List<@Nullable Object> holdableRow(Schema schema, List<@Nullable Object> row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      int from = ALL_TYPES.indexOf(schema.field(i).name());
      Object value = row.get(from);
      values.add(value == null ? null : holdable(schema.type(i), value));
    }
    return values;
  }

  private List<List<@Nullable Object>> holdableRows(
      Schema schema, List<List<@Nullable Object>> rows) {
    List<List<@Nullable Object>> result = new ArrayList<>();
    rows.forEach(row -> result.add(holdableRow(schema, row)));
    return result;
  }

  protected final Sink sink(Schema schema) {
    return connector()
        .create(OptionParser.parse(connector().descriptor(), options()).orThrow(), schema);
  }

  private boolean can(Capability capability) {
    return connector().descriptor().can(capability);
  }

  private static EventBatch batch(
      Schema schema, List<? extends List<? extends @Nullable Object>> rows) {
    EventBatchBuilder builder = new EventBatchBuilder(schema);
    for (List<? extends @Nullable Object> row : rows) {
      builder.row(0, row.toArray());
    }
    return builder.build();
  }

  private static List<List<@Nullable Object>> pairs(int from, int to) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(Arrays.asList((long) i, "name-" + i));
    }
    return rows;
  }

  @Test
  void descriptor_isComplete() {
    DescriptorContract.check(connector().descriptor());
  }

  @Test
  void wrongOptions_areAllReported() {
    DescriptorContract.checkWrongOptions(connector().descriptor());
  }

  @Test
  void writtenAndFlushed_isVisible() {
    try (SinkWriter writer = sink(PAIRS).createWriter("sink", 0, 1)) {
      writer.write(batch(PAIRS, pairs(0, 10)), RecordFailures.FAIL);
      writer.write(batch(PAIRS, pairs(10, 25)), RecordFailures.FAIL);
      writer.flush();
    }
    assertThat(visibleRows(PAIRS)).isEqualTo(pairs(0, 25));
  }

  @Test
  void eachFlush_makesMoreVisible() {
    try (SinkWriter writer = sink(PAIRS).createWriter("sink", 0, 1)) {
      for (int i = 0; i < 5; i++) {
        writer.write(batch(PAIRS, pairs(i * 3, i * 3 + 3)), RecordFailures.FAIL);
        writer.flush();
        writer.flush();
        assertThat(visibleRows(PAIRS)).isEqualTo(pairs(0, i * 3 + 3));
      }
    }
    assertThat(visibleRows(PAIRS)).isEqualTo(pairs(0, 15));
  }

  @Test
  void manyRows_areAllWritten() {
    try (SinkWriter writer = sink(PAIRS).createWriter("sink", 0, 1)) {
      for (int i = 0; i < 20; i++) {
        writer.write(batch(PAIRS, pairs(i * 2000, i * 2000 + 2000)), RecordFailures.FAIL);
      }
      writer.flush();
    }
    assertThat(visibleRows(PAIRS)).isEqualTo(pairs(0, 40_000));
  }

  @Test
  void writersOfSeveralSubtasks_writeSideBySide() {
    if (!can(Capability.PARALLEL)) {
      return;
    }
    Sink sink = sink(PAIRS);
    try (SinkWriter first = sink.createWriter("sink", 0, 2);
        SinkWriter second = sink.createWriter("sink", 1, 2)) {
      first.write(batch(PAIRS, pairs(0, 10)), RecordFailures.FAIL);
      second.write(batch(PAIRS, pairs(10, 20)), RecordFailures.FAIL);
      second.flush();
      first.flush();
    }
    assertThat(visibleRows(PAIRS)).containsExactlyInAnyOrderElementsOf(pairs(0, 20));
  }

  @Test
  void emptyBatch_writesNothing() {
    try (SinkWriter writer = sink(PAIRS).createWriter("sink", 0, 1)) {
      writer.write(batch(PAIRS, List.of()), RecordFailures.FAIL);
      writer.write(batch(PAIRS, pairs(0, 9)).withSelection(new int[0], 0), RecordFailures.FAIL);
      writer.flush();
    }
    assertThat(visibleRows(PAIRS)).isEmpty();
  }

  @Test
  void selection_decidesWhatIsWritten() {
    try (SinkWriter writer = sink(PAIRS).createWriter("sink", 0, 1)) {
      writer.write(
          batch(PAIRS, pairs(0, 10)).withSelection(new int[] {1, 3, 9, 77}, 3),
          RecordFailures.FAIL);
      writer.flush();
    }
    assertThat(visibleRows(PAIRS))
        .isEqualTo(List.of(pairs(0, 10).get(1), pairs(0, 10).get(3), pairs(0, 10).get(9)));
  }

  @Test
  void everyTypeAndNull_comesBack() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    rows.add(
        Arrays.asList(
            true,
            Long.MIN_VALUE,
            -0.0,
            new BigDecimal("-123456789.125"),
            new BigDecimal("1234567890123456789012345678.0123456789"),
            "comma, \"quote\", line\nend, tab\t, nul\u0000, ünïcödé, 😀 ",
            "bytes".getBytes(StandardCharsets.UTF_8),
            LocalDate.of(1969, 12, 31),
            LocalDateTime.of(2024, 2, 29, 23, 59, 59, 999_999_000),
            Instant.parse("1969-12-31T23:59:59.000001Z"),
            Map.of("list", Arrays.asList(1L, "a", null, true), "number", 1.5)));
    rows.add(Arrays.asList(new @Nullable Object[ALL_TYPES.size()]));
    rows.add(
        Arrays.asList(
            false,
            Long.MAX_VALUE,
            Double.MAX_VALUE,
            new BigDecimal("0.000"),
            new BigDecimal("0.0000000000"),
            "",
            new byte[0],
            LocalDate.of(1, 1, 1),
            LocalDateTime.of(1, 1, 1, 0, 0),
            Instant.parse("9999-12-31T23:59:59.999999Z"),
            List.of()));
    assertTheyComeBack(rows);
  }

  private void assertTheyComeBack(List<List<@Nullable Object>> sample) {
    Schema schema = allTypes();
    List<List<@Nullable Object>> rows = holdableRows(schema, sample);
    try (SinkWriter writer = sink(schema).createWriter("sink", 0, 1)) {
      writer.write(batch(schema, rows), RecordFailures.FAIL);
      writer.flush();
    }
    assertSameRows(visibleRows(schema), rows);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomRows_comeBack(long seed) {
    RandomRows random = new RandomRows(new Random(seed));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rows.add(random.row(ALL_TYPES));
    }
    assertTheyComeBack(rows);
  }

  private static void assertSameRows(
      List<List<@Nullable Object>> actual, List<List<@Nullable Object>> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      @Nullable Object[] row = expected.get(i).toArray();
      assertThat(Arrays.deepEquals(actual.get(i).toArray(), row))
          .as("row %s is %s, written was %s", i, actual.get(i), Arrays.deepToString(row))
          .isTrue();
    }
  }

  private static void assertNothing(List<List<@Nullable Object>> rows) {
    assertThat(rows).isEmpty();
  }

  @Test
  void closedWithoutFlush_leavesNothingVisibleWhereTransactional() {
    if (!can(Capability.TRANSACTIONAL)) {
      return;
    }
    SinkWriter writer = sink(PAIRS).createWriter("sink", 0, 1);
    writer.write(batch(PAIRS, pairs(0, 10)), RecordFailures.FAIL);
    writer.close();
    writer.close();
    assertNothing(visibleRows(PAIRS));
  }

  @Test
  void whoClaimsTransactions_hasCommits() {
    assertThat(sink(PAIRS) instanceof TwoPhaseSink).isEqualTo(can(Capability.TRANSACTIONAL));
  }

  @Test
  void retractions_areWrittenOrRefused() {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    builder.row(RowKind.INSERT, 0, 1L, "a");
    builder.row(RowKind.UPDATE_BEFORE, 0, 1L, "a");
    builder.row(RowKind.UPDATE_AFTER, 0, 1L, "b");
    builder.row(RowKind.DELETE, 0, 1L, "b");
    List<String> refused = new ArrayList<>();
    try (SinkWriter writer = sink(PAIRS).createWriter("sink", 0, 1)) {
      writer.write(
          builder.build(),
          (batch, row, error) -> refused.add(batch.rowKind(row).sign() + " " + error.code()));
      writer.flush();
    }
    if (takesChanges()) {
      assertThat(refused).isEmpty();
      assertThat(visibleRows(PAIRS)).hasSize(appliesRetractions() ? 0 : 4);
    } else {
      assertThat(refused).hasSize(3).allMatch(r -> r.contains("FLX-"));
      assertThat(visibleRows(PAIRS)).hasSize(1);
    }
  }
}
