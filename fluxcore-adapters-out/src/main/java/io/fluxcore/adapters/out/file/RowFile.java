package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.format.PartFormat;
import io.fluxcore.adapters.out.format.PartRows;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Rows on their way into a temporary file, which is opened by the first one. Not thread-safe. */
final class RowFile implements AutoCloseable {
  private final PartFormat format;
  private @Nullable HiddenFile file;
  private @Nullable PartRows rows;

  RowFile(PartFormat format) {
    this.format = format;
  }

  boolean isOpen() {
    return file != null;
  }

  /** Begins a file, unless one is open. */
  void open(Path path, boolean atStart) throws IOException {
    if (file == null) {
      HiddenFile opened = HiddenFile.create(path);
      file = opened;
      rows = format.begin(opened.out(), atStart);
    }
  }

  void write(EventBatch batch, RecordFailures failures) throws IOException {
    if (rows != null) {
      rows.write(batch, failures);
    }
  }

  /** Ends the file; its bytes are on the disk. */
  void finish() throws IOException {
    HiddenFile ending = file;
    if (ending != null && rows != null) {
      rows.finish();
      ending.finish();
      file = null;
      rows = null;
    }
  }

  /** Gives an open file up, and removes it. */
  @Override
  public void close() throws IOException {
    HiddenFile abandoned = file;
    file = null;
    rows = null;
    if (abandoned != null) {
      abandoned.remove();
    }
  }
}
