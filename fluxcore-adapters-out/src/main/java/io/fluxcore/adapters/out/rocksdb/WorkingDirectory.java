package io.fluxcore.adapters.out.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The folder of this process. A lock that the operating system takes back when a process dies tells
 * folders in use from what a killed process has left, which is deleted. Thread-safe.
 */
final class WorkingDirectory implements AutoCloseable {
  private static final String PREFIX = "run-";
  private static final String LOCK = "LOCK";

  private final Path path;
  private final FileChannel channel;
  private final Thread atExit;
  private final AtomicLong folders = new AtomicLong();

  private WorkingDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
    this.atExit = new Thread(this::deleteAtExit, "fluxcore-state-cleaner");
  }

  /** What cannot be deleted now, the next process deletes. */
  private void deleteAtExit() {
    try {
      delete(path);
    } catch (IOException e) {
      System.getLogger(WorkingDirectory.class.getName())
          .log(System.Logger.Level.DEBUG, () -> path + " is left for the next process", e);
    }
  }

  /** A new folder, locked; leftovers beside it are deleted. */
  static WorkingDirectory in(Path parent) throws IOException {
    Files.createDirectories(parent);
    deleteLeftovers(parent);
    Path path = parent.resolve(PREFIX + UUID.randomUUID());
    Files.createDirectory(path);
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new IOException("the new folder " + path + " is locked by another process");
    }
    WorkingDirectory directory = new WorkingDirectory(path, channel);
    Runtime.getRuntime().addShutdownHook(directory.atExit);
    return directory;
  }

  private static void deleteLeftovers(Path parent) throws IOException {
    try (DirectoryStream<Path> runs = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path run : runs) {
        Path lock = run.resolve(LOCK);
        // without a lock file it is being made at this moment, or was hardly begun
        if (Files.exists(lock) && isFree(lock)) {
          delete(run);
        }
      }
    }
  }

  private static boolean isFree(Path lock) throws IOException {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken != null;
    } catch (OverlappingFileLockException e) {
      return false; // this process has it
    }
  }

  /** A path for a new folder, unique in this process. */
  Path next(String purpose) {
    return path.resolve(purpose + "-" + folders.incrementAndGet());
  }

  /** Deletes a folder and what is in it; what is gone already is no matter. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // the process ends, and the hook is at work
    }
    channel.close();
    delete(path);
  }
}
