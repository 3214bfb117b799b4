package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.file.LogListing.Member;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A log: the file of its name, and those that were rotated away from it as long as they are beside
 * it. At each look the files in the directory are matched with those known:
 *
 * <ul>
 *   <li>by inode, so that a renamed file is read on; a checksum of what was read tells whether it
 *       is still the same file, and not one that was emptied or got the inode of a deleted one;
 *   <li>by content, where a known file was emptied (copy and truncate) or is gone: reading goes on
 *       in the copy;
 *   <li>all others are new and are read from their beginning, except a copy of a file that is still
 *       whole, which is the first half of copy and truncate.
 * </ul>
 *
 * Files with something new are read the oldest first. The position names every file that is there,
 * so that after a restart what was rotated away meanwhile is found, and nothing is read twice. Not
 * thread-safe.
 */
final class TailedLog {
  private static final System.Logger LOG = System.getLogger(TailedLog.class.getName());
  private static final String SEPARATOR = "; ";
  private static final String EMPTY = "no file";

  private final Path log;
  private final WatchedPath watched;
  private final LogListing listing;
  private final TailSettings settings;
  private final ReaderContext context;
  private final List<LogFile> files = new ArrayList<>();
  private final List<BadRecord> troubles = new ArrayList<>();

  /** Files of a position that have not been looked for yet. */
  private @Nullable List<LogMark> wanted;

  private final boolean fromEnd;
  private boolean begun;
  private boolean placed;
  private @Nullable LogFile current;
  private String trouble = "";
  private long nextLookNanos;
  private boolean looked;

  /** What one call of {@link #read} found. */
  record Rows(EventBatch batch, SplitPosition end, List<BadRecord> bad) {}

  /**
   * A log.
   *
   * @param position null for the start
   * @param fromEnd whether what the files hold at the start is left out
   * @throws IllegalArgumentException if the position is none
   */
  TailedLog(
      Path log,
      @Nullable SplitPosition position,
      boolean fromEnd,
      WatchedPath watched,
      LogListing listing,
      TailSettings settings,
      ReaderContext context) {
    this.log = log;
    this.watched = watched;
    this.listing = listing;
    this.settings = settings;
    this.context = context;
    this.fromEnd = fromEnd;
    if (position != null) {
      this.wanted =
          position.text().equals(EMPTY)
              ? List.of()
              : Arrays.stream(position.text().split(SEPARATOR)).map(LogMark::parse).toList();
    }
  }

  Path log() {
    return log;
  }

  private SplitPosition position() {
    if (wanted != null) {
      return position(wanted);
    }
    return position(files.stream().map(LogFile::mark).toList());
  }

  private static SplitPosition position(List<LogMark> marks) {
    return new SplitPosition(
        marks.isEmpty()
            ? EMPTY
            : marks.stream().map(LogMark::toString).collect(Collectors.joining(SEPARATOR)));
  }

  /** When to look at the files again. */
  long nextLookNanos() {
    return nextLookNanos;
  }

  /** Rows, or null if there is nothing now. */
  @Nullable Rows read(long nowNanos) {
    while (true) {
      LogFile file = current;
      if (file == null) {
        if (looked && nowNanos - nextLookNanos < 0) {
          return null;
        }
        look(nowNanos);
        file = choose(nowNanos);
      }
      while (file != null) {
        current = file;
        RecordReader.Rows rows = read(file, nowNanos);
        if (rows != null) {
          return rows(rows.batch(), rows.bad());
        }
        file = choose(nowNanos);
      }
      current = null;
      looked = true;
      nextLookNanos = nowNanos + settings.pollInterval().toNanos();
      if (!troubles.isEmpty() || placed) {
        placed = false;
        return rows(new EventBatchBuilder(context.schema(), 1).build(), List.of());
      }
    }
  }

  private Rows rows(EventBatch batch, List<BadRecord> bad) {
    if (troubles.isEmpty()) {
      return new Rows(batch, position(), bad);
    }
    List<BadRecord> all = new ArrayList<>(troubles);
    all.addAll(bad);
    troubles.clear();
    return new Rows(batch, position(), all);
  }

  private RecordReader.@Nullable Rows read(LogFile file, long nowNanos) {
    try {
      return file.read();
    } catch (ClosedByInterruptException e) {
      throw FileErrors.reading(e, file.path(), file.mark().line());
    } catch (NoSuchFileException e) {
      // It was renamed just now; the next look finds it.
      file.moved();
    } catch (IOException e) {
      failed(file, FileErrors.NOT_READABLE, reason(file.path(), e), nowNanos);
    } catch (FluxCoreException e) {
      failed(file, e.code(), e.diagnostics().get(0).message(), nowNanos);
    }
    close(file);
    return null;
  }

  /** The oldest file with something to read. */
  private @Nullable LogFile choose(long nowNanos) {
    for (LogFile file : files) {
      if (file.isWaiting(nowNanos)) {
        continue;
      }
      if (file.isLastLineDue(nowNanos)) {
        file.finish();
      }
      if (file.hasMore()) {
        return file;
      }
      if (file.isOpen() && file.isAtRest(nowNanos)) {
        rest(file);
      }
    }
    files.removeIf(f -> f.isGone() && !f.isOpen());
    return null;
  }

  // --- Matching ---------------------------------------------------------------------------------

