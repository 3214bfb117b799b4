package io.fluxcore.adapters.out.file;

import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes one file, whose parts are not rolled, for a job that has no end and makes no checkpoints.
 * Rows go to a temporary file, which the first {@link #flush} renames to the path that was asked
 * for; a later flush appends to that file, which is then no longer atomic. A job that begins anew
 * replaces it.
 */
final class FileWriter implements SinkWriter {
  private final Path writing;
  private final Path target;
  private final RowFile file;
  private boolean published;

  FileWriter(PartNames names, int subtask, int parallelism, RowFile file) {
    this.writing = names.writing(subtask);
    this.target = names.whole(subtask, parallelism);
    this.file = file;
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      file.open(writing, !published);
      file.write(batch, failures);
    } catch (IOException e) {
      throw FileErrors.of(e, "write", writing, kept());
    }
  }

  @Override
  public void flush() {
    if (!file.isOpen() && published) {
      return;
    }
    try {
      file.open(writing, !published);
      file.finish();
      if (published) {
        append(writing, target);
      } else {
        FileSink.move(writing, target);
        published = true;
      }
    } catch (IOException e) {
      throw FileErrors.of(e, "write", target, kept());
    }
  }

  private static void append(Path from, Path to) throws IOException {
    try (FileChannel source = FileChannel.open(from);
        FileChannel target = FileChannel.open(to, StandardOpenOption.WRITE)) {
      long position = 0;
      target.position(target.size());
      while (position < source.size()) {
        position += source.transferTo(position, source.size() - position, target);
      }
      target.force(true);
    }
    Files.delete(from);
  }

  private String kept() {
    return published
        ? "rows up to the last flush are kept in " + target
        : "no row of this writer is visible, and an older file is as it was";
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw FileErrors.of(e, "remove", writing, kept());
    }
  }
}
