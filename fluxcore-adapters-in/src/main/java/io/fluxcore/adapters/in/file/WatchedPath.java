package io.fluxcore.adapters.in.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The logs that a file, directory or pattern means while files come and go. A log is named by the
 * file that is written to; files that were rotated away from it belong to it. Compressed files are
 * left out: what they hold was read before they were compressed.
 */
final class WatchedPath {
  private final String path;

  WatchedPath(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  private String pattern() {
    if (Files.isDirectory(Path.of(path))) {
      return (path.endsWith("/") ? path : path + "/") + "*";
    }
    return path;
  }

  private boolean isOneFile() {
    return !FileListing.isPattern(path) || Files.isRegularFile(Path.of(path));
  }

  /** Whether the path means this file, beside those that were rotated away from it. */
  boolean matches(Path file) {
    if (isOneFile() && !Files.isDirectory(Path.of(path))) {
      return file.equals(Path.of(path));
    }
    return !isHidden(file)
        && FileSystems.getDefault().getPathMatcher("glob:" + pattern()).matches(file);
  }

  private static boolean isHidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  /**
   * The logs that there are now, by name; one whose name is given is there even before its file is.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if the directory does not exist
   */
  List<Path> logs() {
    Path file = Path.of(path);
    if (isOneFile() && !Files.isDirectory(file)) {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null && !Files.isDirectory(directory)) {
        throw FileErrors.notFound(directory.toString());
      }
      return List.of(file);
    }
    String pattern = pattern();
    Path base = FileListing.base(pattern);
    if (!Files.isDirectory(base)) {
      throw FileErrors.notFound(base.toString());
    }
    try (Stream<Path> files =
        Files.walk(base, FileListing.depth(pattern), FileVisitOption.FOLLOW_LINKS)) {
      return files
          .filter(f -> !LogName.isCompressed(f) && matches(f))
          .filter(Files::isRegularFile)
          .map(this::log)
          .distinct()
          .sorted()
          .toList();
    } catch (IOException e) {
      throw FileErrors.reading(e, base, 1);
    } catch (UncheckedIOException e) {
      throw FileErrors.reading(new IOException(e.getMessage(), e), base, 1);
    }
  }

  /** The log that a matching file belongs to: decided by names only, so that it never changes. */
  private Path log(Path file) {
    String original = LogName.original(file.getFileName().toString());
    if (original == null) {
      return file;
    }
    Path log = file.resolveSibling(original);
    return matches(log) ? log : file;
  }
}
