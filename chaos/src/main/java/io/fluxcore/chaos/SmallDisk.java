package io.fluxcore.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** A file system in memory, which can be filled and made read-only. Needs root and Linux. */
final class SmallDisk implements AutoCloseable {
  private static final int BLOCK = 4096;
  private static final long PATIENCE_SECONDS = 30;

  private final Path directory;
  private final Path filler;

  private SmallDisk(Path directory) {
    this.directory = directory;
    this.filler = directory.resolve("filler");
  }

  /** This machine, or this user, may mount nothing: it says so. */
  static final class NotPermittedException extends Exception {
    private static final long serialVersionUID = 1L;

    NotPermittedException(String message) {
      super(message);
    }
  }

  static SmallDisk mount(Path directory, int mebibytes)
      throws NotPermittedException, IOException, InterruptedException {
    Files.createDirectories(directory);
    try {
      Commands.run(
          "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", directory.toString());
    } catch (IOException e) {
      throw new NotPermittedException(
          "a file system cannot be mounted here (it takes root, and a machine that lets it): "
              + e.getMessage());
    }
    return new SmallDisk(directory);
  }

  /** Leaves no room; again, takes what others have left. */
  void fill() throws IOException {
    try (OutputStream out =
        Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] block = new byte[BLOCK];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  void free() throws IOException {
    Files.deleteIfExists(filler);
  }

  /** Waits for the moment at which nobody has a file open for writing. */
  void readOnly() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      Commands.Result result = Commands.attempt("mount", "-o", "remount,ro", directory.toString());
      if (result.code() == 0) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(directory + " cannot be made read-only: " + result.text());
      }
    }
  }

  void writable() throws IOException, InterruptedException {
    Commands.run("mount", "-o", "remount,rw", directory.toString());
  }

  @Override
  public void close() throws IOException {
    try {
      Commands.run("umount", directory.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(directory + " stays mounted", e);
    }
  }
}
