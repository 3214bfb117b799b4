package io.fluxcore.adapters.in.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue of records on the local disk. Records are numbered from 0; the number is called offset.
 * Any number of threads append, at best one thread reads through each {@link SpoolCursor}.
 *
 * <p>Group commit: an append writes its records and then waits for an fsync that began after that.
 * One of the waiting threads does it for all, so that many small appends cost few of them.
 *
 * <p>When it is opened, a record at the end that a crash left unfinished is cut off: nobody was
 * told that it was taken. A failed fsync leaves unknown what is on the disk, so that after one
 * nothing is taken any more until the spool is opened anew, which reads everything back. After a
 * failed write the file is cut back to what it was, and the spool goes on.
 */
public final class Spool implements AutoCloseable {
  private static final String RELEASED = "released";
  private static final String LOCK = "lock";

  private final Path directory;
  private final long maxBytes;
  private final long segmentBytes;
  private final int keptRecords;
  private final SpoolFile.Opener opener;
  private final FileChannel lockFile;
  private final ConcurrentNavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition synced = lock.newCondition();
  private volatile long durable;

  // What follows is guarded by the lock.
  private SpoolFile file;
  private Segment active;
  private long written;
  private long totalBytes;
  private long released;
  private long cutOffBytes;
  private boolean syncing;
  private boolean closed;
  private @Nullable IOException failure;

  /**
   * Opens the spool of a directory, which is made if need be.
   *
   * @param maxBytes that all its files may have together
   * @param segmentBytes that a file may have before the next one is begun
   * @throws io.fluxcore.domain.error.FluxCoreException if it is open already, cannot be read or
   *     written, or is damaged
   */
  public static Spool open(Path directory, long maxBytes, long segmentBytes) {
    return open(directory, maxBytes, segmentBytes, 0);
  }

  /**
   * The same, but the last records stay readable after they were released, as long as there is room
   * for others.
   *
   * @param keptRecords how many
   */
  public static Spool open(Path directory, long maxBytes, long segmentBytes, int keptRecords) {
    return open(directory, maxBytes, segmentBytes, keptRecords, SpoolFile::of);
  }

  static Spool open(Path directory, long maxBytes, long segmentBytes, SpoolFile.Opener opener) {
    return open(directory, maxBytes, segmentBytes, 0, opener);
  }

