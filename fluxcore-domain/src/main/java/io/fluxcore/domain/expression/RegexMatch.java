package io.fluxcore.domain.expression;

import org.jspecify.annotations.Nullable;

/** What the groups of a regular expression captured. */
public interface RegexMatch {
  /** The index of the first character of the whole match. */
  int start();

  /**
   * The text of a group, or null if it took no part in the match.
   *
   * @param group 0 for the whole match
   * @throws IndexOutOfBoundsException if there is no such group
   */
  @Nullable String group(int group);

  /**
   * The text of a named group, or null if it took no part in the match.
   *
   * @throws IllegalArgumentException if there is no such group
   */
  @Nullable String group(String name);
}
