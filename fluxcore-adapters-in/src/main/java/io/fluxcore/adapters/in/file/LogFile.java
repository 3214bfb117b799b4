package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.file.LogListing.Member;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One file of a log, how far it was read, and what is open of it. A file stays open while it is
 * written to, so that nothing of it is lost when it is renamed or deleted. Not thread-safe.
 */
final class LogFile {
  private static final int COMPARED_BYTES = 4096;
  private static final int BACKWARDS_BYTES = 64 * 1024;

  private static final String NO_INODE = "none";
  private static final long IDLE_NANOS = 60_000_000_000L;
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final TailSettings settings;
  private final ReaderContext context;
  private LogMark mark;
  private Path path;
  private boolean live;
  private boolean gone;

  /** Size and time when it was last looked at; -1 before. */
  private long size = -1;

  private long modifiedMillis = -1;
  private long changedNanos;

  /** Bytes that were there when its end was last reached; -1: not yet reached. */
  private long readSize = -1;

  private boolean finishing;

  /** Whether it was not found where it was seen, and waits for the next look. */
  private boolean deferred;

  private String trouble = "";
  private long retryNanos;
  private @Nullable FileChannel channel;
  private @Nullable RecordReader records;

  LogFile(LogMark mark, Path path, TailSettings settings, ReaderContext context) {
    this.mark = mark;
    this.path = path;
    this.settings = settings;
    this.context = context;
  }

  LogMark mark() {
    return mark;
  }

  Path path() {
    return path;
  }

  boolean isLive() {
    return live;
  }

  boolean isOpen() {
    return channel != null;
  }

  /** It is in its directory no more, but open. */
  boolean isGone() {
    return gone;
  }

  /** Whether the member may have been written to since the last look. */
  boolean isChangedBy(Member member) {
    return size != member.size() || modifiedMillis != member.modifiedMillis();
  }

  /** The file is there as this member, which holds what was read. */
  void seen(Member member, long nowNanos) {
    if (isChangedBy(member)) {
      changedNanos = nowNanos;
    }
    path = member.path();
    live = member.live();
    gone = false;
    deferred = false;
    size = member.size();
    modifiedMillis = member.modifiedMillis();
  }

  /** The file is not in its directory; what is open can still be read. */
  void missing(long nowNanos) {
    FileChannel open = channel;
    long now = 0;
    try {
      now = open == null ? 0 : open.size();
    } catch (IOException e) {
      // A file system that forgets open files: there is nothing more to read.
    }
    if (!gone || size != now) {
      changedNanos = nowNanos;
    }
    gone = true;
    live = false;
    size = now;
  }

  /**
   * The file was emptied: what is in the buffer of its last line is all there is, and {@link #read}
   * gives it; false if there is nothing.
   */
  boolean cutOff() {
    if (records == null || !records.hasRest()) {
      return false;
    }
    records.cutOff();
    finishing = true;
    gone = true;
    live = false;
    mark = mark.withInode(NO_INODE);
    return true;
  }

  /** What was read is found in another file, a copy. */
  void adopt(Member copy, long nowNanos) throws IOException {
    close();
    mark = mark.withInode(copy.inode());
    size = -1;
    seen(copy, nowNanos);
  }

  /**
   * Whether the member begins with what was read of this file, the beginning of an unfinished line
   * included.
   */
  boolean fits(Member member) throws IOException {
    RecordReader reader = records;
    long taken = reader == null ? mark.offset() : Math.max(mark.offset(), reader.taken());
    if (member.size() < taken) {
      return false;
    }
    try (FileChannel file = FileChannel.open(member.path(), StandardOpenOption.READ)) {
      if (!mark.fits(file)) {
        return false;
      }
      byte[] rest = reader == null ? new byte[0] : reader.restStart(COMPARED_BYTES);
      return reader == null
          || Arrays.equals(rest, LogMark.bytes(file, reader.restOffset(), rest.length));
    }
  }

  /** Whether anything of it was read, so that it can be known again by its content. */
  boolean isBegun() {
    return mark.offset() > 0 || (records != null && records.hasRest());
  }

  /** Whether the member looks like a copy of this file, or of its first part. */
  boolean isCopied(Member member) throws IOException {
    if (isBegun()) {
      return fits(member);
    }
    if (member.size() == 0 || member.size() > size || gone) {
      return false;
    }
    int length = (int) Math.min(COMPARED_BYTES, member.size());
    try (FileChannel copy = FileChannel.open(member.path(), StandardOpenOption.READ);
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      return Arrays.equals(LogMark.bytes(copy, 0, length), LogMark.bytes(file, 0, length));
    }
  }

