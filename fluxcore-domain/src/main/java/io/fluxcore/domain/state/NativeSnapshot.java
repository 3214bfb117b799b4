package io.fluxcore.domain.state;

import io.fluxcore.domain.key.KeyGroupRange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keyed state of one subtask in its backend's own format. After a change of parallelism a
 * subtask is given all those whose key groups touch its own, and takes its part of each.
 *
 * @param backend name of the backend, which alone can read it
 * @param keyGroups which the subtask owned
 * @param metadata small, in the backend's own words: a version, the layouts of its states
 * @param files of distinct names
 */
@SuppressWarnings("ArrayRecordComponent") // bytes of a snapshot, never compared
public record NativeSnapshot(
    String backend, KeyGroupRange keyGroups, byte[] metadata, List<NativeFile> files) {
  public NativeSnapshot {
    files = List.copyOf(files);
    Set<String> names = new HashSet<>();
    for (NativeFile file : files) {
      if (!names.add(file.name())) {
        throw new IllegalArgumentException("two files are called '" + file.name() + "'");
      }
    }
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(file -> file.content().size()).sum();
  }
}
