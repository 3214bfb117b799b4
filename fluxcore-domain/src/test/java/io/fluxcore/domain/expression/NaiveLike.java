package io.fluxcore.domain.expression;

/** SQL's {@code like} without escape, by trying everything. */
public final class NaiveLike {
  private NaiveLike() {}

  public static boolean matches(String text, String pattern) {
    return matches(text.codePoints().toArray(), 0, pattern.codePoints().toArray(), 0);
  }

  private static boolean matches(int[] text, int at, int[] pattern, int next) {
    if (next == pattern.length) {
      return at == text.length;
    }
    if (pattern[next] == '%') {
      for (int i = at; i <= text.length; i++) {
        if (matches(text, i, pattern, next + 1)) {
          return true;
        }
      }
      return false;
    }
    return at < text.length
        && (pattern[next] == '_' || pattern[next] == text[at])
        && matches(text, at + 1, pattern, next + 1);
  }
}
