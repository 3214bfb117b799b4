package io.fluxcore.adapters.in.redis;

import io.fluxcore.application.connector.SplitPosition;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where reading goes on in a stream.
 *
 * @param after the entry behind which it does; null: behind the one that is the last then
 * @param entries how many were ever added up to and with that one, by which it is known later
 *     whether some were taken away unread; {@link #UNKNOWN}
 * @param end the entry with which reading ends; null: none
 */
record StreamPosition(@Nullable EntryId after, long entries, @Nullable EntryId end) {
  static final long UNKNOWN = -1;
  static final StreamPosition EARLIEST = new StreamPosition(EntryId.ZERO, UNKNOWN, null);
  static final StreamPosition LATEST = new StreamPosition(null, UNKNOWN, null);

  private static final Pattern TEXT =
      Pattern.compile("(?:after )?([\\d-]+)(?:, entries (\\d{1,18}))?(?:, end ([\\d-]+))?");

  static StreamPosition after(EntryId id) {
    return new StreamPosition(id, UNKNOWN, null);
  }

  SplitPosition toSplitPosition() {
    EntryId id = after;
    if (id == null) {
      return new SplitPosition("latest");
    }
    if (id.equals(EntryId.ZERO) && entries == UNKNOWN && end == null) {
      return new SplitPosition("earliest");
    }
    return new SplitPosition(
        "after "
            + id
            + (entries == UNKNOWN ? "" : ", entries " + entries)
            + (end == null ? "" : ", end " + end));
  }

  /**
   * What a text says.
   *
   * @throws IllegalArgumentException if it is no position
   */
  static StreamPosition parse(String text) {
    if (text.equals("earliest")) {
      return EARLIEST;
    }
    if (text.equals("latest")) {
      return LATEST;
    }
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      throw new IllegalArgumentException(
          "a position in a stream is such as 'after 1526919030474-55', '1526919030474-55',"
              + " 'earliest' or 'latest', not '"
              + text
              + "'");
    }
    String entries = found.group(2);
    String end = found.group(3);
    return new StreamPosition(
        EntryId.parse(found.group(1)),
        entries == null ? UNKNOWN : Long.parseLong(entries),
        end == null ? null : EntryId.parse(end));
  }
}
