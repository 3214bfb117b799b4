package io.fluxcore.adapters.in.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What directories hold, grouped by log. A directory is read once for all logs in it that are
 * looked at in the same round. Not thread-safe.
 */
final class LogListing {
  private final Map<Path, Map<String, List<Member>>> directories = new HashMap<>();

  /**
   * A file that belongs to a log.
   *
   * @param live whether it has the log's own name
   */
  record Member(Path path, String inode, long size, long modifiedMillis, boolean live) {}

  /** A new round: what was read before is out of date. */
  void forget() {
    directories.clear();
  }

  /**
   * The files of a log, the oldest first and the one that is written to last.
   *
   * @throws IOException if the directory cannot be read
   */
  List<Member> members(Path log) throws IOException {
    Path directory = directory(log);
    Map<String, List<Member>> byLog = directories.get(directory);
    if (byLog == null) {
      byLog = read(directory, log.getParent());
      directories.put(directory, byLog);
    }
    return byLog.getOrDefault(log.getFileName().toString(), List.of());
  }

  static Path directory(Path log) {
    Path parent = log.toAbsolutePath().getParent();
    return parent == null ? log.toAbsolutePath() : parent;
  }

  private static Map<String, List<Member>> read(Path directory, @Nullable Path asWritten)
      throws IOException {
    Map<String, List<Member>> byLog = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!LogName.isCompressed(file)) {
          Path path = asWritten == null ? Path.of(name) : asWritten.resolve(name);
          add(byLog, name, path, true);
          String original = LogName.original(name);
          if (original != null) {
            add(byLog, original, path, false);
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Map.of();
    }
    for (List<Member> members : byLog.values()) {
      members.sort(
          Comparator.comparing(Member::live)
              .thenComparingLong(Member::modifiedMillis)
              .thenComparing(Member::path, Comparator.reverseOrder()));
    }
    return byLog;
  }

  private static void add(Map<String, List<Member>> byLog, String log, Path file, boolean live) {
    Member member = member(file, live);
    if (member != null) {
      byLog.computeIfAbsent(log, l -> new ArrayList<>()).add(member);
    }
  }

  /** The file as it is; null if it is gone or no file. */
  static @Nullable Member member(Path file, boolean live) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? new Member(
              file, inode(file), attributes.size(), attributes.lastModifiedTime().toMillis(), live)
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** The number by which the file system knows the file whatever its name. */
  private static String inode(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:ino").toString();
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      // Then a file that was renamed is found by its content.
      return "name-" + Integer.toHexString(file.getFileName().toString().hashCode());
    }
  }
}
