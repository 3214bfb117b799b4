package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.format.RowBuffer;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows go to a temporary file. What happens to it depends on how the job runs:
 *
 * <ul>
 *   <li>with checkpoints, each one closes it as a pending part, which the commit renames; rows
 *       after the last checkpoint become a part of their own at the orderly end;
 *   <li>without, the first {@link #flush} renames it to the path that was asked for, even if it
 *       holds no row; a later flush appends to that file, which is then no longer atomic. A host
 *       that flushes once, at the end, gives one file that appears whole;
 *   <li>{@link #close} removes it: rows that were not flushed never show.
 * </ul>
 */
final class FileWriter implements SinkWriter {
  private static final int BUFFER_BYTES = 256 * 1024;

  private final PartNames names;
  private final int subtask;
  private final int parallelism;
  private final RowEncoder encoder;
  private final boolean gzip;
  private final RowBuffer buffer = new RowBuffer();

  private @Nullable FileOutputStream file;
  private @Nullable OutputStream out;
  private boolean checkpointed;
  private @Nullable Path published;

  FileWriter(PartNames names, int subtask, int parallelism, RowEncoder encoder, boolean gzip) {
    this.names = names;
    this.subtask = subtask;
    this.parallelism = parallelism;
    this.encoder = encoder;
    this.gzip = gzip;
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      open();
      encoder.encode(batch, failures, buffer);
      if (buffer.size() >= BUFFER_BYTES) {
        drain();
      }
    } catch (IOException e) {
      throw FileErrors.of(e, "write", names.writing(subtask), kept());
    }
  }

  private void open() throws IOException {
    if (out != null) {
      return;
    }
    FileOutputStream opened = new FileOutputStream(names.writing(subtask).toFile());
    file = opened;
    out = gzip ? new GZIPOutputStream(opened, 64 * 1024) : opened;
    buffer.reset();
    if (published == null) {
      encoder.encodeHeader(buffer);
    }
  }

  private void drain() throws IOException {
    if (out != null) {
      buffer.writeTo(out);
      buffer.reset();
    }
  }

  /** Ends the temporary file; its bytes are on the disk. */
  private void finish() throws IOException {
    OutputStream ending = out;
    FileOutputStream ended = file;
    if (ending == null || ended == null) {
      return;
    }
    drain();
    if (ending instanceof GZIPOutputStream compressed) {
      compressed.finish();
    }
    ended.getFD().sync();
    out = null;
    file = null;
    ended.close();
  }

  @Override
  public void flush() {
    if (out == null && (checkpointed || published != null)) {
      return;
    }
    Path target =
        checkpointed ? names.afterLastCheckpoint(subtask) : names.whole(subtask, parallelism);
    try {
      open();
      finish();
      if (target.equals(published)) {
        append(names.writing(subtask), target);
      } else {
        FileSink.move(names.writing(subtask), target);
        published = target;
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

  @Override
  public List<CommitHandle> prepareCommit(long checkpointId) {
    checkpointed = true;
    published = null;
    if (out == null) {
      return List.of();
    }
    Path part = names.ofCheckpoint(subtask, checkpointId);
    try {
      finish();
      FileSink.move(names.writing(subtask), PartNames.pending(part));
    } catch (IOException e) {
      throw FileErrors.of(e, "write", PartNames.pending(part), kept());
    }
    return List.of(new CommitHandle(part.toString()));
  }

  private String kept() {
    return checkpointed
        ? "rows up to the last completed checkpoint are kept, later ones are not visible"
        : published == null
            ? "no row of this writer is visible, and an older file is as it was"
            : "rows up to the last flush are kept in " + published;
  }

  /** Removes what was not flushed. A second call does nothing. */
  @Override
  public void close() {
    FileOutputStream open = file;
    out = null;
    file = null;
    buffer.reset();
    if (open == null) {
      return;
    }
    try {
      open.close();
      Files.deleteIfExists(names.writing(subtask));
    } catch (IOException e) {
      throw FileErrors.of(e, "remove", names.writing(subtask), kept());
    }
  }
}
