package io.fluxcore.application.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.SnapshotFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Exported savepoints that were written by earlier builds keep restoring. A new version of the
 * format adds a file, and never changes one.
 */
class KeptSnapshotsTest {
  private final CheckpointStorage storage = CheckpointStorage.inMemory(Snapshots.TIME);

  private static byte[] kept(String name) throws IOException {
    try (InputStream in = KeptSnapshotsTest.class.getResourceAsStream("/snapshots/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private StoredSnapshot bring(byte[] file) throws IOException {
    InputStream in = new ByteArrayInputStream(file);
    SnapshotManifest head = SnapshotCopy.head(in);
    CheckpointLocation location =
        CheckpointLocation.ofSavepoint(new JobId(head.jobId()), new SavepointId("sp-brought"));
    SnapshotCopy.bring(head, in, storage.store(), location);
    StoredSnapshot stored = StoredSnapshot.open(storage.store(), location);
    stored.verify();
    return stored;
  }

  private byte[] exported() throws IOException {
    StoredSnapshot stored =
        StoredSnapshot.open(storage.store(), Snapshots.write(storage, SnapshotFormat.CANONICAL));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SnapshotCopy.export(stored, bytes);
    assertThat(bytes.size()).isEqualTo(SnapshotCopy.exportedBytes(stored));
    return bytes.toByteArray();
  }

  @Test
  void versionOne_restores() throws IOException {
    StoredSnapshot stored = bring(kept("version-1.savepoint"));
    StoredSnapshot fresh =
        StoredSnapshot.open(storage.store(), Snapshots.write(storage, SnapshotFormat.CANONICAL));
    assertThat(Snapshots.contents(stored.snapshot()))
        .hasSize(168)
        .isEqualTo(Snapshots.contents(fresh.snapshot()))
        .containsEntry("-60000/1/ä1", "-59999/-1/word 1");
    assertThat(Snapshots.rest(stored.snapshot())).isEqualTo(Snapshots.rest(fresh.snapshot()));
    assertThat(stored.manifest().jobName()).isEqualTo("orders");
    assertThat(stored.manifest().label()).isEqualTo("kept for ever");
    assertThat(stored.manifest().maxParallelism()).isEqualTo(Snapshots.GROUPS);
  }

  @Test
  void thisBuild_writesVersionOne_toTheLastByte() throws IOException {
    assertThat(exported()).isEqualTo(kept("version-1.savepoint"));
  }

  @Test
  void exportedFile_tornAnywhere_isRefused() throws IOException {
    byte[] file = exported();
    for (int length = 0; length < file.length; length += length < 200 ? 1 : 97) {
      byte[] torn = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> bring(torn)).isInstanceOf(IOException.class);
    }
    byte[] longer = Arrays.copyOf(file, file.length + 1);
    assertThatThrownBy(() -> bring(longer)).isInstanceOf(SnapshotUnusable.class);
    assertThat(storage.store().list(Snapshots.JOB)).hasSize(1);
  }

  @Test
  void exportedFile_withAByteChanged_isRefused() throws IOException {
    byte[] file = exported();
    long seed = 3;
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] damaged = file.clone();
      damaged[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        StoredSnapshot stored = bring(damaged);
        assertThat(Snapshots.contents(stored.snapshot())).hasSize(168);
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotBlank();
      } finally {
        storage
            .store()
            .delete(CheckpointLocation.ofSavepoint(Snapshots.JOB, new SavepointId("sp-brought")));
      }
    }
  }
}
