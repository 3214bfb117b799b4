package io.fluxcore.domain.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled regular expression. Immutable and thread-safe. */
public interface RegexProgram {
  /** The pattern as it was written. */
  String pattern();

  /** Whether some part of the input matches. */
  boolean find(CharSequence input);

  /** Whether the whole input matches. */
  boolean matches(CharSequence input);

  /** Capturing groups, not counting the whole match. */
  int groupCount();

  /** The groups of the whole input, or null if it does not match as a whole. */
  @Nullable RegexMatch match(CharSequence input);

  /** The groups of the first part of the input that matches, or null if none does. */
  @Nullable RegexMatch findFirst(CharSequence input);

  /** The groups of each part of the input that matches, none of which overlaps another. */
  List<RegexMatch> findAll(CharSequence input);

  /**
   * The input with each matching part replaced. In the replacement {@code $1} stands for a group,
   * {@code ${name}} for a named one, and a backslash makes the next character plain.
   *
   * @throws IllegalArgumentException if the replacement is malformed
   * @throws IndexOutOfBoundsException if it names a group that is not there
   */
  String replaceAll(CharSequence input, String replacement);
}
