package io.fluxcore.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Watches how large the tables of RocksDB below a directory become. */
public final class StateFiles {
  private static final long INTERVAL_NANOS = 500_000_000L;

  private final Path directory;
  private final Thread watcher = new Thread(this::watch, "state-files");
  private volatile boolean ended;
  private long most;

  private StateFiles(Path directory) {
    this.directory = directory;
  }

  public static StateFiles in(Path directory) {
    StateFiles files = new StateFiles(directory);
    files.watcher.setDaemon(true);
    files.watcher.start();
    return files;
  }

  /** The most that they were together, as a variant of the result line. */
  public String end() throws InterruptedException {
    ended = true;
    watcher.join();
    return "state_mb=" + (most >> 20);
  }

  private void watch() {
    while (!ended) {
      most = Math.max(most, bytes());
      LockSupport.parkNanos(INTERVAL_NANOS);
    }
  }

  private long bytes() {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .mapToLong(StateFiles::size)
          .sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // a file has gone while it was looked at
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
