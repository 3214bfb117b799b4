package io.fluxcore.domain.sort;

import java.util.Locale;

/**
 * A field by which rows of the same event time are put in order. Nulls come first, as if they were
 * the smallest value, and last where the order is descending: as in Flink.
 *
 * @param name of the field
 * @param descending whether larger values come first
 */
public record SortField(String name, boolean descending) {
  private static final String DESCENDING = " desc";
  private static final String ASCENDING = " asc";

  /** Smaller values first. */
  public static SortField ascending(String name) {
    return new SortField(name, false);
  }

  /** Larger values first. */
  public static SortField descending(String name) {
    return new SortField(name, true);
  }

  /** A field's name, with {@code desc} or {@code asc} behind it or nothing. */
  public static SortField parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.endsWith(DESCENDING)) {
      return descending(text.substring(0, text.length() - DESCENDING.length()).strip());
    }
    return ascending(
        lower.endsWith(ASCENDING)
            ? text.substring(0, text.length() - ASCENDING.length()).strip()
            : text);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    if (descending) {
      return name + DESCENDING;
    }
    return parse(name).equals(this) ? name : name + ASCENDING;
  }
}
