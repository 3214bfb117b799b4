package io.fluxcore.adapters.out.checkpoint;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What it takes for files to be on the disk, or off it. */
final class DurableFiles {
  private DurableFiles() {}

  /** Returns when the file, or what a directory lists, is on the disk. */
  static void force(Path path) throws IOException {
    if (Files.isDirectory(path) && File.separatorChar == '\\') {
      return; // Windows cannot, and need not
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Deletes a file, or a directory with everything in it; without effect if there is none. */
  static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          delete(entry);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  /** The failure with the file that it is about. */
  static IOException at(Path path, IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains(path.toString())
        ? new IOException(e.getClass().getSimpleName() + ": " + message, e)
        : new IOException(path + ": " + message, e);
  }
}
