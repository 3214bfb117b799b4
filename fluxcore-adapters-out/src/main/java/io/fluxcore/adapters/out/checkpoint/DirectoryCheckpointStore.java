package io.fluxcore.adapters.out.checkpoint;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.application.checkpoint.StoredCheckpoint;
import io.fluxcore.domain.job.JobId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Checkpoints in a directory:
 *
 * <pre>
 *   job_…/                    a job
 *     chk-12-1/               a checkpoint
 *       00000.part …          its parts
 *       SHARED                names of the shared files that it refers to, a line each
 *       MANIFEST              written last: without it the checkpoint is not there
 *     .shared/                files that several checkpoints of the job refer to
 *   place                     tells this directory from others
 * </pre>
 *
 * Files are written through to the disk before the manifest is, which gets its name by an atomic
 * rename; then the directories are. Shared files are hard links to the files they come from, where
 * both are on one file system. A file is deleted when no manifest refers to it any more.
 */
public final class DirectoryCheckpointStore implements CheckpointStore {
  static final String MANIFEST = "MANIFEST";
  static final String SHARED = "SHARED";
  static final String SHARED_FILES = ".shared";
  private static final String PLACE = "place";

  private final Path root;
  private final boolean shared;

  /** What this process writes; guarded by this. */
  private final Map<CheckpointLocation, DirectoryCheckpointWriter> writing = new HashMap<>();

  /** Unfinished checkpoints that could not be removed, with their shared files. Guarded by this. */
  private final Map<CheckpointLocation, Set<String>> left = new HashMap<>();

  /**
   * A store.
   *
   * @param root its directory, which is made when it is needed
   * @param shared whether other servers see the same directory under the same path
   */
  public DirectoryCheckpointStore(Path root, boolean shared) {
    this.root = root.toAbsolutePath().normalize();
    this.shared = shared;
  }

  @Override
  public String description() {
    return "directory " + root;
  }

  /** With what a file in the directory says: two machines may have different ones at one path. */
  @Override
  public String identity() throws IOException {
    Path file = root.resolve(PLACE);
    try {
      Files.createDirectories(root);
      try {
        Files.writeString(file, UUID.randomUUID().toString(), StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        // Of an earlier life, or of another server.
      }
      return description() + " (" + Files.readString(file).strip() + ")";
    } catch (IOException e) {
      throw DurableFiles.at(file, e);
    }
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public boolean isShared() {
    return shared;
  }

  Path directory(JobId job) {
    return root.resolve(job.value());
  }

  Path directory(CheckpointLocation location) {
    return directory(location.job()).resolve(location.name());
  }

  Path sharedFile(JobId job, String name) {
    return directory(job).resolve(SHARED_FILES).resolve(name);
  }

  @Override
  public synchronized CheckpointWriter begin(CheckpointLocation location) throws IOException {
    Path directory = directory(location);
    if (writing.containsKey(location) || Files.exists(directory.resolve(MANIFEST))) {
      throw new IOException("there is a checkpoint in " + directory + " already");
    }
    clearAway(location.job());
    DurableFiles.delete(directory);
    Files.createDirectories(directory);
    DirectoryCheckpointWriter writer = new DirectoryCheckpointWriter(this, location);
    writing.put(location, writer);
    return writer;
  }

  /** What was given up and could not be removed then is removed now that there is writing again. */
  private void clearAway(JobId job) throws IOException {
    for (Map.Entry<CheckpointLocation, Set<String>> one : List.copyOf(left.entrySet())) {
      if (one.getKey().job().equals(job)) {
        DurableFiles.delete(directory(one.getKey()));
        release(job, one.getValue());
        left.remove(one.getKey());
      }
    }
  }

  /**
   * An unfinished checkpoint could not be removed: the next one of the job does, or its next owner.
   *
   * @param files shared files that it has written
   */
  synchronized void leave(CheckpointLocation location, Set<String> files) {
    left.put(location, files);
  }

  /** Whether a writer may still complete its checkpoint; it is no longer written then. */
  synchronized boolean ended(DirectoryCheckpointWriter writer) {
    return writing.remove(writer.location(), writer);
  }

  @Override
  public StoredCheckpoint open(CheckpointLocation location) throws IOException {
    Path directory = directory(location);
    if (!Files.isRegularFile(directory.resolve(MANIFEST))) {
      throw new FileNotFoundException("there is no checkpoint in " + directory);
    }
    return new DirectoryCheckpoint(this, location, Set.copyOf(references(directory)));
  }

  /** Names of the shared files that a checkpoint refers to. */
  private static List<String> references(Path checkpoint) throws IOException {
    Path list = checkpoint.resolve(SHARED);
    return Files.exists(list) ? Files.readAllLines(list, StandardCharsets.UTF_8) : List.of();
  }

  @Override
  public List<CheckpointLocation> list(JobId job) throws IOException {
    List<CheckpointLocation> found = new ArrayList<>();
    for (Path directory : checkpoints(job)) {
      if (Files.isRegularFile(directory.resolve(MANIFEST))) {
        found.add(new CheckpointLocation(job, directory.getFileName().toString()));
      }
    }
    return found;
  }

  /** The directories of a job's checkpoints, complete or not. */
  private List<Path> checkpoints(JobId job) throws IOException {
    Path directory = directory(job);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  @Override
  public synchronized void delete(CheckpointLocation location) throws IOException {
    Path directory = directory(location);
    if (!Files.exists(directory.resolve(MANIFEST))) {
      return;
    }
    Set<String> released = new HashSet<>(references(directory));
    Files.deleteIfExists(directory.resolve(MANIFEST));
    DurableFiles.force(directory);
    release(location.job(), released);
    DurableFiles.delete(directory);
  }

  /** Deletes those of these shared files that no complete checkpoint and no writer refers to. */
  synchronized void release(JobId job, Set<String> names) throws IOException {
    if (names.isEmpty()) {
      return;
    }
    Set<String> unused = new HashSet<>(names);
    for (Path directory : checkpoints(job)) {
      if (Files.exists(directory.resolve(MANIFEST))) {
        unused.removeAll(references(directory));
      }
    }
    for (DirectoryCheckpointWriter writer : writing.values()) {
      if (writer.location().job().equals(job)) {
        unused.removeAll(writer.references());
      }
    }
    for (String name : unused) {
      Files.deleteIfExists(sharedFile(job, name));
    }
  }

  @Override
  public synchronized void sweep(JobId job, Predicate<String> keep) throws IOException {
    writing.keySet().removeIf(at -> at.job().equals(job) && !keep.test(at.name()));
    for (Path directory : checkpoints(job)) {
      if (!keep.test(directory.getFileName().toString())) {
        Files.deleteIfExists(directory.resolve(MANIFEST));
        DurableFiles.delete(directory);
      }
    }
    Path files = directory(job).resolve(SHARED_FILES);
    if (Files.isDirectory(files)) {
      Set<String> all = new HashSet<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(files)) {
        entries.forEach(entry -> all.add(entry.getFileName().toString()));
      }
      release(job, all);
    }
  }
}
