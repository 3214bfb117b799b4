package io.fluxcore.adapters.in.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files that a path or pattern means. */
final class FileListing {
  private FileListing() {}

  /**
   * The files, by name.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if there is none, or one cannot be read
   */
  static List<Path> list(String pathOrPattern) {
    List<Path> files;
    if (!isPattern(pathOrPattern) || Files.exists(Path.of(pathOrPattern))) {
      Path file = Path.of(pathOrPattern);
      if (Files.isDirectory(file)) {
        throw FileErrors.directory(file);
      }
      if (!Files.exists(file)) {
        throw FileErrors.notFound(pathOrPattern);
      }
      files = List.of(file);
    } else {
      files = matches(pathOrPattern);
    }
    for (Path file : files) {
      if (!Files.isReadable(file)) {
        throw FileErrors.notReadable(file);
      }
    }
    return files;
  }

  static boolean isPattern(String path) {
    return path.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  private static int lastFixedSlash(String pattern) {
    int wild = 0;
    while ("*?[{".indexOf(pattern.charAt(wild)) < 0) {
      wild++;
    }
    return pattern.lastIndexOf('/', wild);
  }

  /** The directory below which all files lie that match. */
  static Path base(String pattern) {
    int slash = lastFixedSlash(pattern);
    return Path.of(slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash));
  }

  /** How deep below {@link #base} they lie at most. */
  static int depth(String pattern) {
    int slash = lastFixedSlash(pattern);
    return pattern.contains("**")
        ? Integer.MAX_VALUE
        : (int) pattern.substring(slash + 1).chars().filter(c -> c == '/').count() + 1;
  }

  private static List<Path> matches(String pattern) {
    Path base = base(pattern);
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    int depth = depth(pattern);
    if (!Files.isDirectory(base)) {
      throw FileErrors.notFound(base.toString());
    }
    try (Stream<Path> files = Files.walk(base, depth, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> found =
          files
              .filter(matcher::matches)
              .filter(f -> !f.getFileName().toString().startsWith("."))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw FileErrors.noMatch(pattern);
      }
      return found;
    } catch (IOException e) {
      throw FileErrors.reading(e, base, 1);
    } catch (UncheckedIOException e) {
      throw FileErrors.reading(new IOException(e.getMessage(), e), base, 1);
    }
  }
}