  /** Leaves out what the file holds now. */
  void skipToEnd(Member member) throws IOException {
    try (FileChannel file = FileChannel.open(member.path(), StandardOpenOption.READ)) {
      mark = LogMark.at(mark.inode(), file, lastLineStart(file), 1);
    }
  }

  /** Behind the last line end, so that a line that is just being written is read as a whole. */
  private long lastLineStart(FileChannel file) throws IOException {
    long end = file.size();
    ByteBuffer bytes = ByteBuffer.allocate(BACKWARDS_BYTES);
    while (end > 0) {
      long from = Math.max(0, end - BACKWARDS_BYTES);
      bytes.clear().limit((int) (end - from));
      while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) >= 0) {
        // Goes on until all are there.
      }
      for (int i = bytes.position() - 1; i >= 0; i--) {
        if (bytes.get(i) == '\n') {
          return from + i + 1;
        }
      }
      end = from;
    }
    return 0;
  }

  /** Whether there are bytes that have not been looked at. */
  boolean hasMore() {
    return !deferred && (finishing || size > (readSize < 0 ? mark.offset() : readSize));
  }

  /** Whether its last line has no end and will not get one, since nothing came for long enough. */
  boolean isLastLineDue(long nowNanos) {
    if (records == null || !records.hasRest()) {
      return false;
    }
    var patience = live ? settings.lineTimeout() : settings.rotateWait();
    return patience != null && nowNanos - changedNanos >= patience.toNanos();
  }

  /** Whether it is read and stands still for so long that it need not be open any more. */
  boolean isAtRest(long nowNanos) {
    long patience = live ? IDLE_NANOS : settings.rotateWait().toNanos();
    return !hasMore()
        && (records == null || !records.hasRest())
        && nowNanos - changedNanos >= patience;
  }

  /** The last line counts as whole: the next {@link #read} gives it. */
  void finish() {
    if (records != null && records.hasRest()) {
      records.finish();
      finishing = true;
    }
  }

  /**
   * The next records, or null at the end for now.
   *
   * @throws IOException if the file cannot be read
   */
  RecordReader.@Nullable Rows read() throws IOException {
    RecordReader reader = records;
    if (reader == null) {
      reader = open();
      if (reader == null) {
        deferred = true;
        return null;
      }
    }
    FileChannel file = channel;
    long before = file == null ? 0 : file.size();
    RecordReader.Rows rows;
    try {
      rows = reader.read();
    } catch (FluxCoreException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e;
    }
    if (rows == null) {
      readSize = before;
      if (finishing) {
        // What comes now begins another record.
        rest();
      }
      return null;
    }
    trouble = "";
    if (file != null) {
      mark = LogMark.at(mark.inode(), file, rows.end().offset(), rows.end().line());
    }
    return rows;
  }

  private @Nullable RecordReader open() throws IOException {
    Member before = LogListing.member(path, live);
    if (before == null || !before.inode().equals(mark.inode())) {
      return null;
    }
    FileChannel opened = FileChannel.open(path, StandardOpenOption.READ);
    Member after = LogListing.member(path, live);
    if (after == null || !after.inode().equals(mark.inode()) || !mark.fits(opened)) {
      opened.close();
      size = -1;
      return null;
    }
    channel = opened;
    RecordReader reader =
        new RecordReader(
                path,
                new FilePosition(mark.offset(), mark.line()),
                settings.format(),
                () -> Channels.newInputStream(opened),
                settings.maxRecordBytes(),
                context)
            .follow();
    records = reader;
    return reader;
  }

  /**
   * It cannot be read; it is tried again a little later.
   *
   * @return whether that is news
   */
  boolean failed(String message, long nowNanos) {
    retryNanos = nowNanos + RETRY_NANOS;
    boolean news = !trouble.equals(message);
    trouble = message;
    return news;
  }

  /** It is not where it was seen: the next look may find it. */
  void moved() {
    deferred = true;
  }

  /** Whether it failed just now. */
  boolean isWaiting(long nowNanos) {
    return !trouble.isEmpty() && nowNanos - retryNanos < 0;
  }

  /** Closes it until it grows. */
  void rest() throws IOException {
    long read = readSize;
    close();
    readSize = read;
  }

  /** Closes what is open; reading goes on at the mark. */
  void close() throws IOException {
    finishing = false;
    readSize = -1;
    RecordReader reader = records;
    FileChannel file = channel;
    records = null;
    channel = null;
    if (reader != null) {
      reader.close();
    }
    if (file != null) {
      file.close();
    }
  }
}
