package io.fluxcore.adapters.out.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.application.checkpoint.StoredCheckpoint;
import io.fluxcore.application.checkpoint.kit.CheckpointStoreContract;
import io.fluxcore.application.checkpoint.kit.S3Gate;
import io.fluxcore.application.checkpoint.kit.S3Gate.Mode;
import io.fluxcore.application.checkpoint.kit.S3Server;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.Payload;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store on a real server, and what it does when that is slow, silent or gone. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3CheckpointStoreIT extends CheckpointStoreContract {
  private static final CheckpointLocation AT =
      new CheckpointLocation(new JobId("job_1"), "chk-1-1");
  private static final CheckpointLocation NEXT = new CheckpointLocation(AT.job(), "chk-2-1");
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private static S3Server server;
  private static S3Gate gate;

  private final String prefix = "test/" + PREFIXES.incrementAndGet();
  private final List<S3CheckpointStore> opened = new ArrayList<>();
  private @Nullable S3CheckpointStore store;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = S3Server.start();
    gate = S3Gate.before(server);
  }

  @AfterAll
  static void end() throws IOException {
    gate.close();
    server.close();
  }

  @AfterEach
  void close() {
    gate.set(Mode.PASS);
    opened.forEach(S3CheckpointStore::close);
  }

  private S3Settings settings(String bucket, URI endpoint, String secret, Duration timeout) {
    return new S3Settings(
        bucket,
        prefix,
        endpoint,
        null,
        null,
        new S3Settings.Credentials(S3Server.ACCESS_KEY, secret, null),
        timeout);
  }

  private S3Settings settings(Duration timeout) {
    return settings(S3Server.BUCKET, gate.endpoint(), S3Server.SECRET_KEY, timeout);
  }

  private S3CheckpointStore open(S3Settings settings, InstantSource time) {
    S3CheckpointStore fresh = S3CheckpointStore.open(settings, time);
    opened.add(fresh);
    return fresh;
  }

  private S3CheckpointStore another() {
    return open(settings(S3Settings.REQUEST_TIMEOUT), InstantSource.system());
  }

  @Override
  protected CheckpointStore store() {
    if (store == null) {
      store = another();
    }
    return store;
  }

  /** Keys of all objects below the prefix of the test, but for the mark of the place. */
  private List<String> keys() throws IOException {
    try (S3Bucket bucket = S3Bucket.of(settings(S3Settings.REQUEST_TIMEOUT))) {
      return bucket.list("job_", "").stream().map(S3Bucket.Entry::key).toList();
    }
  }

  private List<S3Bucket.Upload> uploads() throws IOException {
    try (S3Bucket bucket = S3Bucket.of(settings(S3Settings.REQUEST_TIMEOUT))) {
      return bucket.uploads("");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static void write(CheckpointStore to, CheckpointLocation at, byte[] part)
      throws IOException {
    try (CheckpointWriter writer = to.begin(at)) {
      try (OutputStream out = writer.part("0.part")) {
        out.write(part);
      }
      writer.complete(bytes("manifest"));
    }
  }

  @Test
  void store_saysWhereItIs_andIsTheSameForAll() throws IOException {
    assertThat(store().description())
        .isEqualTo("s3://checkpoints/" + prefix + " at " + gate.endpoint());
    assertThat(store().identity()).startsWith(store().description() + " (").hasSizeGreaterThan(40);
    assertThat(another().identity()).isEqualTo(store().identity());
    assertThat(store().isShared()).isTrue();
    assertThat(store().isDurable()).isTrue();
  }

  @Test
  void smallPart_isOneRequest_andLargeOneAnUpload() throws IOException {
    byte[] large = random(2 * S3Part.PIECE + 12_345);
    store();
    gate.forget();
    try (CheckpointWriter writer = store().begin(AT)) {
      try (OutputStream out = writer.part("small.part")) {
        out.write(large, 0, 100_000);
      }
      assertThat(gate.count("PUT")).isEqualTo(1);
      assertThat(gate.count("POST")).isZero();
      try (OutputStream out = writer.part("large.part")) {
        for (int at = 0; at < large.length; at += 10_007) {
          out.write(large, at, Math.min(10_007, large.length - at));
        }
      }
      writer.complete(bytes("m"));
    }
    assertThat(gate.requests().stream().filter(r -> r.contains("partNumber="))).hasSize(3);
    assertThat(uploads()).isEmpty();
    StoredCheckpoint stored = store().open(AT);
    assertThat(stored.part("large.part").bytes()).isEqualTo(large);
    assertThat(stored.part("small.part").size()).isEqualTo(100_000);
    assertThat(stored.part("large.part", S3Part.PIECE - 3, 6).bytes())
        .isEqualTo(Arrays.copyOfRange(large, S3Part.PIECE - 3, S3Part.PIECE + 3));
  }

  @Test
  void partOfExactlyOnePiece_isOneRequest() throws IOException {
    byte[] piece = random(S3Part.PIECE);
    write(store(), AT, piece);
    assertThat(store().open(AT).part("0.part").bytes()).isEqualTo(piece);
    byte[] twice = random(2 * S3Part.PIECE);
    write(store(), NEXT, twice);
    assertThat(store().open(NEXT).part("0.part").bytes()).isEqualTo(twice);
  }

  @Test
  void largeSharedFile_isSentInPieces_andReusedWithoutBeingSent() throws IOException {
    byte[] large = random((int) S3CheckpointWriter.PIECE * 2 + 1);
    try (CheckpointWriter writer = store().begin(AT)) {
      writer.share("1.sst", Payload.of(large));
      writer.share("2.sst", Payload.of(bytes("two")));
      writer.complete(bytes("m"));
    }
    assertThat(gate.requests().stream().filter(r -> r.contains("1.sst") && r.contains("partNum")))
        .hasSize(3);
    gate.forget();
    try (CheckpointWriter writer = store().begin(NEXT)) {
      writer.reuse("1.sst");
      writer.reuse("2.sst");
      writer.complete(bytes("m"));
    }
    assertThat(gate.requests())
        .filteredOn(r -> !r.startsWith("GET"))
        .hasSize(2); // SHARED, MANIFEST
    assertThat(gate.count("GET")).isEqualTo(2); // what is at the location, and the shared files
    assertThat(store().open(NEXT).shared("1.sst").bytes()).isEqualTo(large);
  }

  @Test
  void entriesNextToEachOther_areReadByOneRequest() throws IOException {
    byte[] content = random(300_000);
    write(store(), AT, content);
    StoredCheckpoint stored = store().open(AT);
    gate.forget();
    for (int at = 1_000; at < 60_000; at += 500) {
      assertThat(stored.part("0.part", at, 500).bytes())
          .isEqualTo(Arrays.copyOfRange(content, at, at + 500));
    }
    assertThat(gate.count("GET")).isEqualTo(1);
  }

  @Test
  void givenUpCheckpoint_leavesNothing() throws IOException {
    try (CheckpointWriter writer = store().begin(AT)) {
      OutputStream out = writer.part("0.part");
      out.write(random(S3Part.PIECE + 1));
      writer.share("1.sst", Payload.of(new byte[1]));
      try (OutputStream whole = writer.part("1.part")) {
        whole.write(1);
      }
      assertThat(uploads()).hasSize(1);
      assertThatThrownBy(() -> writer.complete(bytes("m"))).hasMessageContaining("0.part");
    }
    assertThat(keys()).isEmpty();
    assertThat(uploads()).isEmpty();
  }

  @Test
  void crash_leavesNoCheckpoint_andIsSweptAway() throws IOException {
    CheckpointWriter writer = store().begin(AT);
    OutputStream out = writer.part("0.part");
    out.write(random(S3Part.PIECE + 1));
    writer.share("1.sst", Payload.of(new byte[1]));
    S3CheckpointStore next = another();
    assertThat(next.list(AT.job())).isEmpty();
    assertThat(uploads()).hasSize(1);
    next.sweep(AT.job(), name -> false);
    assertThat(keys()).isEmpty();
    assertThat(uploads()).isEmpty();
    assertThatThrownBy(
            () -> {
              out.write(random(S3Part.PIECE));
              out.close();
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void uploadOfASavepoint_isLeftToItsWriter_forADay() throws IOException {
    CheckpointWriter writer = store().begin(new CheckpointLocation(AT.job(), "sp-1"));
    writer.part("0.part").write(random(S3Part.PIECE + 1));
    another().sweep(AT.job(), "sp-1"::equals);
    assertThat(uploads()).hasSize(1);
    InstantSource later = () -> Instant.now().plus(Duration.ofDays(2));
    open(settings(S3Settings.REQUEST_TIMEOUT), later).sweep(AT.job(), "sp-1"::equals);
    assertThat(uploads()).isEmpty();
  }

  @Test
  void manyObjects_areListedByPages_andDeletedInBatches() throws IOException {
    write(store(), AT, new byte[1]);
    Path files = server.objects().resolve(prefix).resolve("job_1/.shared");
    Files.createDirectories(files);
    for (int i = 0; i < 1_100; i++) {
      Files.write(files.resolve("f" + i), bytes("left over"));
    }
    assertThat(keys()).hasSize(1_102);
    gate.forget();
    store().sweep(AT.job(), AT.name()::equals);
    assertThat(gate.count("POST")).isEqualTo(2);
    assertThat(gate.count("DELETE")).isZero();
    assertThat(keys()).hasSize(2);
  }

  @Test
  void nameThatLeadsOut_isRefused() throws IOException {
    try (CheckpointWriter writer = store().begin(AT)) {
      assertThatThrownBy(() -> writer.part("../x")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.share("../x", Payload.of(new byte[1])))
          .isInstanceOf(IllegalArgumentException.class);
      writer.complete(new byte[1]);
    }
    assertThatThrownBy(() -> store().open(AT).part("../chk-1-1/MANIFEST"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store().open(AT).part("MANIFEST")).isInstanceOf(IOException.class);
  }

  @Test
  void contentThatCannotBeRead_isTheReason() throws IOException {
    Payload broken =
        new Payload() {
          @Override
          public long size() {
            return 100_000;
          }

          @Override
          public InputStream open() {
            return new FilterInputStream(InputStream.nullInputStream()) {
              @Override
              public int read(byte[] bytes, int off, int len) throws IOException {
                throw new IOException("bad block");
              }
            };
          }
        };
    try (CheckpointWriter writer = store().begin(AT)) {
      assertThatThrownBy(() -> writer.share("1.sst", broken)).hasMessageContaining("bad block");
    }
    assertThat(keys()).isEmpty();
  }

  // --- A store that is not well -----------------------------------------------------------------

  @Test
  void brokenConnection_isTriedAgain() throws IOException {
    store();
    gate.set(Mode.BREAK_OFF, "0.part");
    CheckpointWriter writer = store().begin(AT);
    CompletableFuture<Boolean> written =
        CompletableFuture.supplyAsync(
            () -> {
              try (OutputStream out = writer.part("0.part")) {
                out.write(random(200_000));
                return true;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    while (gate.count("PUT") == 0) {
      Thread.onSpinWait();
    }
    gate.set(Mode.PASS);
    assertThat(written.join()).isTrue();
    writer.complete(bytes("m"));
    assertThat(store().open(AT).part("0.part").bytes()).isEqualTo(random(200_000));
  }

  @Test
  void brokenAnswer_isGoneOnWith() throws IOException {
    byte[] content = random(450_000);
    write(store(), AT, content);
    StoredCheckpoint stored = store().open(AT);
    gate.set(Mode.CUT_ANSWERS);
    gate.forget();
    assertThat(stored.part("0.part").bytes()).isEqualTo(content);
    assertThat(gate.count("GET")).isBetween(5L, 9L);
  }

  @Test
  void objectThatIsCutOff_isRefused() throws IOException {
    write(store(), AT, random(300_000));
    StoredCheckpoint stored = store().open(AT);
    try (S3Bucket bucket = S3Bucket.of(settings(S3Settings.REQUEST_TIMEOUT))) {
      bucket.put("job_1/chk-1-1/0.part", random(200_000));
    }
    assertThatThrownBy(() -> stored.part("0.part").verify())
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("0.part");
  }

  @Test
  void storeThatAsksForLess_isTriedAFewTimes_andTold() throws IOException {
    store();
    gate.set(Mode.SLOW_DOWN, "0.part");
    try (CheckpointWriter writer = store().begin(AT)) {
      OutputStream out = writer.part("0.part");
      out.write(1);
      assertThatThrownBy(out::close)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("FLX-S3-0005")
          .hasMessageContaining("SlowDown")
          .hasMessageContaining("s3://checkpoints/" + prefix + "/job_1/chk-1-1/0.part");
    }
    assertThat(gate.requests())
        .filteredOn(r -> r.startsWith("PUT") && r.contains("0.part"))
        .hasSize(4);
  }

  @Test
  void storeThatDoesNotAnswer_isGivenUp() throws IOException {
    S3CheckpointStore impatient = open(settings(Duration.ofSeconds(1)), InstantSource.system());
    gate.set(Mode.SILENCE, "0.part");
    try (CheckpointWriter writer = impatient.begin(AT)) {
      OutputStream out = writer.part("0.part");
      out.write(1);
      assertThatThrownBy(out::close)
          .hasMessageContaining("FLX-S3-0005")
          .hasMessageContaining("does not answer in time");
    }
  }

  @Test
  void interruptedWriter_letsGoAtOnce_andLeavesNothing() throws Exception {
    store();
    gate.set(Mode.SILENCE, "partNumber=2");
    CheckpointWriter writer = store().begin(AT);
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread writing =
        new Thread(
            () -> {
              try (OutputStream out = writer.part("0.part")) {
                out.write(random(4 * S3Part.PIECE));
                outcome.completeExceptionally(new AssertionError("was written"));
              } catch (IOException e) {
                outcome.complete(e);
              }
            });
    writing.start();
    gate.awaitHeld();
    writing.interrupt();
    Throwable thrown = outcome.get(20, TimeUnit.SECONDS); // silence lasts a minute
    assertThat(thrown).isInstanceOf(InterruptedIOException.class).hasMessageContaining("0.part");
    writing.join();
    gate.set(Mode.PASS);
    writer.close();
    assertThat(keys()).isEmpty();
    assertThat(uploads()).isEmpty();
  }

  @Test
  void storeThatHasGone_failsTheCheckpoint_andNothingStaysWhenItIsBack() throws Exception {
    try (S3Server own = S3Server.start();
        S3CheckpointStore mine =
            S3CheckpointStore.open(
                settings(
                    S3Server.BUCKET,
                    own.endpoint(),
                    S3Server.SECRET_KEY,
                    S3Settings.REQUEST_TIMEOUT),
                InstantSource.system())) {
      write(mine, AT, bytes("before"));
      try (CheckpointWriter writer = mine.begin(NEXT)) {
        try (OutputStream out = writer.part("0.part")) {
          out.write(1);
        }
        own.kill();
        OutputStream late = writer.part("1.part");
        late.write(1);
        assertThatThrownBy(late::close)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("FLX-S3-0006")
            .hasMessageContaining("cannot be reached")
            .hasMessageContaining("1.part");
        assertThatThrownBy(() -> mine.list(AT.job())).hasMessageContaining("FLX-S3-0006");
      }
      own.restart();
      CheckpointLocation third = new CheckpointLocation(AT.job(), "chk-3-1");
      write(mine, third, bytes("after"));
      assertThat(mine.list(AT.job())).containsExactlyInAnyOrder(AT, third);
      try (S3Bucket bucket =
          S3Bucket.of(
              settings(
                  S3Server.BUCKET,
                  own.endpoint(),
                  S3Server.SECRET_KEY,
                  S3Settings.REQUEST_TIMEOUT))) {
        assertThat(bucket.list("job_1/", "").stream().map(S3Bucket.Entry::key))
            .noneMatch(key -> key.contains(NEXT.name()));
      }
    }
  }

  // --- Stores that cannot be used ---------------------------------------------------------------

  @Test
  void bucketThatIsNotThere_isTold() {
    assertThatThrownBy(
            () ->
                S3CheckpointStore.open(
                    settings(
                        "nowhere", gate.endpoint(), S3Server.SECRET_KEY, Duration.ofSeconds(20)),
                    InstantSource.system()))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-S3-0001")
        .hasMessageContaining("s3://nowhere")
        .hasMessageContaining("fluxcore.checkpoints.s3.bucket");
  }

  @Test
  void wrongSecret_isTold() {
    assertThatThrownBy(
            () ->
                S3CheckpointStore.open(
                    settings(S3Server.BUCKET, gate.endpoint(), "wrong", Duration.ofSeconds(20)),
                    InstantSource.system()))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-S3-0002")
        .hasMessageContaining("SignatureDoesNotMatch")
        .hasMessageContaining("fluxcore.checkpoints.s3.secret-key");
  }

  @Test
  void nobodyThere_isTold() throws Exception {
    S3Gate closed = S3Gate.before(server);
    closed.close();
    assertThatThrownBy(
            () ->
                S3CheckpointStore.open(
                    settings(
                        S3Server.BUCKET,
                        closed.endpoint(),
                        S3Server.SECRET_KEY,
                        Duration.ofSeconds(20)),
                    InstantSource.system()))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-S3-0006")
        .hasMessageContaining("cannot be reached");
  }

  @Test
  void largePart_takesLittleMemory() throws Exception {
    ProcessBuilder small =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx48m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LargePart.class.getName(),
            server.endpoint().toString(),
            prefix);
    Process process = small.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("read back");
    assertThat(uploads()).isEmpty();
  }

  @Test
  void waiting_doesNotOutliveTheStore() throws Exception {
    S3CheckpointStore closing = another();
    gate.set(Mode.SILENCE, "0.part");
    CheckpointWriter writer = closing.begin(AT);
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(
            () -> {
              try (OutputStream out = writer.part("0.part")) {
                out.write(1);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    gate.awaitHeld();
    closing.close();
    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }
}
