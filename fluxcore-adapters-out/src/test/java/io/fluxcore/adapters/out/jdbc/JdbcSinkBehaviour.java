package io.fluxcore.adapters.out.jdbc;

import static io.fluxcore.adapters.out.jdbc.JdbcSinkContracts.sink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.TwoPhaseSink.Unknown;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the sink does beside its contracts, on a database. */
abstract class JdbcSinkBehaviour {
  private static final Schema COUNTS =
      Schema.builder().field("page", DataType.STRING).field("hits", DataType.LONG).build();
  private static final SinkOwner OWNER = new SinkOwner(JobId.of(1, 2), "out", new FencingToken(1));

  abstract TestDatabase database();

  @BeforeEach
  void emptyDatabase() {
    database().empty();
  }

  private static EventBatch rows(@Nullable Object... values) {
    EventBatchBuilder builder = new EventBatchBuilder(COUNTS);
    for (int i = 0; i < values.length; i += 2) {
      builder.row(i, values[i], values[i + 1]);
    }
    return builder.build();
  }

  private List<List<@Nullable Object>> counts() {
    return database().rows("select page, hits from counts order by page, hits", COUNTS);
  }

  private Sink counting(Object... more) {
    List<Object> options = new ArrayList<>(List.of("table", "counts", "createTable", false));
    options.addAll(Arrays.asList(more));
    return sink(database(), COUNTS, options.toArray());
  }

  /** Remembers what is refused. */
  private static final class Refusals implements RecordFailures {
    final List<String> codes = new ArrayList<>();
    final List<String> messages = new ArrayList<>();
    final List<List<@Nullable Object>> rows = new ArrayList<>();

    @Override
    public void failed(EventBatch batch, int row, io.fluxcore.domain.error.RecordException error) {
      codes.add(error.code());
      messages.add(String.valueOf(error.getMessage()));
      rows.add(
          Arrays.stream(batch.columns()).<@Nullable Object>map(column -> column.get(row)).toList());
    }
  }

  /** Writes and commits in one go. */
  private static void commit(Sink sink, EventBatch batch, RecordFailures failures) {
    TwoPhaseSink twoPhase = (TwoPhaseSink) sink;
    twoPhase.settle(OWNER, List.of(), Unknown.TAKE_BACK, failures);
    List<CommitHandle> handles;
    try (SinkWriter writer =
        twoPhase.createWriter(new WriterContext(OWNER, 0, 1, Visibility.AT_CHECKPOINTS))) {
      writer.write(batch, failures);
      handles = writer.prepareCommit(System.nanoTime());
    }
    twoPhase.commit(OWNER, handles, failures);
  }

  private void makeCounts(String more) {
    database().execute("create table counts (page varchar(10) not null, hits integer" + more + ")");
  }

  @Test
  void upsert_keepsTheLastRowOfEachKey() {
    makeCounts(", primary key (page)");
    Sink sink = counting("mode", "upsert", "key", List.of("page"), "batchSize", 3);
    commit(sink, rows("a", 1L, "b", 1L, "a", 2L, "c", 1L, "a", 3L, "b", 7L), RecordFailures.FAIL);
    commit(sink, rows("c", 9L), RecordFailures.FAIL);
    assertThat(counts())
        .containsExactly(Arrays.asList("a", 3L), Arrays.asList("b", 7L), Arrays.asList("c", 9L));
  }

  @Test
  void keyOfTheRows_isThatOfAnUpsertThatNamesNone() {
    Map<String, Object> options = JdbcSinkContracts.options(database());
    options.put("mode", "upsert");
    JdbcSinkConnector connector = new JdbcSinkConnector();
    ConnectorOptions parsed = OptionParser.parse(connector.descriptor(), options).orThrow();
    assertThat(connector.create(parsed, COUNTS, Changes.retracts(List.of("page"))).takes())
        .isEqualTo(Changes.upserts(List.of("page")));
    assertThatThrownBy(() -> connector.create(parsed, COUNTS, Changes.retracts(null)))
        .hasMessageContaining("nothing is known to name them");
    assertThat(counting("mode", "upsert", "key", List.of("hits")).takes())
        .isEqualTo(Changes.upserts(List.of("hits")));
    assertThat(counting().takes()).isEqualTo(Changes.appends());
  }

  @Test
  void deletionWithoutKey_isRefused_andOneOfNothingThatIsThereChangesNothing() {
    makeCounts(", primary key (page)");
    Sink sink = counting("mode", "upsert", "key", List.of("page"));
    Refusals refusals = new Refusals();
    EventBatchBuilder builder = new EventBatchBuilder(COUNTS);
    builder.row(0, "a", 1L);
    builder.row(RowKind.DELETE, 0, null, 1L);
    builder.row(RowKind.DELETE, 0, "b", null);
    commit(sink, builder.build(), refusals);
    assertThat(counts()).containsExactly(Arrays.asList("a", 1L));
    assertThat(refusals.messages).singleElement().asString().contains("page", "it is null");
  }

