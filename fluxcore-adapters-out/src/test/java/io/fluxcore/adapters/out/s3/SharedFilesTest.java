package io.fluxcore.adapters.out.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.domain.job.JobId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedFilesTest {
  private static final S3Settings SETTINGS =
      new S3Settings(
          "none",
          "",
          java.net.URI.create("http://127.0.0.1:1"),
          null,
          null,
          new S3Settings.Credentials("a", "b", null),
          S3Settings.REQUEST_TIMEOUT);

  private final Set<String> there = new HashSet<>(Set.of("1", "2"));
  private final AtomicInteger listings = new AtomicInteger();
  private final SharedFiles files =
      new SharedFiles(
          () -> {
            listings.incrementAndGet();
            return Set.copyOf(there);
          });

  private S3CheckpointWriter writer(String name) {
    try (S3Bucket never = S3Bucket.of(SETTINGS)) {
      S3CheckpointWriter writer =
          new S3CheckpointWriter(
              null, never, new CheckpointLocation(new JobId("job_1"), name), files);
      assertThat(files.begin(writer)).isTrue();
      return writer;
    }
  }

  @Test
  void files_areListedOnceForAWriter() throws IOException {
    S3CheckpointWriter writer = writer("chk-1-1");
    assertThat(files.reuse(writer, "1")).isTrue();
    assertThat(files.reuse(writer, "2")).isTrue();
    assertThat(files.reuse(writer, "3")).isFalse();
    assertThat(listings).hasValue(1);
    assertThat(files.references(writer)).containsExactlyInAnyOrder("1", "2");
  }

  @Test
  void referredFile_isNotCondemned() throws IOException {
    S3CheckpointWriter writer = writer("chk-2-1");
    files.know("chk-1-1", Set.of("1"));
    files.reuse(writer, "2");
    assertThat(files.condemn(Set.of("1", "2", "3"))).containsExactly("3");
    files.forget("chk-1-1");
    assertThat(files.completed(writer)).isTrue();
    assertThat(files.condemn(Set.of("1", "2"))).containsExactly("1");
  }

  @Test
  void condemnedFile_isNotReused_byWhoeverHasListedIt() throws IOException {
    S3CheckpointWriter before = writer("chk-2-1");
    assertThat(files.reuse(before, "2")).isTrue();
    Set<String> unused = files.condemn(Set.of("1"));
    assertThat(files.reuse(before, "1")).isFalse();
    assertThat(files.reuse(writer("chk-3-1"), "1")).isFalse();
    files.absolve(unused);
    assertThat(files.reuse(before, "1")).as("is gone now").isFalse();
  }

  @Test
  void condemnedFile_isWrittenAgain_whenItIsGone() throws Exception {
    S3CheckpointWriter writer = writer("chk-2-1");
    Set<String> unused = files.condemn(Set.of("1"));
    CompletableFuture<Boolean> shared = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                files.share(writer, "1");
                shared.complete(true);
              } catch (IOException e) {
                shared.completeExceptionally(e);
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(shared).isNotDone();
    files.absolve(unused);
    assertThat(shared.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(files.condemn(Set.of("1"))).isEmpty();
  }

  @Test
  void whoWaits_canBeInterrupted() {
    S3CheckpointWriter writer = writer("chk-2-1");
    files.condemn(Set.of("1"));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> files.share(writer, "1")).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void sweptWriter_isOver() throws IOException {
    S3CheckpointWriter writer = writer("chk-2-1");
    files.sweep(name -> false);
    assertThat(files.isWriting(writer)).isFalse();
    assertThat(files.reuse(writer, "1")).isFalse();
    assertThat(files.completed(writer)).isFalse();
    assertThat(files.ended(writer)).isFalse();
  }

  @Test
  void location_hasOneWriter() throws IOException {
    S3CheckpointWriter writer = writer("chk-2-1");
    try (S3Bucket never = S3Bucket.of(SETTINGS)) {
      S3CheckpointWriter other = new S3CheckpointWriter(null, never, writer.location(), files);
      assertThat(files.begin(other)).isFalse();
      assertThat(files.ended(other)).isFalse();
    }
    assertThat(files.isWriting(writer)).isTrue();
  }
}
