package io.fluxcore.domain.pattern;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often the events of a stage, or a whole group, come.
 *
 * @param min how many there are at least, if there are any; from 1
 * @param max how many there are at most; {@link #UNBOUNDED} where there is no bound
 * @param optional whether there may be none at all
 * @param greedy whether an event that fits this stage and the next one belongs to this stage alone
 * @param inner how they follow each other: NEXT, FOLLOWED_BY or FOLLOWED_BY_ANY
 * @param gap the time between two of them is less than this; null where there is no bound
 */
public record Quantifier(
    int min, int max, boolean optional, boolean greedy, Contiguity inner, @Nullable Duration gap) {
  /** As {@link #max}: no bound. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  /** Exactly one event. */
  public static final Quantifier ONE =
      new Quantifier(1, 1, false, false, Contiguity.FOLLOWED_BY, null);

  /** Whether it is unbounded. */
  public boolean isLooping() {
    return max == UNBOUNDED;
  }

  /** Whether more than one event may come. */
  public boolean isRepeated() {
    return max > 1;
  }

  Quantifier times(int from, int to, @Nullable Duration newGap) {
    return new Quantifier(from, to, optional || from == 0, greedy, inner, newGap).atLeastOne();
  }

  private Quantifier atLeastOne() {
    return min == 0 ? new Quantifier(1, max, true, greedy, inner, gap) : this;
  }

  Quantifier asOptional() {
    return new Quantifier(min, max, true, greedy, inner, gap);
  }

  Quantifier asGreedy() {
    return new Quantifier(min, max, optional, true, inner, gap);
  }

  Quantifier with(Contiguity newInner) {
    return new Quantifier(min, max, optional, greedy, newInner, gap);
  }

  /** As in a regular expression: {@code {2,3}}, {@code +}, {@code ?}; nothing for exactly one. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (isLooping()) {
      text.append(min == 1 ? "+" : "{" + min + ",}");
    } else if (max > 1) {
      text.append(min == max ? "{" + min + "}" : "{" + min + "," + max + "}");
    }
    text.append(optional ? "?" : "").append(greedy ? " greedy" : "");
    if (isRepeated() && inner != Contiguity.FOLLOWED_BY) {
      text.append(inner == Contiguity.NEXT ? " consecutive" : " allowCombinations");
    }
    if (gap != null) {
      text.append(" gap ").append(gap);
    }
    return text.toString();
  }
}
