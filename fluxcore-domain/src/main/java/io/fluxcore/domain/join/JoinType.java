package io.fluxcore.domain.join;

import java.util.Locale;

/** Which rows a join gives, as SQL has them. */
public enum JoinType {
  /** Pairs that match. */
  INNER,
  /** Pairs that match, and rows of the left input that match none, with nulls. */
  LEFT,
  /** Pairs that match, and rows of the right input that match none, with nulls. */
  RIGHT,
  /** Pairs that match, and rows of either input that match none, with nulls. */
  FULL,
  /** Rows of the left input that match at least one of the right, once each. */
  SEMI,
  /** Rows of the left input that match none of the right. */
  ANTI;

  /** The left input. */
  public static final int LEFT_INPUT = 0;

  /** The right input. */
  public static final int RIGHT_INPUT = 1;

  /** Whether results are made of a row of each input. */
  public boolean givesPairs() {
    return this != SEMI && this != ANTI;
  }

  /** Whether a row of this input is a result when it has matched none. */
  public boolean givesUnmatched(int input) {
    return switch (this) {
      case INNER, SEMI -> false;
      case LEFT, ANTI -> input == LEFT_INPUT;
      case RIGHT -> input == RIGHT_INPUT;
      case FULL -> true;
    };
  }

  /** The name as job files write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
