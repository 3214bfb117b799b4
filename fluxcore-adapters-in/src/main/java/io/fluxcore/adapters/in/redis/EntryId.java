package io.fluxcore.adapters.in.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of an entry of a stream: the time at which it was added, unless somebody gave it another,
 * and a number within that millisecond. Both are unsigned.
 */
record EntryId(long millis, long sequence) implements Comparable<EntryId> {
  /** Before every entry. */
  static final EntryId ZERO = new EntryId(0, 0);

  private static final long LAST = -1; // unsigned
  private static final Pattern TEXT = Pattern.compile("(\\d{1,20})(?:-(\\d{1,20}))?");

  /**
   * What a text says: {@code millis-sequence}, or {@code millis} for the first of that millisecond.
   *
   * @throws IllegalArgumentException if it is no id
   */
  static EntryId parse(String text) {
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      throw new IllegalArgumentException(
          "an id of an entry is such as 1526919030474-55, not '" + text + "'");
    }
    String sequence = found.group(2);
    return new EntryId(
        Long.parseUnsignedLong(found.group(1)),
        sequence == null ? 0 : Long.parseUnsignedLong(sequence));
  }

  /** The last one that can lie before a millisecond. */
  static EntryId before(long millis) {
    return millis <= 0 ? ZERO : new EntryId(millis - 1, LAST);
  }

  boolean isAfter(EntryId other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(EntryId other) {
    int order = Long.compareUnsigned(millis, other.millis);
    return order == 0 ? Long.compareUnsigned(sequence, other.sequence) : order;
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
  }
}