  @Test
  void upsertAtLeastOnce_writtenTwice_isTheSame() {
    makeCounts(", primary key (page)");
    for (int i = 0; i < 2; i++) {
      Sink sink = counting("mode", "upsert", "key", List.of("page"), "guarantee", "at-least-once");
      assertThat(sink.guarantee()).isEqualTo(DeliveryGuarantee.AT_LEAST_ONCE);
      try (SinkWriter writer = sink.createWriter("out", 0, 1)) {
        writer.write(rows("a", 1L, "b", 2L, "a", 3L), RecordFailures.FAIL);
        writer.flush();
      }
      assertThat(counts()).containsExactly(Arrays.asList("a", 3L), Arrays.asList("b", 2L));
    }
  }

  @Test
  void columns_mayBeCalledOtherwise_andHaveDefaults() {
    database()
        .execute(
            "create table counts (hits bigint, page varchar(10), n varchar(5) default 'x' not"
                + " null)");
    Sink sink =
        counting("columns", Map.of("hits", "hits", "page", "PAGE"), "table", "public.counts");
    sink.check();
    commit(sink, rows("a", 1L), RecordFailures.FAIL);
    assertThat(counts()).containsExactly(Arrays.asList("a", 1L));
  }

  @Test
  void rowsThatTheTableRefuses_areToldWithTheRow_andTheOthersAreThere() {
    makeCounts(" check (hits < 100), primary key (page)");
    Refusals refusals = new Refusals();
    commit(
        counting("batchSize", 4),
        rows(
            "a",
            1L,
            "b",
            2L,
            "a",
            3L,
            "c",
            100L,
            "much too long",
            4L,
            null,
            5L,
            "d",
            1L << 40,
            "e",
            null),
        refusals);
    assertThat(counts())
        .containsExactly(Arrays.asList("a", 1L), Arrays.asList("b", 2L), Arrays.asList("e", null));
    assertThat(refusals.rows)
        .containsExactly(
            Arrays.asList("much too long", 4L),
            Arrays.asList(null, 5L),
            Arrays.asList("d", 1L << 40),
            Arrays.asList("a", 3L),
            Arrays.asList("c", 100L));
    assertThat(refusals.codes)
        .containsExactly(
            "FLX-JDBC-0101", "FLX-JDBC-0101", "FLX-JDBC-0101", "FLX-JDBC-0102", "FLX-JDBC-0102");
    assertThat(refusals.messages.get(0)).contains("'page'", "13 characters", "takes 10");
  }

  @Test
  void refusedRow_underPolicyFail_commitsNothing_andCanBeCommittedAfterTheCauseIsGone() {
    makeCounts(", primary key (page)");
    database().execute("insert into counts values ('b', 0)");
    TwoPhaseSink sink = (TwoPhaseSink) counting();
    sink.settle(OWNER, List.of(), Unknown.TAKE_BACK, RecordFailures.FAIL);
    SinkWriter writer =
        sink.createWriter(new WriterContext(OWNER, 0, 1, Visibility.AT_CHECKPOINTS));
    writer.write(rows("a", 1L, "b", 2L), RecordFailures.FAIL);
    List<CommitHandle> handles = writer.prepareCommit(1);
    writer.close();
    assertThatThrownBy(() -> sink.commit(OWNER, handles, RecordFailures.FAIL))
        .hasMessageContaining("FLX-JDBC-0102");
    assertThat(counts()).containsExactly(Arrays.asList("b", 0L));
    database().execute("delete from counts");
    sink.commit(OWNER, handles, RecordFailures.FAIL);
    assertThat(counts()).hasSize(2);
  }

  @Test
  void atLeastOnce_refusedRowsAreToldToo() {
    makeCounts(", primary key (page)");
    Refusals refusals = new Refusals();
    try (SinkWriter writer =
        counting("guarantee", "at-least-once", "batchSize", 2).createWriter("out", 0, 1)) {
      writer.write(rows("a", 1L, "a", 2L, "b", 1L, "b", 3L), refusals);
      writer.flush();
    }
    assertThat(counts()).containsExactly(Arrays.asList("a", 1L), Arrays.asList("b", 1L));
    assertThat(refusals.rows).containsExactly(Arrays.asList("a", 2L), Arrays.asList("b", 3L));
  }

  @Test
  void nullInAKey_isRefused() {
    database().execute("create table counts (page varchar(10), hits bigint, unique (page))");
    Refusals refusals = new Refusals();
    commit(counting("mode", "upsert", "key", List.of("page")), rows(null, 1L, "a", 2L), refusals);
    assertThat(refusals.codes).containsExactly("FLX-JDBC-0101");
    assertThat(counts()).hasSize(1);
  }

