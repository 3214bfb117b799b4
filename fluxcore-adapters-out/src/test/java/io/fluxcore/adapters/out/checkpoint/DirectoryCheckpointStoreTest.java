package io.fluxcore.adapters.out.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.application.checkpoint.kit.CheckpointStoreContract;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryCheckpointStoreTest extends CheckpointStoreContract {
  private static final CheckpointLocation AT =
      new CheckpointLocation(new JobId("job_1"), "chk-1-1");

  @TempDir Path root;
  private CheckpointStore store;

  @Override
  protected CheckpointStore store() {
    if (store == null) {
      store = new DirectoryCheckpointStore(root.resolve("checkpoints"), false);
    }
    return store;
  }

  private List<String> files() throws IOException {
    Path directory = root.resolve("checkpoints");
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  /** A payload in a file of this machine. */
  private record LocalFile(Path path) implements Payload {
    @Override
    public long size() {
      return path.toFile().length();
    }

    @Override
    public InputStream open() throws IOException {
      return new ByteArrayInputStream(Files.readAllBytes(path));
    }

    @Override
    public Optional<String> localFile() {
      return Optional.of(path.toString());
    }
  }

  @Test
  void givenUpCheckpoint_leavesNothing() throws IOException {
    try (CheckpointWriter writer = store().begin(AT)) {
      try (OutputStream out = writer.part("0.part")) {
        out.write(1);
      }
      writer.share("1.sst", Payload.of(new byte[1]));
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void whatCouldNotBeRemoved_isRemovedByTheNext() throws IOException {
    DirectoryCheckpointStore store =
        new DirectoryCheckpointStore(root.resolve("checkpoints"), false);
    CheckpointLocation earlier = new CheckpointLocation(AT.job(), "chk-0-1");
    Files.createDirectories(store.directory(earlier));
    Files.write(store.directory(earlier).resolve("00000.part"), new byte[1]);
    store.leave(earlier, Set.of());
    store.begin(AT).close();
    assertThat(files()).isEmpty();
  }

  @Test
  void crashBeforeTheManifest_leavesNoCheckpoint_andIsSweptAway() throws IOException {
    CheckpointWriter writer = store().begin(AT);
    writer.share("1.sst", Payload.of(new byte[1]));
    CheckpointStore next = new DirectoryCheckpointStore(root.resolve("checkpoints"), false);
    assertThat(next.list(AT.job())).isEmpty();
    next.sweep(AT.job(), name -> false);
    assertThat(files()).isEmpty();
    assertThatThrownBy(() -> writer.complete(new byte[1])).isInstanceOf(IOException.class);
  }

  @Test
  void sharedFile_isLinked_andOutlivesItsSource() throws IOException {
    Path source = Files.write(root.resolve("a.sst"), new byte[] {1, 2, 3});
    try (CheckpointWriter writer = store().begin(AT)) {
      writer.share("a.sst", new LocalFile(source));
      writer.complete(new byte[1]);
    }
    Payload shared = store().open(AT).shared("a.sst");
    Path linked = Path.of(shared.localFile().orElseThrow());
    assertThat(Files.isSameFile(linked, source)).isTrue();
    Files.delete(source);
    assertThat(shared.bytes()).containsExactly(1, 2, 3);
    assertThat(files())
        .containsExactly("job_1/.shared/a.sst", "job_1/chk-1-1/MANIFEST", "job_1/chk-1-1/SHARED");
  }

  @Test
  void directoryThatCannotBe_isNamed() throws IOException {
    Path file = Files.write(root.resolve("file"), new byte[1]);
    CheckpointStore broken = new DirectoryCheckpointStore(file, false);
    assertThatThrownBy(() -> broken.begin(AT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(broken.list(AT.job())).isEmpty();
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
  }
}