  private static Spool open(
      Path directory, long maxBytes, long segmentBytes, int keptRecords, SpoolFile.Opener opener) {
    FileChannel lockFile = null;
    try {
      Files.createDirectories(directory);
      lockFile =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(lockFile)) {
        lockFile.close();
        throw SpoolErrors.inUse(directory);
      }
      return new Spool(directory, maxBytes, segmentBytes, keptRecords, opener, lockFile);
    } catch (IOException e) {
      closeQuietly(lockFile, e);
      throw SpoolErrors.notOpened(directory, e);
    } catch (RuntimeException e) {
      closeQuietly(lockFile, e);
      throw e;
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable open, Exception cause) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (Exception e) {
      cause.addSuppressed(e);
    }
  }

  private Spool(
      Path directory,
      long maxBytes,
      long segmentBytes,
      int keptRecords,
      SpoolFile.Opener opener,
      FileChannel lockFile)
      throws IOException {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.segmentBytes = segmentBytes;
    this.keptRecords = keptRecords;
    this.opener = opener;
    this.lockFile = lockFile;
    this.released = readReleased();
    list();
    Map.Entry<Long, Segment> last = segments.lastEntry();
    if (last == null) {
      written = released;
      active = begin(written);
    } else {
      active = last.getValue();
      SegmentScan whole = SegmentScan.of(active.path());
      written = active.first() + whole.records();
      if (whole.bytes() < active.bytes()) {
        cutOffBytes += active.bytes() - whole.bytes();
        try (FileChannel cut = FileChannel.open(active.path(), StandardOpenOption.WRITE)) {
          cut.truncate(whole.bytes());
          cut.force(true);
        }
        active.grown(whole.bytes() - active.bytes());
      }
    }
    file = opener.open(active.path());
    file.sync(); // A crash may have come between write and fsync.
    durable = written;
    released = Math.min(released, written);
    totalBytes = segments.values().stream().mapToLong(Segment::bytes).sum();
    deleteBefore(unkept());
  }

  private void list() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files =
          all.filter(f -> f.getFileName().toString().matches("[0-9]{20}\\.spool"))
              .sorted()
              .toList();
    }
    for (int i = 0; i < files.size(); i++) {
      Path path = files.get(i);
      long first = Long.parseLong(path.getFileName().toString().substring(0, 20));
      boolean whole;
      try (RandomAccessFile opened = new RandomAccessFile(path.toFile(), "r")) {
        whole = Segment.hasHeader(opened, first);
      }
      if (whole) {
        segments.put(first, new Segment(path, first, Files.size(path)));
      } else if (i == files.size() - 1) {
        // The crash came when the file was begun: nothing in it was acknowledged.
        cutOffBytes += Files.size(path);
        Files.delete(path);
        if (i == 0) {
          segments.put(first, begin(first));
        }
      } else {
        throw SpoolErrors.damaged(path, first, "its header is not that of a spool");
      }
    }
  }

  private Segment begin(long first) throws IOException {
    Path path = Segment.path(directory, first);
    Files.write(
        path,
        Segment.header(first),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.SYNC);
    syncDirectory();
    Segment begun = new Segment(path, first, Segment.HEADER_BYTES);
    segments.put(first, begun);
    return begun;
  }

  /** Makes names of files outlive a crash, where the operating system has that. */
  private void syncDirectory() throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
        opened.force(true);
      }
    }
  }

  // --- Appending --------------------------------------------------------------------------------

  /**
   * Appends records, all or none. They are on the disk when it returns.
   *
   * @return the offset behind the last of them
   * @throws SpoolFull if there is no room
   * @throws io.fluxcore.domain.error.FluxCoreException if the disk fails
   */
  public long append(List<byte[]> records) {
    byte[] frames = Segment.frames(records);
    lock.lock();
    try {
      check();
      makeRoom(frames.length);
      if (totalBytes + frames.length > maxBytes) {
        deleteKept();
      }
      if (totalBytes + frames.length > maxBytes) {
        throw SpoolErrors.full(directory, totalBytes, frames.length, maxBytes);
      }
      write(frames, records.size());
      long end = written;
      awaitDurable(end);
      return end;
    } finally {
      lock.unlock();
    }
  }

  /** The largest append that an empty spool takes, frames included. */
  public long capacityBytes() {
    return maxBytes - Segment.HEADER_BYTES;
  }

  /** Bytes that records of this many bytes in all take. */
  public static long framedBytes(int records, long bytes) {
    return (long) records * Segment.FRAME_BYTES + bytes;
  }

  private void check() {
    if (closed || failure != null) {
      throw SpoolErrors.broken(directory, failure);
    }
  }

  /** Begins a new file where the old one is full and all of it is on the disk. */
  private void makeRoom(int more) {
    while (active.bytes() > Segment.HEADER_BYTES && active.bytes() + more > segmentBytes) {
      if (durable == written) {
        roll();
        return;
      }
      awaitDurable(written); // Lets others append, or begin the new file.
      check();
    }
  }

  private void roll() {
    Segment full = active;
    try {
      Segment next = begin(written);
      SpoolFile opened = opener.open(next.path());
      SpoolFile old = file;
      file = opened;
      active = next;
      totalBytes += Segment.HEADER_BYTES;
      old.close();
      deleteBefore(unkept());
    } catch (IOException e) {
      if (active == full) {
        abandon(written, e);
      }
      throw SpoolErrors.notWritten(directory, e);
    }
  }

  /** Takes away a file that could not be begun. */
  private void abandon(long first, IOException cause) {
    segments.remove(first);
    try {
      Files.deleteIfExists(Segment.path(directory, first));
    } catch (IOException e) {
      e.addSuppressed(cause);
      failure = e;
    }
  }

  private void write(byte[] frames, int records) {
    try {
      file.write(frames, frames.length);
    } catch (IOException e) {
      try {
        file.truncate(active.bytes());
      } catch (IOException second) {
        second.addSuppressed(e);
        failure = second;
        throw SpoolErrors.broken(directory, second);
      }
      throw SpoolErrors.notWritten(directory, e);
    }
    active.grown(frames.length);
    totalBytes += frames.length;
    written += records;
  }

  private void awaitDurable(long end) {
    while (durable < end) {
      if (failure != null) {
        throw SpoolErrors.broken(directory, failure);
      }
      if (syncing) {
        synced.awaitUninterruptibly();
        continue;
      }
      syncing = true;
      long upTo = written;
      SpoolFile current = file;
      IOException failed = null;
      lock.unlock();
      try {
        current.sync();
      } catch (IOException e) {
        failed = e;
      } finally {
        lock.lock();
        syncing = false;
      }
      if (failed == null) {
        durable = Math.max(durable, upTo);
      } else {
        failure = failed;
      }
      synced.signalAll();
    }
  }

  // --- Reading ----------------------------------------------------------------------------------

  /** Offset of the oldest record that is still there. */
  public long first() {
    return segments.firstKey();
  }

  /** Offset behind the last record that is on the disk. */
  public long end() {
    return durable;
  }

  /** Offset before which nothing is needed any more. */
  public long released() {
    lock.lock();
    try {
      return released;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes at the end that a crash had left unfinished when it was opened. */
  public long cutOffBytes() {
    lock.lock();
    try {
      return cutOffBytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads from an offset on.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if there are no records from there on
   */
  public SpoolCursor cursor(long from) {
    if (from < first() || from > durable) {
      throw SpoolErrors.noSuchOffset(directory, from, first(), durable);
    }
    return new SpoolCursor(this, from);
  }

  Segment segmentOf(long offset) {
    Map.Entry<Long, Segment> entry = segments.floorEntry(offset);
    if (entry == null) {
      throw SpoolErrors.noSuchOffset(directory, offset, first(), durable);
    }
    return entry.getValue();
  }

  /** The first offset of the file behind that of a segment; the end of all where there is none. */
  long endOf(Segment segment) {
    Long next = segments.higherKey(segment.first());
    return next == null ? Long.MAX_VALUE : next;
  }

  // --- Releasing --------------------------------------------------------------------------------

  /** Nothing before this offset is needed any more: files that hold nothing else are deleted. */
  public void release(long offset) {
    lock.lock();
    try {
      if (closed || offset <= released) {
        return;
      }
      released = Math.min(offset, durable);
      Path next = directory.resolve(RELEASED + ".next");
      Files.writeString(next, released + "\n", StandardCharsets.US_ASCII);
      Files.move(
          next,
          directory.resolve(RELEASED),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      deleteBefore(unkept());
    } catch (IOException e) {
      throw SpoolErrors.notOpened(directory, e);
    } finally {
      lock.unlock();
    }
  }

  private long unkept() {
    return Math.min(released, written - keptRecords);
  }

  /** Room for what is to come goes before what is kept. */
  private void deleteKept() {
    try {
      deleteBefore(released);
    } catch (IOException e) {
      throw SpoolErrors.notWritten(directory, e);
    }
  }

  private void deleteBefore(long offset) throws IOException {
    while (true) {
      Segment oldest = segments.firstEntry().getValue();
      if (oldest == active || endOf(oldest) > offset) {
        return;
      }
      Files.deleteIfExists(oldest.path());
      segments.remove(oldest.first());
      totalBytes -= oldest.bytes();
    }
  }

  /** A missing or unreadable note only means that more is read again than need be. */
  private long readReleased() throws IOException {
    try {
      return Math.max(
          0,
          Long.parseLong(
              Files.readString(directory.resolve(RELEASED), StandardCharsets.US_ASCII).strip()));
    } catch (NoSuchFileException | NumberFormatException e) {
      return 0;
    }
  }

  /** Ends it; what is there stays. A second call does nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      while (syncing) {
        synced.awaitUninterruptibly();
      }
      closed = true;
      file.close();
      lockFile.close();
    } catch (IOException e) {
      throw SpoolErrors.broken(directory, e);
    } finally {
      lock.unlock();
    }
  }
}
