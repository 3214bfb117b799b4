package io.fluxcore.adapters.in.redis;

import io.fluxcore.application.connector.SplitPosition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a reader is in one stream. Not thread-safe. */
final class StreamProgress {
  final String stream;
  final byte[] key;

  /** What was asked for, until it is known which entry that is. */
  final StreamPosition asked;

  private boolean located;
  private boolean begun;
  private boolean ended;

  /** Up to here the host has it. */
  private EntryId given = EntryId.ZERO;

  /** How many entries were ever added up to there, or {@link StreamPosition#UNKNOWN}. */
  private long entries = StreamPosition.UNKNOWN;

  private @Nullable EntryId end;
  private StreamInfo info = StreamInfo.NONE;
  private List<StreamEntry> fetched = List.of();
  private int next;

  /** There is nothing before {@link #end} any more. */
  private boolean isExhausted;

  /** Whether it may have more than was fetched. */
  private boolean mayHaveMore = true;

  StreamProgress(String stream, StreamPosition asked) {
    this.stream = stream;
    this.key = stream.getBytes(StandardCharsets.UTF_8);
    this.asked = asked;
    this.end = asked.end();
  }

  boolean isLocated() {
    return located;
  }

  /** Reading begins behind what was asked for. */
  void locate(StreamInfo now, boolean isBounded) {
    EntryId after = asked.after();
    long known = asked.entries();
    if (after == null) {
      after = now.last();
      known = now.added();
    } else if (after.equals(EntryId.ZERO) && known == StreamPosition.UNKNOWN) {
      known = now.added() == StreamPosition.UNKNOWN ? known : now.removed();
    }
    if (isBounded && end == null) {
      end = now.last();
    }
    located = true;
    goOn(after, known, now);
  }

  /** Reading goes on behind an entry. */
  void goOn(EntryId after, long countOfEntries, StreamInfo now) {
    given = after;
    entries = countOfEntries;
    info = now;
    fetched = List.of();
    next = 0;
    begun = false;
  }

  /** Whether the host does not know of where reading goes on; asked once. */
  boolean begins() {
    boolean begins = located && !begun;
    begun |= begins;
    return begins;
  }

  /** Takes what was fetched when the last was given. */
  void fetched(List<StreamEntry> found, StreamInfo now) {
    fetched = found;
    next = 0;
    info = now;
    mayHaveMore = !found.isEmpty();
    if (found.isEmpty()) {
      isExhausted = true;
      synchronise(given);
    }
  }

  private void synchronise(EntryId at) {
    if (at.equals(info.last()) && info.added() != StreamPosition.UNKNOWN) {
      entries = info.added();
    }
  }

  /** The next entry that is to be given; null if there is none at hand. */
  @Nullable StreamEntry peek() {
    if (next >= fetched.size()) {
      return null;
    }
    StreamEntry entry = fetched.get(next);
    EntryId last = end;
    if (last != null && entry.id().isAfter(last)) {
      isExhausted = true;
      return null;
    }
    return entry;
  }

  /** The entry of {@link #peek} is given. */
  void take() {
    given = fetched.get(next++).id();
    if (entries != StreamPosition.UNKNOWN) {
      entries++;
    }
    synchronise(given);
  }

  /** Whether it is at its end, and the host does not know that; asked once. */
  boolean ends() {
    EntryId last = end;
    if (!located || ended || last == null || peek() != null) {
      return false;
    }
    ended = isExhausted || !last.isAfter(given);
    return ended;
  }

  boolean mayHaveMore() {
    return mayHaveMore && peek() == null;
  }

  /** Something may have been added. */
  void lookAgain() {
    mayHaveMore = true;
  }

  EntryId given() {
    return given;
  }

  long entries() {
    return entries;
  }

  /** Entries that were added and not given, about; -1 where that is not known. */
  long lag() {
    return entries == StreamPosition.UNKNOWN || info.added() == StreamPosition.UNKNOWN
        ? -1
        : Math.max(0, info.added() - entries);
  }

  SplitPosition position() {
    return new StreamPosition(given, entries, end).toSplitPosition();
  }
}
