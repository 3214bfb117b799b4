package io.fluxcore.domain.expression.kernel;

/**
 * The order of strings: by code point, which is the order of their UTF-8 bytes. {@link
 * String#compareTo} differs from it beyond the basic plane.
 */
public final class TextOrder {
  private TextOrder() {}

  public static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return rank(x) - rank(y);
      }
    }
    return a.length() - b.length();
  }

  /**
   * The place of a char among all, from 0: surrogates, which stand for code points beyond the
   * plane, are after the plane's end.
   */
  public static int rank(char c) {
    if (c < Character.MIN_SURROGATE) {
      return c;
    }
    return c > Character.MAX_SURROGATE ? c - 0x800 : c + 0x2000;
  }
}
