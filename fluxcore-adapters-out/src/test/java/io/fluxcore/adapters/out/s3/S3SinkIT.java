package io.fluxcore.adapters.out.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.ParquetReadBack;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.checkpoint.kit.S3Gate;
import io.fluxcore.application.checkpoint.kit.S3Gate.Mode;
import io.fluxcore.application.checkpoint.kit.S3Server;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.TwoPhaseSink.Unknown;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows as objects of a real store. */
@Timeout(300)
final class S3SinkIT extends SinkConnectorContract {
  private static final RecordFailures FAIL = RecordFailures.FAIL;
  private static final SinkOwner OWNER = new SinkOwner(JobId.of(1, 2), "s", new FencingToken(3));

  private static S3Server server;
  private static S3Gate gate;

  private final SinkObjects objects = new SinkObjects(gate.endpoint());
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws IOException {
    server = S3Server.start();
    gate = S3Gate.before(server);
  }

  @AfterAll
  static void end() throws IOException {
    gate.close();
    server.close();
  }

  @AfterEach
  void pass() {
    gate.set(Mode.PASS);
  }

  @Override
  protected SinkConnector connector() {
    return new S3SinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return objects.options();
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    return objects.rows(schema);
  }

  private TwoPhaseSink sink(Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(options());
    options.putAll(more);
    options.values().removeIf(""::equals);
    return (TwoPhaseSink)
        connector().create(OptionParser.parse(connector().descriptor(), options).orThrow(), PAIRS);
  }

  private static SinkWriter writer(TwoPhaseSink sink) {
    return sink.createWriter(new WriterContext(OWNER, 1, 2, Visibility.AT_CHECKPOINTS, 16));
  }

  private static EventBatch rows(long from, long to, String name) {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    for (long id = from; id < to; id++) {
      builder.row(0, id, name);
    }
    return builder.build();
  }

