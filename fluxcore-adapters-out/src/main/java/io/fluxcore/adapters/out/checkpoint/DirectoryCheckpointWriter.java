package io.fluxcore.adapters.out.checkpoint;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointNames;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.domain.state.Payload;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes a checkpoint to its directory. */
final class DirectoryCheckpointWriter implements CheckpointWriter {
  private final DirectoryCheckpointStore store;
  private final CheckpointLocation location;
  private final Path directory;

  /** Shared files that it refers to, and those of them that it has written. Guarded by this. */
  private final Set<String> references = new TreeSet<>();

  private final Set<String> written = new HashSet<>();
  private boolean over;

  DirectoryCheckpointWriter(DirectoryCheckpointStore store, CheckpointLocation location) {
    this.store = store;
    this.location = location;
    this.directory = store.directory(location);
  }

  CheckpointLocation location() {
    return location;
  }

  synchronized Set<String> references() {
    return Set.copyOf(references);
  }

  @Override
  public OutputStream part(String name) throws IOException {
    CheckpointNames.requirePart(name);
    Path path = directory.resolve(name);
    try {
      return new Part(
          path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (FileAlreadyExistsException e) {
      throw new IOException("there is a part " + path + " already", e);
    } catch (IOException e) {
      throw DurableFiles.at(path, e);
    }
  }

  /** Is on the disk when it is closed. */
  private static final class Part extends OutputStream {
    private final Path path;
    private @Nullable FileChannel channel;

    Part(Path path, FileChannel channel) {
      this.path = path;
      this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int off, int len) throws IOException {
      FileChannel open = channel;
      if (open == null) {
        throw new IOException(path + " is closed");
      }
      try {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, off, len);
        while (buffer.hasRemaining()) {
          open.write(buffer);
        }
      } catch (IOException e) {
        throw DurableFiles.at(path, e);
      }
    }

    @Override
    public void close() throws IOException {
      FileChannel open = channel;
      channel = null;
      if (open != null) {
        try (open) {
          open.force(true);
        } catch (IOException e) {
          throw DurableFiles.at(path, e);
        }
      }
    }
  }

  @Override
  public void share(String name, Payload content) throws IOException {
    CheckpointNames.requireShared(name);
    synchronized (this) {
      references.add(name);
      written.add(name);
    }
    Path target = store.sharedFile(location.job(), name);
    Path fresh = target.resolveSibling("." + name + "." + location.name());
    try {
      Files.createDirectories(target.getParent());
      Files.deleteIfExists(fresh);
      if (!link(fresh, content)) {
        try (InputStream in = content.open()) {
          Files.copy(in, fresh);
        }
      }
      DurableFiles.force(fresh);
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.deleteIfExists(fresh); // a link is not moved over another one of the same file
    } catch (IOException e) {
      throw DurableFiles.at(target, e);
    }
  }

  private static boolean link(Path fresh, Payload content) {
    if (content.localFile().isEmpty()) {
      return false;
    }
    try {
      Files.createLink(fresh, Path.of(content.localFile().get()));
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false; // on another file system
    }
  }

  @Override
  public void reuse(String name) throws IOException {
    CheckpointNames.requireShared(name);
    synchronized (store) { // nothing is deleted between the look and the reference
      if (!Files.exists(store.sharedFile(location.job(), name))) {
        throw new FileNotFoundException(
            "there is no shared file " + store.sharedFile(location.job(), name));
      }
      synchronized (this) {
        references.add(name);
      }
    }
  }

  @Override
  public void complete(byte[] manifest) throws IOException {
    Set<String> shared = references();
    if (!shared.isEmpty()) {
      String list = String.join("\n", shared) + "\n";
      write(directory.resolve(DirectoryCheckpointStore.SHARED), bytes(list));
      DurableFiles.force(
          store.directory(location.job()).resolve(DirectoryCheckpointStore.SHARED_FILES));
    }
    Path fresh = directory.resolve(".manifest");
    write(fresh, manifest);
    DurableFiles.force(directory);
    synchronized (store) {
      if (!store.ended(this)) {
        throw new IOException("checkpoint " + location + " was swept away");
      }
      Files.move(
          fresh,
          directory.resolve(DirectoryCheckpointStore.MANIFEST),
          StandardCopyOption.ATOMIC_MOVE);
    }
    DurableFiles.force(directory);
    DurableFiles.force(store.directory(location.job()));
    synchronized (this) {
      over = true;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Path path, byte[] content) throws IOException {
    try {
      Files.write(path, content);
      DurableFiles.force(path);
    } catch (IOException e) {
      throw DurableFiles.at(path, e);
    }
  }

  @Override
  public void close() {
    Set<String> own;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      own = Set.copyOf(written);
    }
    try {
      if (store.ended(this)) {
        DurableFiles.delete(directory);
        store.release(location.job(), own);
      }
    } catch (IOException e) {
      store.leave(location, own);
      System.getLogger(DirectoryCheckpointWriter.class.getName())
          .log(System.Logger.Level.WARNING, "an unfinished checkpoint stays in " + directory, e);
    }
  }
}