  private static FluxCoreException problemOf(Sink sink) {
    FluxCoreException problem = catchThrowableOfType(FluxCoreException.class, sink::check);
    assertThat(problem).isNotNull();
    assertThat(problem.category()).isEqualTo(ErrorCategory.USER);
    return problem;
  }

  @Test
  void missingTable_isToldWithThoseThatThereAre() {
    makeCounts("");
    FluxCoreException problem = problemOf(counting("table", "count"));
    assertThat(problem.code()).isEqualTo("FLX-JDBC-0003");
    assertThat(problem.getMessage())
        .containsIgnoringCase("no table 'count'")
        .containsIgnoringCase("did you mean 'counts'");
  }

  @Test
  void columnsThatDoNotFit_areAllTold() {
    database()
        .execute("create table counts (side varchar(10), hits timestamp, needed integer not null)");
    FluxCoreException problem = problemOf(counting());
    assertThat(problem.diagnostics()).hasSize(3).allMatch(d -> d.code().equals("FLX-JDBC-0004"));
    assertThat(problem.getMessage().toLowerCase(java.util.Locale.ROOT))
        .contains("no column 'page'")
        .contains("the table has side (")
        .contains("column 'hits'")
        .contains("type long")
        .contains("column 'needed'");
  }

  @Test
  void upsertWithoutUniqueIndex_isRefused() {
    makeCounts(", unique (hits)");
    assertThat(problemOf(counting("mode", "upsert", "key", List.of("page"))).getMessage())
        .containsIgnoringCase("no primary key or unique index of page")
        .containsIgnoringCase("hits");
  }

  @Test
  void tableThatIsMissing_isMade_byTheFirstWriterOnly() {
    Sink sink = counting("createTable", true, "mode", "upsert", "key", List.of("page"));
    sink.check();
    assertThat(database().has("counts")).isFalse();
    commit(sink, rows("a", 1L), RecordFailures.FAIL);
    sink.check();
    assertThat(counts()).hasSize(1);
  }

  @Test
  void password_showsNowhere(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "5ecret\nmore");
    assertThat(counting("password", "5ecret").toString()).doesNotContain("5ecret");
    assertThatThrownBy(() -> counting("url", database().url() + "?password=5ecret"))
        .hasMessageContaining("holds a password");
    assertThatThrownBy(() -> counting("passwordFile", file))
        .hasMessageContaining("give one of the two");
    JdbcOptions options =
        new JdbcOptions(
            database().url(),
            "me",
            null,
            file,
            null,
            "t",
            Map.of(),
            false,
            List.of(),
            1,
            Duration.ofMinutes(1),
            false);
    assertThat(options.currentPassword()).isEqualTo("5ecret");
    assertThat(options.toString()).doesNotContain("5ecret");
  }

  @Test
  void listsAndMaps_areRefused() {
    Schema schema = Schema.builder().field("tags", DataType.NESTED).build();
    assertThatThrownBy(() -> sink(database(), schema))
        .hasMessageContaining("FLX-JDBC-0004")
        .hasMessageContaining("'tags' is nested");
  }

  @Test
  void optionsThatDoNotFitTogether_areAllTold() {
    assertThatThrownBy(
            () ->
                counting(
                    "url",
                    "jdbc:oracle:x",
                    "mode",
                    "upsert",
                    "batchSize",
                    0,
                    "columns",
                    Map.of("pag", "p")))
        .hasMessageContaining("neither PostgreSQL nor H2")
        .hasMessageContaining("needs to know by what")
        .hasMessageContaining("out of range")
        .hasMessageContaining("no field 'pag'");
  }

  /** The handle of an old version of the job leads to the table that it was made for. */
  @Test
  void handle_isCommittedToItsOwnTable_whateverTheSinkIsNow() {
    makeCounts("");
    TwoPhaseSink before = (TwoPhaseSink) counting();
    before.settle(OWNER, List.of(), Unknown.TAKE_BACK, RecordFailures.FAIL);
    SinkWriter writer =
        before.createWriter(new WriterContext(OWNER, 0, 1, Visibility.AT_CHECKPOINTS));
    writer.write(rows("a", 1L), RecordFailures.FAIL);
    List<CommitHandle> handles = writer.prepareCommit(1);
    Schema other = Schema.builder().field("n", DataType.DOUBLE).build();
    SinkOwner next = new SinkOwner(OWNER.job(), OWNER.operatorId(), new FencingToken(2));
    TwoPhaseSink after = (TwoPhaseSink) sink(database(), other, "table", "others");
    after.settle(next, handles, Unknown.TAKE_BACK, RecordFailures.FAIL);
    assertThat(counts()).containsExactly(Arrays.asList("a", 1L));
    writer.close();
  }
}
