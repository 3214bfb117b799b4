package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.NativeFile;
import io.fluxcore.domain.state.NativeSnapshot;
import io.fluxcore.domain.state.SnapshotTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of a database at a checkpoint, linked into a folder of their own. */
final class FrozenFiles implements FrozenState {
  private final Path folder;
  private final KeyGroupRange keyGroups;
  private final StoredStates states;
  private final FileNames names;

  FrozenFiles(Path folder, KeyGroupRange keyGroups, StoredStates states, FileNames names) {
    this.folder = folder;
    this.keyGroups = keyGroups;
    this.states = states;
    this.names = names;
  }

  @Override
  public void write(SnapshotTarget target) throws IOException {
    List<NativeFile> files = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        String local = String.valueOf(path.getFileName());
        boolean shared = FileNames.isTable(local);
        String name = shared ? names.shared(local) : local;
        files.add(new NativeFile(name, shared, FilePayload.of(path)));
      }
    }
    target.nativeState(
        new NativeSnapshot(RocksDbStateBackends.NAME, keyGroups, states.bytes(), files));
  }

  @Override
  public void close() {
    try {
      WorkingDirectory.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
