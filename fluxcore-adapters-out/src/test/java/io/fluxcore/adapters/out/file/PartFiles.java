package io.fluxcore.adapters.out.file;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What lies in a directory and those below it. */
final class PartFiles {
  private PartFiles() {}

  /** Hidden files, or those that readers see, in the order of their paths. */
  static List<Path> in(Path directory, boolean hidden) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().startsWith(".") == hidden)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a file, whose ending says how it is compressed. */
  static String text(Path file) {
    try (InputStream in = open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream bytes = new ByteArrayInputStream(Files.readAllBytes(file));
    String name = file.toString();
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(bytes);
    }
    return name.endsWith(".zst") ? new ZstdInputStream(bytes) : bytes;
  }
}
