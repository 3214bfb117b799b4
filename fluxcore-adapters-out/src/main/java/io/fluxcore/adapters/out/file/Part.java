package io.fluxcore.adapters.out.file;

import io.fluxcore.application.connector.Sink.CommitHandle;
import java.nio.file.Path;

/**
 * A part that waits for its commit, as its handle says it.
 *
 * @param visible what it is called after the commit
 * @param pending what it is called until then
 */
record Part(Path visible, Path pending) {
  CommitHandle handle() {
    Path parent = visible.getParent();
    return new CommitHandle(
        visible + "\n" + (parent == null ? pending : parent.relativize(pending)));
  }

  /** The part of a handle; in old snapshots it says only what the part is called afterwards. */
  static Part of(CommitHandle handle) {
    String[] lines = handle.text().split("\n", 2);
    Path visible = Path.of(lines[0]);
    String pending = lines.length > 1 ? lines[1] : "." + visible.getFileName() + ".pending";
    return new Part(visible, visible.resolveSibling(pending).normalize());
  }
}
