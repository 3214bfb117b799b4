package io.fluxcore.adapters.out.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When parts begin and end, and what goes into which. */
final class PartsWriterTest {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("place", DataType.STRING).build();
  private static final RecordFailures FAIL = RecordFailures.FAIL;

  private final MemoryParts store = new MemoryParts();
  private long now = -5;

  private static PartSettings settings(Map<String, Object> options) {
    ConnectorDescriptor descriptor =
        new ConnectorDescriptor(
            "parts", "Parts.", PartOptions.specs(100), Set.of(), DeliveryGuarantee.EXACTLY_ONCE);
    OptionProblems problems = new OptionProblems("parts");
    PartSettings settings =
        PartOptions.parse(
            OptionParser.parse(descriptor, options).orThrow(), SCHEMA, "rows.json", problems);
    problems.throwIfAny();
    return settings;
  }

  private PartsWriter writer(Visibility visibility, Map<String, Object> options) {
    SinkOwner owner = new SinkOwner(JobId.of(1, 2), "sink", new FencingToken(3));
    return new PartsWriter(
        store,
        settings(options),
        new WriterContext(owner, 4, 5, visibility, 9),
        () -> 1_000,
        () -> now);
  }

  private PartsWriter writer(Map<String, Object> options) {
    return writer(Visibility.AT_CHECKPOINTS, options);
  }

  private static EventBatch row(long time, long id, @Nullable String place) {
    return new EventBatchBuilder(SCHEMA).row(time, id, place).build();
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (long id = from; id < to; id++) {
      builder.row(0, id, "p" + id % 3);
    }
    return builder.build();
  }

