package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.format.CsvStyle;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.adapters.out.format.RowKinds;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory and a name, and how rows are written. */
final class FileSink implements TwoPhaseSink {
  private static final System.Logger LOG = System.getLogger(FileSink.class.getName());

  private final PartNames names;
  private final Schema schema;
  private final @Nullable CsvStyle csv;
  private final boolean gzip;

  FileSink(PartNames names, Schema schema, @Nullable CsvStyle csv, boolean gzip) {
    this.names = names;
    this.schema = schema;
    this.csv = csv;
    this.gzip = gzip;
  }

  @Override
  public SinkWriter createWriter(WriterContext context) {
    boolean atFlush = context.visibility() == WriterContext.Visibility.AT_FLUSH;
    int subtask = context.subtask();
    Path target = names.whole(subtask, context.parallelism());
    if (Files.isDirectory(target)) {
      throw FileErrors.isDirectory(target);
    }
    refuseSpecial(target);
    try {
      Files.createDirectories(names.directory());
      if (atFlush) {
        Files.deleteIfExists(names.writing(subtask));
      }
    } catch (IOException e) {
      throw FileErrors.of(e, "make ready to write", target, "nothing has been written");
    }
    RowEncoder encoder =
        csv == null
            ? RowEncoder.json(schema, RowKinds.NEVER)
            : RowEncoder.csv(schema, RowKinds.NEVER, csv);
    RowFile file = new RowFile(encoder, gzip);
    return atFlush
        ? new FileWriter(names, subtask, context.parallelism(), file)
        : new PartWriter(names, context, file);
  }

  /**
   * Commits, and removes what else this owner and earlier ones have left: a stale owner that wakes
   * up finds its pending parts gone.
   */
  @Override
  public void settle(
      SinkOwner owner, List<CommitHandle> registered, Unknown unknown, RecordFailures failures) {
    commit(owner, registered, failures);
    if (unknown == Unknown.KEEP) {
      return;
    }
    try {
      for (Path left : names.hidden(owner)) {
        Files.deleteIfExists(left);
      }
    } catch (IOException e) {
      throw FileErrors.of(
          e, "clear away pending parts in", names.directory(), "what was committed is visible");
    }
  }

  /**
   * Renames pending parts. A part that is pending no more has been committed before; its reader may
   * even have taken it away.
   */
  @Override
  public void commit(SinkOwner owner, List<CommitHandle> handles, RecordFailures failures) {
    for (CommitHandle handle : handles) {
      Part part = Part.of(handle);
      try {
        move(part.pending(), part.visible());
      } catch (NoSuchFileException e) {
        LOG.log(Level.DEBUG, "{0} is pending no more: committed before", part.visible());
      } catch (IOException e) {
        throw FileErrors.of(e, "commit", part.visible(), "its rows are whole in " + part.pending());
      }
    }
  }

  /**
   * Renames a whole file to the name that readers know. What is there already is replaced only if
   * it is an ordinary file: a rename would put a file in the place of a device or a pipe, for every
   * program of the machine.
   */
  static void move(Path from, Path to) throws IOException {
    refuseSpecial(to);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void refuseSpecial(Path target) {
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw FileErrors.isSpecial(target);
    }
  }
}
