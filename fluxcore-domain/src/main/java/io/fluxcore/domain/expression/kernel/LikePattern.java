package io.fluxcore.domain.expression.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of SQL's {@code like}: {@code %} stands for any characters, {@code _} for one, and the
 * escape character before one of them, or before itself, for the character as it is. A pattern
 * without {@code _} and with {@code %} only at its ends is a plain comparison. Immutable.
 */
public final class LikePattern extends TextTest {
  private static final int ANY_ONE = -1;
  private static final int ANY_MANY = -2;

  /** Code points, {@link #ANY_ONE} and {@link #ANY_MANY}; no two of the last in a row. */
  private final int[] elements;

  private LikePattern(int[] elements) {
    this.elements = elements;
  }

  /**
   * The test for a pattern.
   *
   * @param escape a code point, or null for none
   * @throws IllegalArgumentException if an escape character stands before another character
   */
  public static TextTest of(String pattern, @Nullable Integer escape) {
    int[] elements = elements(pattern.codePoints().toArray(), escape);
    boolean open = elements.length > 0 && elements[0] == ANY_MANY;
    boolean openEnd = elements.length > 1 && elements[elements.length - 1] == ANY_MANY;
    int from = open ? 1 : 0;
    int to = openEnd ? elements.length - 1 : elements.length;
    for (int i = from; i < to; i++) {
      if (elements[i] < 0) {
        return new LikePattern(elements);
      }
    }
    String fixed = new String(elements, from, to - from);
    if (open) {
      return openEnd ? TextTests.contains(fixed) : TextTests.endsWith(fixed);
    }
    return openEnd ? TextTests.startsWith(fixed) : new TextEquality(fixed);
  }

  private static int[] elements(int[] pattern, @Nullable Integer escape) {
    int[] result = new int[pattern.length];
    int size = 0;
    for (int i = 0; i < pattern.length; i++) {
      int c = pattern[i];
      if (escape != null && c == escape) {
        i++;
        if (i == pattern.length || (pattern[i] != '%' && pattern[i] != '_' && pattern[i] != c)) {
          throw new IllegalArgumentException(
              "the escape character must stand before %, _ or itself");
        }
        result[size++] = pattern[i];
      } else if (c == '%') {
        if (size == 0 || result[size - 1] != ANY_MANY) {
          result[size++] = ANY_MANY;
        }
      } else {
        result[size++] = c == '_' ? ANY_ONE : c;
      }
    }
    return Arrays.copyOf(result, size);
  }

  /** Greedy matching that, on a mismatch, lets the last {@code %} take one character more. */
  @Override
  public boolean test(String value) {
    int at = 0;
    int next = 0;
    int retryElement = -1;
    int retryAt = 0;
    while (at < value.length()) {
      int c = value.codePointAt(at);
      if (next < elements.length && elements[next] == ANY_MANY) {
        retryElement = ++next;
        retryAt = at;
      } else if (next < elements.length && (elements[next] == ANY_ONE || elements[next] == c)) {
        next++;
        at += Character.charCount(c);
      } else if (retryElement >= 0) {
        next = retryElement;
        retryAt += Character.charCount(value.codePointAt(retryAt));
        at = retryAt;
      } else {
        return false;
      }
    }
    while (next < elements.length && elements[next] == ANY_MANY) {
      next++;
    }
    return next == elements.length;
  }
}