  private void commit(List<CommitHandle> handles) {
    for (CommitHandle handle : handles) {
      try {
        store.commit(handle);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<String> texts(List<CommitHandle> handles) {
    return handles.stream().map(CommitHandle::text).toList();
  }

  @Test
  void sizeOfAPart_isRespected_andNoRowIsLost() {
    PartsWriter writer = writer(Map.of("rollSize", "1kb"));
    for (int i = 0; i < 100; i++) {
      writer.write(rows(i * 10, i * 10 + 10), FAIL);
    }
    commit(writer.prepareCommit(12));
    assertThat(store.visible).hasSizeBetween(15, 30);
    assertThat(store.visible.keySet()).startsWith("4-12-0", "4-12-1");
    assertThat(store.visible.values()).allMatch(part -> part.length() < 1_500);
    assertThat(String.join("", store.visible.values()).lines().distinct()).hasSize(1_000);
    assertThat(store.open).isZero();
  }

  @Test
  void numbersBeginAnew_withEachCheckpoint_andNamesSayTheOneBefore() {
    PartsWriter writer = writer(Map.of("partitionBy", "{place}"));
    writer.write(rows(0, 2), FAIL);
    assertThat(texts(writer.prepareCommit(12))).containsExactly("p0/4-12-0", "p1/4-12-1");
    writer.write(rows(2, 3), FAIL);
    assertThat(texts(writer.prepareCommit(13))).containsExactly("p2/4-13-0");
    assertThat(store.begun)
        .containsExactly(
            new PartName("p0", 4, 9, 0), new PartName("p1", 4, 9, 1), new PartName("p2", 4, 12, 0));
  }

  @Test
  void oldPart_endsByItself_alsoWithoutMoreRows() {
    PartsWriter writer = writer(Map.of("rollInterval", "10s"));
    writer.write(rows(0, 1), FAIL);
    now += Duration.ofSeconds(10).toNanos() - 1;
    writer.flush();
    writer.write(rows(1, 2), FAIL);
    now += 1;
    writer.flush();
    writer.flush();
    writer.write(rows(2, 3), FAIL);
    commit(writer.prepareCommit(10));
    assertThat(store.visible.values().stream().map(part -> part.lines().count()))
        .containsExactly(2L, 1L);
  }

  @Test
  void directories_followTimeAndFields() {
    PartsWriter writer = writer(Map.of("partitionBy", "dt={yyyy-MM-dd}/place={place}"));
    long day = Instant.parse("2026-11-30T23:59:59.999Z").toEpochMilli();
    writer.write(row(day, 1, "Köln/Süd"), FAIL);
    writer.write(row(day + 1, 2, ".."), FAIL);
    writer.write(row(-1, 3, null), FAIL);
    writer.write(row(0, 4, ""), FAIL);
    writer.write(row(0, 5, "😀 a=b%"), FAIL);
    assertThat(texts(writer.prepareCommit(10)))
        .containsExactlyInAnyOrder(
            "dt=2026-11-30/place=Köln%2FSüd/4-10-0",
            "dt=2026-12-01/place=%2E./4-10-1",
            "dt=1969-12-31/place=__HIVE_DEFAULT_PARTITION__/4-10-2",
            "dt=1970-01-01/place=__HIVE_DEFAULT_PARTITION__/4-10-3",
            "dt=1970-01-01/place=😀 a%3Db%25/4-10-4");
  }

  @Test
  void rowWithoutTimeOrWithTooLongAName_isRefused_once_andOthersAreWritten() {
    PartsWriter writer = writer(Map.of("partitionBy", "dt={yyyy-MM-dd}/{place}"));
    EventBatch batch =
        new EventBatchBuilder(SCHEMA)
            .row(0, 1L, "a")
            .row(EventBatch.NO_TIMESTAMP, 2L, "a")
            .row(0, 3L, "ü".repeat(128))
            .row(0, 4L, "x".repeat(255))
            .build();
    List<String> refused = new ArrayList<>();
    store.failures = 1;
    RecordFailures failures = (rows, row, error) -> refused.add(row + " " + error.code());
    assertThatThrownBy(() -> writer.write(batch, failures))
        .isInstanceOf(TransientSinkException.class);
    assertThat(refused).isEmpty();
    writer.write(batch, failures);
    assertThat(refused).containsExactly("1 FLX-SINK-0003", "2 FLX-SINK-0005");
    assertThat(texts(writer.prepareCommit(10)))
        .containsExactly("dt=1970-01-01/a/4-10-0", "dt=1970-01-01/" + "x".repeat(255) + "/4-10-1");
  }

  @Test
  void tooManyParts_endThoseThatWereWrittenToLongestAgo() {
    PartsWriter writer = writer(Map.of("partitionBy", "{place}", "maxOpenParts", 2));
    for (String place : new String[] {"a", "b", "a", "c", "a", "b"}) {
      writer.write(row(0, 1, place), FAIL);
      assertThat(store.begun.size()).isLessThanOrEqualTo(4);
    }
    assertThat(texts(writer.prepareCommit(10)))
        .containsExactlyInAnyOrder("a/4-10-0", "b/4-10-1", "c/4-10-2", "b/4-10-3");
    commit(List.of(new CommitHandle("a/4-10-0")));
    assertThat(store.visible.get("a/4-10-0").lines()).hasSize(3);
  }

  @Test
  void batchOfMoreDirectoriesThanPartsMayBeOpen_isWrittenWhole() {
    PartsWriter writer = writer(Map.of("partitionBy", "{id}", "maxOpenParts", 3));
    writer.write(rows(0, 50), FAIL);
    writer.write(rows(0, 50), FAIL);
    writer.write(rows(50, 51), FAIL);
    commit(writer.prepareCommit(10));
    assertThat(store.visible).hasSize(51);
    assertThat(store.visible.values().stream().flatMap(String::lines)).hasSize(101);
  }

  @Test
  void storeThatDoesNotAnswer_getsEachRowOnce() {
    PartsWriter writer = writer(Map.of("rollSize", "1kb"));
    int id = 0;
    for (int i = 0; i < 60; i++) {
      store.failures = i % 3;
      while (true) {
        try {
          writer.write(rows(id, id + 10), FAIL);
          break;
        } catch (TransientSinkException e) {
          assertThat(e.taken()).isZero();
        }
      }
      id += 10;
    }
    store.failures = 2;
    assertThatThrownBy(() -> writer.prepareCommit(10)).isInstanceOf(TransientSinkException.class);
    assertThatThrownBy(() -> writer.prepareCommit(10)).isInstanceOf(TransientSinkException.class);
    commit(writer.prepareCommit(10));
    assertThat(String.join("", store.visible.values()).lines())
        .hasSize(600)
        .doesNotHaveDuplicates();
  }

  @Test
  void flushes_showPartsWhereThereAreNoCheckpoints_underNamesOfTheirOwn() {
    PartsWriter writer = writer(Visibility.AT_FLUSH, Map.of("rollSize", "1mb"));
    writer.write(rows(0, 5), FAIL);
    store.failures = 2;
    assertThatThrownBy(writer::flush).isInstanceOf(TransientSinkException.class);
    assertThatThrownBy(writer::flush).isInstanceOf(TransientSinkException.class);
    writer.flush();
    writer.flush();
    writer.write(rows(5, 6), FAIL);
    assertThat(writer.prepareCommit(77)).isEmpty();
    assertThat(store.visible.keySet()).containsExactly("4-1000-0", "4-1000-1");
    assertThat(store.prepared).isEmpty();
  }

  @Test
  void endWithoutCheckpoint_isTheOnlyPart_unlessPartsAreRolled() {
    PartsWriter writer = writer(Visibility.AT_END, Map.of());
    writer.endOfInput();
    assertThat(texts(writer.prepareCommit(1))).containsExactly("only");
    PartsWriter rolled = writer(Visibility.AT_END, Map.of("rollInterval", "1h"));
    rolled.endOfInput();
    assertThat(rolled.prepareCommit(1)).isEmpty();
  }

  @Test
  void closedWriter_leavesNothingOpen() {
    PartsWriter writer = writer(Map.of("partitionBy", "{place}", "rollSize", "1kb"));
    for (int i = 0; i < 50; i++) {
      writer.write(rows(0, 10), FAIL);
    }
    assertThat(store.open).isGreaterThan(3);
    writer.close();
    writer.close();
    assertThat(store.open).isZero();
    assertThat(store.prepared).isEmpty();
  }

  @Test
  void wrongOptions_areToldTogether() {
    assertThatThrownBy(
            () ->
                settings(
                    Map.of(
                        "partitionBy", "dt={QQ}/x",
                        "rollSize", "1b",
                        "rollInterval", "40d",
                        "maxOpenParts", 0,
                        "valueField", "id")))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e ->
                assertThat(e.diagnostics().stream().map(d -> d.place().path()))
                    .containsExactlyInAnyOrder(
                        "partitionBy", "rollSize", "rollInterval", "maxOpenParts", "valueField"));
    for (String wrong : List.of("a//{id}", "/{id}", "{id}/", "../{id}", "always")) {
      assertThatThrownBy(() -> settings(Map.of("partitionBy", wrong)))
          .hasMessageContaining("'" + wrong + "'");
    }
  }
}
