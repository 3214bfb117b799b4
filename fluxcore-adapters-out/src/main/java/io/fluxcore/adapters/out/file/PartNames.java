package io.fluxcore.adapters.out.file;

import java.nio.file.Path;

/**
 * What the files of one sink are called. Temporary ones are hidden and lie beside the final ones,
 * so that a rename is atomic. Of {@code out/counts.csv.gz}:
 *
 * <ul>
 *   <li>{@code counts.csv.gz}: all rows of a single writer without checkpoints
 *   <li>{@code counts-2.csv.gz}: all rows of writer 2 of several
 *   <li>{@code counts-2-17.csv.gz}: rows of writer 2 for checkpoint 17
 *   <li>{@code counts-2-end.csv.gz}: its rows after the last checkpoint
 *   <li>{@code .counts-2.csv.gz.writing}: being written
 *   <li>{@code .counts-2-17.csv.gz.pending}: whole, waiting for its checkpoint to complete
 * </ul>
 */
final class PartNames {
  private final Path path;
  private final String stem;
  private final String extension;

  PartNames(Path path) {
    this.path = path;
    String name = String.valueOf(path.getFileName());
    int from = name.endsWith(".gz") ? name.length() - 4 : name.length() - 1;
    int dot = name.lastIndexOf('.', from);
    int end = dot > 0 ? dot : name.endsWith(".gz") ? name.length() - 3 : name.length();
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

  Path ofCheckpoint(int subtask, long checkpointId) {
    return sibling(stem + "-" + subtask + "-" + checkpointId + extension);
  }

  Path afterLastCheckpoint(int subtask) {
    return sibling(stem + "-" + subtask + "-end" + extension);
  }

  Path writing(int subtask) {
    return sibling("." + stem + "-" + subtask + extension + ".writing");
  }

  static Path pending(Path part) {
    return part.resolveSibling("." + part.getFileName() + ".pending");
  }

  private Path sibling(String name) {
    return path.resolveSibling(name);
  }
}
