package io.fluxcore.boot.server;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The directory of one server at a time. The lock goes with the process, however that ends. */
final class DataDirectory implements AutoCloseable {
  private static final String LOCK = "server.lock";
  private static final String NAME = "server.name";

  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the directory where it is missing, and takes it.
   *
   * @throws FluxCoreException if that cannot be, or another server has it
   */
  static DataDirectory open(Path given) {
    Path path = given.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path.resolve("logs"));
      FileChannel channel =
          FileChannel.open(
              path.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        String holder = read(channel);
        channel.close();
        throw new FluxCoreException(
            ErrorCategory.STATE_CONFLICT,
            Diagnostic.error(
                "FLX-SERVER-0003",
                Place.of("--data"),
                "another server uses " + path + (holder.isEmpty() ? "" : ": process " + holder),
                "stop it, or name another directory"));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return new DataDirectory(path, channel);
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    channel.read(bytes);
    return StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
  }

  Path path() {
    return path;
  }

  /**
   * What the server of this directory is called: made once. The lock keeps two that run at the same
   * time from having the same name.
   */
  String serverName() {
    Path file = path.resolve(NAME);
    try {
      if (!Files.exists(file)) {
        // Whole or not at all: whoever is killed here, or finds the disk full, leaves no empty
        // name.
        Path fresh = path.resolve(NAME + ".new");
        Files.writeString(fresh, "server-" + UUID.randomUUID().toString().substring(0, 8));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private static FluxCoreException unusable(Path path, IOException e) {
    return new FluxCoreException(
        ErrorCategory.RESOURCE,
        List.of(
            Diagnostic.error(
                "FLX-SERVER-0004",
                Place.of("--data"),
                "the directory " + path + " cannot be used: " + e,
                "make it writable, or name another one")),
        e);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new IllegalStateException("the lock of " + path + " cannot be given back", e);
    }
  }
}
