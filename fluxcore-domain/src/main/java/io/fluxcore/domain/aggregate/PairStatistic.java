package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.DataType;

/**
 * What is told of pairs of a dependent (y) and an independent (x) variable, as SQL:2016 defines it.
 * Pairs of which one is null do not count. DOUBLE, or LONG for {@link #REGR_COUNT}; null where
 * there are no pairs (which {@link #REGR_COUNT} has as 0), or too few, or where the result is no
 * number.
 */
public enum PairStatistic {
  /** Population covariance. */
  COVAR_POP,
  /** Sample covariance; null for fewer than two pairs. */
  COVAR_SAMP,
  /** Pearson's correlation, −1 to 1; null where all x or all y are equal. */
  CORR,
  /** How many pairs. */
  REGR_COUNT,
  /** Mean of x. */
  REGR_AVGX,
  /** Mean of y. */
  REGR_AVGY,
  /** Sum of the squared differences of x from its mean. */
  REGR_SXX,
  /** Sum of the squared differences of y from its mean. */
  REGR_SYY,
  /** Sum of the products of the differences of x and y from their means. */
  REGR_SXY,
  /** Slope of the line of least squares; null where all x are equal. */
  REGR_SLOPE,
  /** Where the line of least squares crosses x = 0; null where all x are equal. */
  REGR_INTERCEPT,
  /** Square of the correlation; null where all x are equal, 1 where all y are. */
  REGR_R2;

  /** The type of what it tells. */
  public DataType type() {
    return this == REGR_COUNT ? DataType.LONG : DataType.DOUBLE;
  }
}
