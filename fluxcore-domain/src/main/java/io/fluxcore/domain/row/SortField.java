package io.fluxcore.domain.row;

import java.util.Locale;

/**
 * A field by which rows are put in order.
 *
 * @param name of the field
 * @param descending whether larger values come first
 * @param nullsFirst whether rows without a value come before all others; unless told nulls are as
 *     if they were the smallest value: first, and last where the order is descending, as in Flink
 */
public record SortField(String name, boolean descending, boolean nullsFirst) {
  private static final String DESCENDING = " desc";
  private static final String ASCENDING = " asc";
  private static final String NULLS_FIRST = " nulls first";
  private static final String NULLS_LAST = " nulls last";

  /** With nulls as the smallest value. */
  public SortField(String name, boolean descending) {
    this(name, descending, !descending);
  }

  /** Smaller values first. */
  public static SortField ascending(String name) {
    return new SortField(name, false);
  }

  /** Larger values first. */
  public static SortField descending(String name) {
    return new SortField(name, true);
  }

  /** Whether nulls are where the smallest value would be. */
  public boolean hasNullsSmallest() {
    return nullsFirst != descending;
  }

  /**
   * A field's name, with {@code desc} or {@code asc} behind it or nothing, and {@code nulls first}
   * or {@code nulls last} behind that or nothing.
   */
  public static SortField parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.endsWith(NULLS_FIRST)) {
      return parse(without(text, NULLS_FIRST)).withNullsFirst(true);
    }
    if (lower.endsWith(NULLS_LAST)) {
      return parse(without(text, NULLS_LAST)).withNullsFirst(false);
    }
    if (lower.endsWith(DESCENDING)) {
      return descending(without(text, DESCENDING));
    }
    return ascending(lower.endsWith(ASCENDING) ? without(text, ASCENDING) : text);
  }

  private static String without(String text, String end) {
    return text.substring(0, text.length() - end.length()).strip();
  }

  /** The same with nulls before all others, or behind. */
  public SortField withNullsFirst(boolean first) {
    return new SortField(name, descending, first);
  }

  /** The same the other way round: what would be first is last. */
  public SortField reversed() {
    return new SortField(name, !descending, !nullsFirst);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    String nulls = hasNullsSmallest() ? "" : nullsFirst ? NULLS_FIRST : NULLS_LAST;
    if (descending) {
      return name + DESCENDING + nulls;
    }
    boolean isPlain = parse(name + nulls).equals(this);
    return isPlain ? name + nulls : name + ASCENDING + nulls;
  }
}
