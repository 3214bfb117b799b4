package io.fluxcore.adapters.out.checkpoint;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.StoredCheckpoint;
import io.fluxcore.domain.state.Payload;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A complete checkpoint in its directory. */
final class DirectoryCheckpoint implements StoredCheckpoint {
  private final DirectoryCheckpointStore store;
  private final CheckpointLocation location;
  private final Set<String> references;
  private final Path directory;

  DirectoryCheckpoint(
      DirectoryCheckpointStore store, CheckpointLocation location, Set<String> references) {
    this.store = store;
    this.location = location;
    this.references = references;
    this.directory = store.directory(location);
  }

  @Override
  public CheckpointLocation location() {
    return location;
  }

  @Override
  public byte[] manifest(int limit) throws IOException {
    Path path = directory.resolve(DirectoryCheckpointStore.MANIFEST);
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new IOException(path + " has more than " + limit + " bytes");
      }
      return bytes;
    }
  }

  @Override
  public List<String> parts() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && !Character.isUpperCase(name.charAt(0))) {
          names.add(name);
        }
      }
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public Payload part(String name) throws IOException {
    return whole(inside(name));
  }

  private Path inside(String name) throws FileNotFoundException {
    if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\\")) {
      throw new FileNotFoundException("'" + name + "' is not the name of a part");
    }
    return directory.resolve(name);
  }

  private static Payload whole(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new FileNotFoundException("there is no file " + path);
    }
    return new Piece(path, 0, Files.size(path), true);
  }

  @Override
  public Payload part(String name, long offset, long length) {
    return new Piece(directory.resolve(name), offset, length, false);
  }

  @Override
  public Payload shared(String name) throws IOException {
    if (!references.contains(name)) {
      throw new FileNotFoundException(
          "checkpoint " + directory + " does not refer to a shared file '" + name + "'");
    }
    return whole(store.sharedFile(location.job(), name));
  }

  /** A piece of a file, or a whole one. */
  private record Piece(Path path, long offset, long length, boolean whole) implements Payload {
    @Override
    public long size() {
      return length;
    }

    @Override
    public Optional<String> localFile() {
      return whole ? Optional.of(path.toString()) : Optional.empty();
    }

    @Override
    public InputStream open() throws IOException {
      InputStream in = Files.newInputStream(path);
      try {
        if (offset < 0 || length < 0 || offset > Files.size(path) - length) {
          throw new EOFException(path + " is cut off");
        }
        in.skipNBytes(offset);
        return new Limited(in, length);
      } catch (IOException e) {
        in.close();
        throw e;
      }
    }
  }

  /** The next bytes of a stream, and no more. */
  private static final class Limited extends InputStream {
    private final InputStream source;
    private long left;

    Limited(InputStream source, long left) {
      this.source = source;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = source.read();
      if (read < 0) {
        throw new EOFException("the file is cut off");
      }
      left--;
      return read;
    }

    @Override
    public int read(byte[] bytes, int off, int len) throws IOException {
      if (len == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int read = source.read(bytes, off, (int) Math.min(len, left));
      if (read < 0) {
        throw new EOFException("the file is cut off");
      }
      left -= read;
      return read;
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
