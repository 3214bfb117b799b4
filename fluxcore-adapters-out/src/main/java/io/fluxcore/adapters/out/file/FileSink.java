package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.parts.PartSettings;
import io.fluxcore.adapters.out.parts.PartsWriter;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A path, from which the names of its files follow, and how rows are written. */
final class FileSink implements TwoPhaseSink {
  private static final System.Logger LOG = System.getLogger(FileSink.class.getName());

  private final PartNames names;
  private final PartSettings settings;

  FileSink(PartNames names, PartSettings settings) {
    this.names = names;
    this.settings = settings;
  }

  /** Looks at the nearest directory that is there. */
  @Override
  public void check() {
    Path directory = names.directory();
    while (!Files.exists(directory) && directory.getParent() != null) {
      directory = directory.getParent();
    }
    Path target = names.whole(0, 1);
    if (!Files.isDirectory(directory)) {
      throw FileErrors.notWritable(target, directory, "is not a directory");
    }
    if (!Files.isWritable(directory)) {
      throw FileErrors.notWritable(target, directory, "is not writable for this user");
    }
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
    if (atFlush && !settings.isRolled() && settings.format().canBeContinued()) {
      return new FileWriter(names, subtask, context.parallelism(), new RowFile(settings.format()));
    }
    return new PartsWriter(
        new FileParts(names, context),
        settings,
        context,
        System::currentTimeMillis,
        System::nanoTime);
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
        show(part);
      } catch (IOException e) {
        throw FileErrors.of(e, "commit", part.visible(), "its rows are whole in " + part.pending());
      }
    }
  }

  /** Gives a part the name that readers know, unless it has it already. */
  static void show(Part part) throws IOException {
    if (!Files.exists(part.pending())) {
      LOG.log(Level.DEBUG, "{0} is pending no more: committed before", part.visible());
      return;
    }
    Path parent = part.visible().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      move(part.pending(), part.visible());
    } catch (NoSuchFileException e) {
      LOG.log(Level.DEBUG, "{0} is pending no more: another has committed it", part.visible());
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
