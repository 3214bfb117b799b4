package io.fluxcore.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checkpoints and the output of a job as they lie on the disk, to know what a server is at.
 *
 * @param checkpoints of the job
 * @param output of its sinks
 */
record CheckpointFolder(Path checkpoints, Path output) {
  private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d+)-\\d+");
  private static final Pattern PENDING = Pattern.compile("\\..*-(\\d+)\\.json\\b.*\\.pending");

  /** Whether a snapshot is being written, or was when the server died. */
  boolean hasUnfinished() {
    boolean[] found = new boolean[1];
    each(
        checkpoints,
        entry ->
            found[0] |=
                CHECKPOINT.matcher(name(entry)).matches()
                    && !Files.exists(entry.resolve("MANIFEST")));
    return found[0];
  }

  /** Number of the newest checkpoint that has a manifest, 0 if there is none. */
  long newest() {
    long[] newest = new long[1];
    each(
        checkpoints,
        entry -> {
          Matcher matcher = CHECKPOINT.matcher(name(entry));
          if (matcher.matches() && Files.exists(entry.resolve("MANIFEST"))) {
            newest[0] = Math.max(newest[0], Long.parseLong(matcher.group(1)));
          }
        });
    return newest[0];
  }

  /** Whether something is not committed that a complete checkpoint holds. */
  boolean hasUncommitted(Instant since) {
    long newest = newest();
    boolean[] found = new boolean[1];
    each(
        output,
        entry -> {
          Matcher matcher = PENDING.matcher(name(entry));
          if (matcher.matches() && Long.parseLong(matcher.group(1)) <= newest) {
            found[0] |= isSince(entry, since);
          }
        });
    return found[0];
  }

  private static boolean isSince(Path file, Instant since) {
    try {
      return !Files.getLastModifiedTime(file).toInstant().isBefore(since);
    } catch (IOException e) {
      return false; // committed in the meantime
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** What to do with an entry. */
  private interface Look {
    void at(Path entry);
  }

  private static void each(Path directory, Look look) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        look.at(entry);
      }
    } catch (NoSuchFileException e) {
      // nothing yet
    } catch (IOException | DirectoryIteratorException e) {
      throw new UncheckedIOException(new IOException(directory + " cannot be listed", e));
    }
  }
}
