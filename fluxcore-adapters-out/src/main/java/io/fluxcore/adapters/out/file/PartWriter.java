package io.fluxcore.adapters.out.file;

import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a part for each checkpoint that has rows. At the barrier the part is closed and renamed to
 * its pending name, which the commit renames to the visible one; nothing else makes rows visible.
 *
 * <p>Where the input ends before there was a checkpoint, the only part is the file that was asked
 * for, even without a row.
 */
final class PartWriter implements SinkWriter {
  private static final String KEPT =
      "rows up to the last completed checkpoint are kept, later ones are not visible";

  private final PartNames names;
  private final SinkOwner owner;
  private final int subtask;
  private final Path writing;
  private final RowFile file;
  private final Path whole;

  /** Whether there are, or may be, parts of checkpoints. */
  private boolean checkpointed;

  private boolean ended;

  PartWriter(PartNames names, WriterContext context, RowFile file) {
    this.names = names;
    this.owner = context.owner();
    this.subtask = context.subtask();
    this.writing = names.writing(subtask, owner);
    this.file = file;
    this.whole = names.whole(subtask, context.parallelism());
  }

  @Override
  public void restored() {
    checkpointed = true;
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      file.open(writing, true);
      file.write(batch, failures);
    } catch (IOException e) {
      throw FileErrors.of(e, "write", writing, KEPT);
    }
  }

  /** Does nothing: rows show when their checkpoint is complete. */
  @Override
  public void flush() {}

  @Override
  public void endOfInput() {
    ended = true;
  }

  @Override
  public List<CommitHandle> prepareCommit(long checkpointId) {
    boolean isWhole = ended && !checkpointed;
    checkpointed = true;
    if (!file.isOpen() && !isWhole) {
      return List.of();
    }
    Path visible = isWhole ? whole : names.ofCheckpoint(subtask, checkpointId);
    Part part = new Part(visible, names.pending(visible, owner));
    try {
      file.open(writing, true);
      file.finish();
      FileSink.move(writing, part.pending());
    } catch (IOException e) {
      throw FileErrors.of(e, "write", part.pending(), KEPT);
    }
    return List.of(part.handle());
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw FileErrors.of(e, "remove", writing, KEPT);
    }
  }
}
