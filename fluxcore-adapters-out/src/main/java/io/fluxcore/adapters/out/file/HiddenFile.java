package io.fluxcore.adapters.out.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is being written under a name that readers pass over. Not thread-safe. */
final class HiddenFile {
  private final Path path;
  private final FileOutputStream out;
  private boolean finished;

  private HiddenFile(Path path, FileOutputStream out) {
    this.path = path;
    this.out = out;
  }

  /** An empty file in place of what may be there. */
  static HiddenFile create(Path path) throws IOException {
    Files.deleteIfExists(path);
    Files.createFile(path); // says why it cannot, which the stream does not
    return new HiddenFile(path, new FileOutputStream(path.toFile()));
  }

  Path path() {
    return path;
  }

  OutputStream out() {
    return out;
  }

  /** Its bytes are on the disk. Without effect when called again. */
  void finish() throws IOException {
    if (!finished) {
      out.getFD().sync();
      finished = true;
      out.close();
    }
  }

  /** It is not wanted any more; if it has another name by now it stays. */
  void remove() throws IOException {
    try {
      out.close();
    } finally {
      Files.deleteIfExists(path);
    }
  }
}
