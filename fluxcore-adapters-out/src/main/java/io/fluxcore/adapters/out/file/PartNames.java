package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.parts.PartName;
import io.fluxcore.application.connector.SinkOwner;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the files of one sink are called. Temporary ones are hidden and lie in the directory of the
 * path, so that a rename is atomic. Of {@code out/counts.csv.gz}:
 *
 * <ul>
 *   <li>{@code counts.csv.gz}: all rows of a single writer, if there was no checkpoint before the
 *       end
 *   <li>{@code counts-2.csv.gz}: all rows of writer 2 of several
 *   <li>{@code counts-2-17.csv.gz}: rows of writer 2 for checkpoint 17
 *   <li>{@code dt=2026-11-30/counts-2-17-1.csv.gz}: more of them, where parts are rolled or there
 *       are directories
 *   <li>{@code .counts-2.csv.gz.writing}: being written by a job without end and checkpoints
 *   <li>{@code .counts-2-1.csv.gz.<job>-<token>.writing}: the part with the number 1, being written
 *       by who owns the job
 *   <li>{@code .counts-2-17-1.csv.gz.<job>-<token>.pending}: whole, waiting for its checkpoint to
 *       complete
 * </ul>
 *
 * <p>Two owners of a job, of whom one does not know yet that it has lost it, so never have a hidden
 * file in common.
 */
final class PartNames {
  private static final String WRITING = ".writing";
  private static final String PENDING = ".pending";

  private final Path path;
  private final String stem;
  private final String extension;

  PartNames(Path path) {
    this.path = path;
    String name = String.valueOf(path.getFileName());
    String packed = name.endsWith(".gz") ? ".gz" : name.endsWith(".zst") ? ".zst" : "";
    int unpacked = name.length() - packed.length();
    int dot = name.lastIndexOf('.', unpacked - 1);
    int end = dot > 0 ? dot : unpacked;
    this.stem = name.substring(0, end);
    this.extension = name.substring(end);
  }

  Path directory() {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  Path whole(int subtask, int parallelism) {
    return parallelism == 1 ? path : sibling(stem + "-" + subtask + extension);
  }

  Path ofCheckpoint(PartName part, long checkpointId) {
    String name = stem + "-" + part.subtask() + "-" + checkpointId + more(part.number());
    return directory().resolve(part.directory()).resolve(name + extension);
  }

  private static String more(int number) {
    return number == 0 ? "" : "-" + number;
  }

  Path writing(int subtask) {
    return sibling("." + stem + "-" + subtask + extension + WRITING);
  }

  Path writing(int subtask, int number, SinkOwner owner) {
    return sibling(
        "." + stem + "-" + subtask + more(number) + extension + "." + tag(owner) + WRITING);
  }

  Path pending(Path visible, SinkOwner owner) {
    return sibling("." + visible.getFileName() + "." + tag(owner) + PENDING);
  }

  private static String tag(SinkOwner owner) {
    return owner.job() + "-" + owner.token();
  }

  /** Hidden files that this owner of the job, and those before, have left. */
  List<Path> hidden(SinkOwner owner) throws IOException {
    Pattern name =
        Pattern.compile(
            Pattern.quote("." + stem)
                + "(-[0-9]+)*"
                + Pattern.quote(extension + "." + owner.job() + "-")
                + "([0-9]{1,18})(\\.pending|\\.writing)");
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(directory())) {
      return found;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(), ".*")) {
      for (Path file : files) {
        Matcher matcher = name.matcher(String.valueOf(file.getFileName()));
        if (matcher.matches() && Long.parseLong(matcher.group(2)) <= owner.token().value()) {
          found.add(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private Path sibling(String name) {
    return path.resolveSibling(name);
  }
}
