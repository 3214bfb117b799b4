package io.fluxcore.infrastructure.regex;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Patterns of RE2's syntax with which a backtracking search stays linear, written for {@link
 * Pattern}, which is faster then, as it remembers no threads. Such a pattern tries a number of ways
 * from each start that does not depend on the input: repetitions have an upper bound, but for one
 * of a single character that nothing follows, since that takes what there is and never fails.
 *
 * <p>What the two syntaxes read differently is written out ({@code $}, {@code \s}), or the pattern
 * is not taken: flags, names of groups, word boundaries, classes by name or within classes,
 * repetitions of what may be empty, and of what is captured.
 *
 * @param compiled the pattern, for Java
 * @param text what every match has in it; it may be empty
 * @param before the most characters of a match before the first such text
 */
record BoundedPattern(Pattern compiled, String text, int before) {
  /**
   * @param pattern one that RE2 reads
   * @return null if a search is not known to be linear
   */
  static @Nullable BoundedPattern of(String pattern) {
    return new BoundedPatternReader(pattern).read();
  }

  /** The first match, or null. */
  @Nullable Matcher find(CharSequence input) {
    int first = text.isEmpty() ? 0 : input.toString().indexOf(text);
    if (first < 0) {
      return null;
    }
    Matcher matcher = compiled.matcher(input);
    return matcher.find(Math.max(0, first - before)) ? matcher : null;
  }
}