  private void look(long nowNanos) {
    List<Member> members;
    try {
      members = listing.members(log);
    } catch (IOException e) {
      told(FileErrors.NOT_READABLE, reason(LogListing.directory(log), e));
      return;
    }
    trouble = "";
    LogFile last = begin(members, nowNanos);
    List<Member> unknown = new ArrayList<>(members);
    List<LogFile> lost = new ArrayList<>();
    for (LogFile file : files) {
      Member same = take(unknown, file.mark().inode());
      if (same == null) {
        file.missing(nowNanos);
        if (!file.isOpen()) {
          lost.add(file);
        }
      } else if (file.isChangedBy(same) && !fits(file, same, true)) {
        unknown.add(same);
        lost.add(file);
      } else {
        file.seen(same, nowNanos);
      }
    }
    for (LogFile file : lost) {
      if (!findCopy(file, unknown, nowNanos) && !file.cutOff()) {
        close(file);
        files.remove(file);
        // Older files are deleted in time; of the last one something may be missing.
        if (file.equals(last)) {
          lost(file);
        }
      }
    }
    // The live one first: another may be a copy of it.
    unknown.sort(Comparator.comparing(Member::live).reversed());
    for (Member member : unknown) {
      if (member.live() || !isCopyOfKnown(member)) {
        LogFile added = file(LogMark.start(member.inode()), member.path());
        added.seen(member, nowNanos);
        files.add(added);
      }
    }
    sort(members);
  }

  private LogFile file(LogMark mark, Path path) {
    return new LogFile(mark, path, settings, context);
  }

  private static @Nullable Member take(List<Member> members, String inode) {
    for (Member member : members) {
      if (member.inode().equals(inode)) {
        members.remove(member);
        return member;
      }
    }
    return null;
  }

  /**
   * At the first look: the files of the position, or those that are there, of which what they hold
   * may be left out.
   *
   * @return the last file of the position, if it was read already
   */
  private @Nullable LogFile begin(List<Member> members, long nowNanos) {
    List<LogMark> marks = wanted;
    wanted = null;
    if (marks != null) {
      begun = true;
      marks.forEach(mark -> files.add(file(mark, log)));
      LogMark last = marks.isEmpty() ? null : marks.get(marks.size() - 1);
      return last == null || last.offset() == 0 ? null : files.get(files.size() - 1);
    }
    if (!begun) {
      // Told at once: a restart must not leave out what comes from now on, or is rotated away.
      placed = true;
      for (Member member : members) {
        LogFile file = file(LogMark.start(member.inode()), member.path());
        files.add(file);
        if (fromEnd || !(member.live() || watched.matches(member.path()))) {
          try {
            file.skipToEnd(member);
          } catch (IOException e) {
            failed(file, FileErrors.NOT_READABLE, reason(member.path(), e), nowNanos);
          }
        }
      }
      begun = true;
    }
    return null;
  }

  private void lost(LogFile file) {
    String message =
        "the file of "
            + log
            + " that was read up to byte "
            + file.mark().offset()
            + " is no longer beside it; what was written to it after that cannot be read";
    LOG.log(System.Logger.Level.WARNING, message);
    troubles.add(
        new BadRecord(new byte[0], log + ":" + file.mark().line(), FileErrors.FILE_LOST, message));
  }

  private boolean findCopy(LogFile file, List<Member> unknown, long nowNanos) {
    if (!file.isBegun()) {
      return false;
    }
    for (Member member : unknown) {
      if (fits(file, member, false)) {
        unknown.remove(member);
        try {
          file.adopt(member, nowNanos);
        } catch (IOException e) {
          LOG.log(System.Logger.Level.DEBUG, "closing " + file.path(), e);
        }
        return true;
      }
    }
    return false;
  }

  private boolean isCopyOfKnown(Member member) {
    return files.stream()
        .anyMatch(
            file -> {
              try {
                return file.isCopied(member);
              } catch (ClosedByInterruptException e) {
                throw FileErrors.reading(e, member.path(), 1);
              } catch (IOException e) {
                return false;
              }
            });
  }

  /**
   * Whether the member holds what was read of the file; if that cannot be told, the answer given.
   */
  private static boolean fits(LogFile file, Member member, boolean unreadable) {
    try {
      return file.fits(member);
    } catch (ClosedByInterruptException e) {
      throw FileErrors.reading(e, member.path(), file.mark().line());
    } catch (IOException e) {
      return unreadable;
    }
  }

  /** As in the directory: the oldest first, those that are gone before all others. */
  private void sort(List<Member> members) {
    List<String> order = members.stream().map(Member::inode).toList();
    files.sort((a, b) -> Integer.compare(rank(a, order), rank(b, order)));
  }

  private static int rank(LogFile file, List<String> order) {
    return file.isGone() ? -1 : order.indexOf(file.mark().inode());
  }

  // --- Trouble ----------------------------------------------------------------------------------

  private static String reason(Path path, IOException e) {
    return path
        + " cannot be read: "
        + (e instanceof AccessDeniedException ? "permission denied" : e.toString());
  }

  /** Tells of a trouble with a file once, until it can be read. */
  private void failed(LogFile file, String code, String message, long nowNanos) {
    if (file.failed(message, nowNanos)) {
      LOG.log(System.Logger.Level.WARNING, message);
      troubles.add(new BadRecord(new byte[0], file.path().toString(), code, message));
    }
  }

  private void told(String code, String message) {
    if (!trouble.equals(message)) {
      trouble = message;
      LOG.log(System.Logger.Level.WARNING, message);
      troubles.add(new BadRecord(new byte[0], log.toString(), code, message));
    }
  }

  private static void rest(LogFile file) {
    try {
      file.rest();
    } catch (IOException | FluxCoreException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing " + file.path(), e);
    }
  }

  private static void close(LogFile file) {
    try {
      file.close();
    } catch (IOException | FluxCoreException e) {
      LOG.log(System.Logger.Level.DEBUG, "closing " + file.path(), e);
    }
  }

  void close() {
    files.forEach(TailedLog::close);
    files.clear();
    current = null;
  }
}
