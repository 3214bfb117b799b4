package io.fluxcore.domain.expression;

import org.jspecify.annotations.Nullable;

/** What SQL does to strings. Characters are code points, and positions count from 1. */
final class Texts {
  /** Bound on the length of padded or repeated text, so that no row can exhaust the memory. */
  static final long LONGEST = 1 << 20;

  private Texts() {}

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The characters from a position on, which may be before the text. */
  static String substring(String text, long from) {
    return slice(text, before(from), Long.MAX_VALUE);
  }

  /** {@code count} characters from a position on, of which those before the text are none. */
  static String substring(String text, long from, long count) {
    if (count < 0) {
      throw new IllegalArgumentException("the length " + count + " is negative");
    }
    long start = before(from);
    long end = start + count;
    return slice(text, start, end < start ? Long.MAX_VALUE : end);
  }

  private static long before(long position) {
    return Math.max(position, -Long.MAX_VALUE) - 1;
  }

  /** Characters {@code start..end}, from 0, as far as there are any. */
  private static String slice(String text, long start, long end) {
    int length = length(text);
    int first = (int) Math.max(0, Math.min(start, length));
    int last = (int) Math.max(first, Math.min(end, length));
    if (length == text.length()) {
      return text.substring(first, last);
    }
    int offset = text.offsetByCodePoints(0, first);
    return text.substring(offset, text.offsetByCodePoints(offset, last - first));
  }

  /** The first characters; none if the count is negative. */
  static String left(String text, long count) {
    return slice(text, 0, Math.max(0, count));
  }

  /** The last characters; none if the count is negative. */
  static String right(String text, long count) {
    int length = length(text);
    return slice(text, length - Math.min(length, Math.max(0, count)), length);
  }

  /** Where a part begins, from 1; 0 where it is not. */
  static long position(String part, String text) {
    int index = text.indexOf(part);
    return index < 0 ? 0 : text.codePointCount(0, index) + 1;
  }

  /** Without characters of a set at its ends. */
  static String trim(String text, String characters, boolean atStart, boolean atEnd) {
    int from = 0;
    int to = text.length();
    while (atStart && from < to && characters.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (atEnd && from < to && characters.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  /** Exactly {@code length} characters: filled up with the padding, or cut at its end. */
  static String padded(String text, long length, String padding, boolean atStart) {
    if (length > LONGEST) {
      throw new IllegalArgumentException("the length " + length + " is more than " + LONGEST);
    }
    int missing = (int) (Math.max(0, length) - length(text));
    if (missing <= 0 || padding.isEmpty()) {
      return left(text, length);
    }
    String filling = padding.repeat(missing / length(padding) + 1);
    String exact = left(filling, missing);
    return atStart ? exact + text : text + exact;
  }

  static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  /** The part between delimiters, from 0; null where there are not so many. */
  static @Nullable String part(String text, String delimiter, long index) {
    if (index < 0 || delimiter.isEmpty()) {
      return index == 0 ? text : null;
    }
    int from = 0;
    for (long i = 0; i < index; i++) {
      int next = text.indexOf(delimiter, from);
      if (next < 0) {
        return null;
      }
      from = next + delimiter.length();
    }
    int end = text.indexOf(delimiter, from);
    return text.substring(from, end < 0 ? text.length() : end);
  }
}
