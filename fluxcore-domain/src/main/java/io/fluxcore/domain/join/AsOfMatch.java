package io.fluxcore.domain.join;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Which right row a left row is joined with: of those of which the comparison is true, the one
 * whose value is closest. Immutable.
 *
 * @param left field of the left input
 * @param comparison of the left value with the right one
 * @param right field of the right input, of the same type
 */
public record AsOfMatch(String left, Comparison comparison, String right) {
  /** How the value of a left row compares with that of the right row that it is joined with. */
  public enum Comparison {
    /** The last right row that is not after the left one. */
    AT_OR_AFTER(">=", true, false),
    /** The last right row before the left one. */
    AFTER(">", true, true),
    /** The first right row that is not before the left one. */
    AT_OR_BEFORE("<=", false, false),
    /** The first right row after the left one. */
    BEFORE("<", false, true);

    private final String sign;
    private final boolean backward;
    private final boolean strict;

    Comparison(String sign, boolean backward, boolean strict) {
      this.sign = sign;
      this.backward = backward;
      this.strict = strict;
    }

    /** Whether the right row is the largest of the smaller ones; otherwise the other way round. */
    public boolean isBackward() {
      return backward;
    }

    /** Whether equal values do not match. */
    public boolean isStrict() {
      return strict;
    }

    /** The comparison with its sides exchanged. */
    public Comparison reversed() {
      return switch (this) {
        case AT_OR_AFTER -> AT_OR_BEFORE;
        case AFTER -> BEFORE;
        case AT_OR_BEFORE -> AT_OR_AFTER;
        case BEFORE -> AFTER;
      };
    }

    /** The comparison of this sign: {@code >=}, {@code >}, {@code <=} or {@code <}. */
    public static Comparison of(String sign) {
      return Arrays.stream(values())
          .filter(comparison -> comparison.sign.equals(sign))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("there is no comparison '" + sign + "'"));
    }

    /** The sign. */
    @Override
    public String toString() {
      return sign;
    }
  }

  public AsOfMatch {
    Objects.requireNonNull(left);
    Objects.requireNonNull(comparison);
    Objects.requireNonNull(right);
  }

  /**
   * A field of the left input, a sign, and a field of the right input, such as {@code time >=
   * quoted}. The sign is the first one that stands between spaces.
   *
   * @throws IllegalArgumentException if the text is not of this form
   */
  public static AsOfMatch parse(String text) {
    String[] words = text.strip().split("\\s+");
    for (int i = 1; i < words.length - 1; i++) {
      String word = words[i];
      if (Arrays.stream(Comparison.values()).anyMatch(c -> c.sign.equals(word))) {
        return new AsOfMatch(
            String.join(" ", Arrays.copyOfRange(words, 0, i)),
            Comparison.of(word),
            String.join(" ", Arrays.copyOfRange(words, i + 1, words.length)));
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no comparison of a field of the left input with one of the right input by "
            + Arrays.stream(Comparison.values())
                .map(Comparison::toString)
                .collect(Collectors.joining(", ")));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return left + " " + comparison + " " + right;
  }
}