  @Test
  void keys_sayWhoMadeTheObjects_andPartsAreRolledAndPartitioned() throws IOException {
    TwoPhaseSink sink =
        sink(
            Map.of(
                "path", options().get("path") + ".gz",
                "format", "csv",
                "partitionBy", "name={name}"));
    try (SinkWriter writer = writer(sink)) {
      writer.write(rows(0, 2, "Köln +/ü"), FAIL);
      writer.write(rows(2, 3, "b"), FAIL);
      sink.commit(OWNER, writer.prepareCommit(17), FAIL);
      writer.write(rows(3, 4, "b"), FAIL);
      sink.commit(OWNER, writer.prepareCommit(18), FAIL);
    }
    String of = "/rows-" + OWNER.job() + "-3-1-";
    assertThat(objects.keys())
        .containsExactly(
            "name=Köln +%2Fü" + of + "16-0.json.gz",
            "name=b" + of + "16-1.json.gz",
            "name=b" + of + "17-0.json.gz");
    byte[] bytes = objects.bytes("name=Köln +%2Fü" + of + "16-0.json.gz");
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("id,name\n0,Köln +/ü\n1,Köln +/ü\n");
    }
    assertThat(objects.uploads()).isEmpty();
  }

  @Test
  void largeObject_isSentWhileItIsWritten_andBrokenRequestsAreMadeAgain() {
    TwoPhaseSink sink = sink(Map.of());
    String name = "x".repeat(1_000);
    try (SinkWriter writer = writer(sink)) {
      gate.forget();
      for (int id = 0; id < 10_000; id += 1_000) {
        writer.write(rows(id, id + 1_000, name), FAIL);
      }
      while (gate.requests().stream().noneMatch(r -> r.contains("partNumber=1"))) {
        Thread.onSpinWait();
      }
      assertThat(objects.keys()).isEmpty();
      gate.set(Mode.SLOW_DOWN, "partNumber=");
      assertThatThrownBy(
              () -> {
                for (int id = 10_000; ; id += 1_000) {
                  writer.write(rows(id, id + 1_000, name), FAIL);
                }
              })
          .isInstanceOf(TransientSinkException.class)
          .hasMessageContaining("FLX-S3-0005");
      gate.set(Mode.PASS);
      List<CommitHandle> handles = writer.prepareCommit(17);
      sink.commit(OWNER, handles, FAIL);
    }
    List<Long> ids = objects.ids(PAIRS);
    assertThat(ids).hasSizeGreaterThan(10_000).hasSize(ids.get(ids.size() - 1).intValue() + 1);
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(objects.keys()).hasSize(1);
  }

  @Test
  void parquet_isAnObjectThatOthersRead() throws IOException {
    TwoPhaseSink sink =
        sink(Map.of("format", "parquet", "compression", "zstd", "rowGroupSize", "64kb"));
    try (SinkWriter writer = writer(sink)) {
      for (int id = 0; id < 20_000; id += 1_000) {
        writer.write(rows(id, id + 1_000, "n"), FAIL);
      }
      sink.commit(OWNER, writer.prepareCommit(17), FAIL);
    }
    Path file = directory.resolve("object.parquet");
    Files.write(file, objects.bytes(objects.keys().get(0)));
    assertThat(ParquetReadBack.rows(PAIRS, file))
        .hasSize(20_000)
        .extracting(row -> row.get(0))
        .doesNotHaveDuplicates();
  }

  @Test
  void answerToACommitThatIsLost_isNoSecondObject_andNoError() {
    TwoPhaseSink sink = sink(Map.of("requestTimeout", "1s"));
    try (SinkWriter writer = writer(sink)) {
      writer.write(rows(0, 5, "a"), FAIL);
      List<CommitHandle> handles = writer.prepareCommit(17);
      sink.commit(OWNER, handles, FAIL);
      String key = objects.keys().get(0);
      sink.commit(OWNER, handles, FAIL);
      sink.settle(OWNER, handles, Unknown.TAKE_BACK, FAIL);
      assertThat(objects.keys()).containsExactly(key);
      objects.delete(key); // by a reader who has taken it away
      sink.commit(OWNER, handles, FAIL);
    }
    assertThat(objects.keys()).isEmpty();
  }

  @Test
  void settle_leavesUploadsOfOthersAlone() {
    TwoPhaseSink sink = sink(Map.of());
    SinkOwner later = new SinkOwner(OWNER.job(), "s", new FencingToken(4));
    SinkOwner other = new SinkOwner(JobId.of(9, 9), "s", new FencingToken(1));
    SinkWriter mine = writer(sink);
    SinkWriter ofLater = sink.createWriter(new WriterContext(later, 0, 1, Visibility.AT_END));
    SinkWriter ofOther = sink.createWriter(new WriterContext(other, 0, 1, Visibility.AT_END));
    for (SinkWriter writer : List.of(mine, ofLater, ofOther)) {
      writer.write(rows(0, 5, "a"), FAIL);
      writer.prepareCommit(17);
    }
    TwoPhaseSink namesake =
        sink(Map.of("path", options().get("path").toString().replace("rows", "more-rows")));
    try (SinkWriter ofNamesake = writer(namesake)) {
      ofNamesake.write(rows(0, 5, "a"), FAIL);
      ofNamesake.prepareCommit(17);
      sink.settle(OWNER, List.of(), Unknown.KEEP, FAIL);
      assertThat(objects.uploads()).hasSize(4);
      sink.settle(OWNER, List.of(), Unknown.TAKE_BACK, FAIL);
      assertThat(objects.uploads())
          .extracting(S3Bucket.Upload::key)
          .hasSize(3)
          .noneMatch(key -> key.contains("/rows-" + OWNER.job() + "-3-"));
    }
    List.of(mine, ofLater, ofOther).forEach(SinkWriter::close);
  }

  @Test
  void handleOfAnotherBucket_isCommittedThere() throws IOException {
    TwoPhaseSink sink = sink(Map.of());
    List<CommitHandle> handles;
    try (SinkWriter writer = writer(sink)) {
      writer.write(rows(0, 5, "a"), FAIL);
      handles = writer.prepareCommit(17);
    }
    Files.createDirectories(server.objects().resolveSibling("elsewhere"));
    sink(Map.of("bucket", "elsewhere")).settle(OWNER, handles, Unknown.TAKE_BACK, FAIL);
    assertThat(objects.ids(PAIRS)).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void batchWhoseRowsAllFail_isNoObject() {
    TwoPhaseSink sink = sink(Map.of());
    try (SinkWriter writer = writer(sink)) {
      EventBatch deletions = rows(0, 2, "a").withRowKinds(new byte[] {3, 3});
      writer.write(deletions, (batch, row, error) -> {});
      sink.commit(OWNER, writer.prepareCommit(17), FAIL);
    }
    assertThat(objects.keys()).isEmpty();
    assertThat(objects.uploads()).isEmpty();
  }

  @Test
  void secretInAFile_isReadWhenItIsNeeded() throws IOException {
    Path secret = directory.resolve("secret");
    TwoPhaseSink sink = sink(Map.of("secretKey", "", "secretKeyFile", secret));
    assertThatThrownBy(sink::check).hasMessageContaining("cannot read " + secret);
    Files.writeString(secret, S3Server.SECRET_KEY + "\n");
    sink.check();
  }

  @Test
  void errors_nameTheSinksOptions() {
    assertThatThrownBy(() -> sink(Map.of("secretKey", "wrong")).check())
        .hasMessageContaining("FLX-S3-0002")
        .hasMessageContaining("access is refused");
    assertThatThrownBy(() -> sink(Map.of("bucket", "no-such-bucket")).check())
        .hasMessageContaining("FLX-S3-0001")
        .hasMessageContaining("set bucket, endpoint and region");
    assertThatThrownBy(
            () ->
                sink(
                    Map.of(
                        "bucket", "/",
                        "path", "a//b",
                        "endpoint", "ftp:x",
                        "accessKey", "",
                        "requestTimeout", "1ms")))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e ->
                assertThat(e.diagnostics().stream().map(d -> d.place().path()))
                    .contains("path", "accessKey", "bucket"));
    assertThatThrownBy(() -> sink(Map.of("endpoint", "nowhere")))
        .hasMessageContaining("an address such as");
    assertThatThrownBy(() -> sink(Map.of("requestTimeout", "1ms")))
        .hasMessageContaining("requestTimeout");
  }
}
