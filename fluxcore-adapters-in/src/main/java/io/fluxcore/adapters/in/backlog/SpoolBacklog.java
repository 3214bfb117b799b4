package io.fluxcore.adapters.in.backlog;

import io.fluxcore.adapters.in.spool.Spool;
import io.fluxcore.adapters.in.spool.SpoolCursor;
import io.fluxcore.adapters.in.spool.SpoolFull;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Messages in a spool. */
public final class SpoolBacklog implements Backlog {
  private static final System.Logger LOG = System.getLogger(SpoolBacklog.class.getName());

  private final String name;
  private final Spool spool;
  private final SpoolCursor cursor;

  /**
   * Reads on from an offset.
   *
   * @param name for messages to people: {@code stream 'orders'}
   * @param spool closed in the end
   */
  public SpoolBacklog(String name, Spool spool, long from) {
    this.name = name;
    this.spool = spool;
    this.cursor = spool.cursor(from);
  }

  /**
   * Opens the spool of a directory; how much a crash left unfinished at its end is told.
   *
   * @param name for messages to people
   * @param keptRecords how many stay readable after they were released
   * @param from offset to read from; -1: after what was released
   */
  static SpoolBacklog open(
      String name, Path directory, long maxBytes, long segmentBytes, int keptRecords, long from) {
    Spool opened = Spool.open(directory, maxBytes, segmentBytes, keptRecords);
    if (opened.cutOffBytes() > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "spool {0}: a crash left {1} bytes at the end unfinished; they were cut off",
          directory,
          opened.cutOffBytes());
    }
    try {
      return new SpoolBacklog(
          name, opened, from < 0 ? Math.max(opened.released(), opened.first()) : from);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public void append(List<Message> messages) {
    List<byte[]> records = new ArrayList<>(messages.size());
    long bytes = 0;
    for (Message message : messages) {
      byte[] one = MessageCodec.record(message);
      records.add(one);
      bytes += one.length;
    }
    long needed = Spool.framedBytes(records.size(), bytes);
    if (needed > spool.capacityBytes()) {
      throw new BacklogTooSmall(
          name, messages.size(), needed, Integer.MAX_VALUE, spool.capacityBytes());
    }
    try {
      spool.append(records);
    } catch (SpoolFull e) {
      throw new BacklogFull(e.diagnostics().get(0), e);
    }
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public long offset() {
    return cursor.offset();
  }

  @Override
  public int read(Taker taker) {
    return cursor.read((bytes, from, to) -> MessageCodec.read(bytes, from, to, taker));
  }

  /** The ids of the last messages that are in the spool, read or not; the last ones come last. */
  public List<String> lastIds(int messages) {
    List<String> ids = new ArrayList<>();
    try (SpoolCursor last = spool.cursor(Math.max(spool.first(), spool.end() - messages))) {
      last.read(
          (bytes, from, to) ->
              MessageCodec.read(
                  bytes,
                  from,
                  to,
                  (micros, properties, body, start, end) -> {
                    String id = properties.id();
                    if (id != null) {
                      ids.add(id);
                    }
                    return true;
                  }));
    }
    return ids;
  }

  @Override
  public void release(long offset) {
    spool.release(offset);
  }

  @Override
  public void close() {
    cursor.close();
    spool.close();
  }
}
