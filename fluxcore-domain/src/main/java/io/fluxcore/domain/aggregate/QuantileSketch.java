package io.fluxcore.domain.aggregate;

/**
 * A distribution of numbers, from which quantiles are read. Up to {@link #EXACT_VALUES} values the
 * answers are values that were added, by nearest rank (SQL's {@code percentile_disc}); beyond, they
 * are within {@link #RELATIVE_ERROR} of such a value. NaN is no number and is left out. Bounded in
 * size. Not thread-safe.
 */
public interface QuantileSketch {
  /** Values up to which answers are exact. */
  int EXACT_VALUES = 256;

  /** How far an answer may lie from the true quantile, as a share of it. */
  double RELATIVE_ERROR = 0.01;

  void add(double value);

  /**
   * Adds a value so many times.
   *
   * @param times at least 1
   */
  void add(double value, long times);

  /** Adds the values of another sketch of the same factory, which is only read. */
  void merge(QuantileSketch other);

  /** Values that were added. */
  long count();

  /**
   * The smallest value that at least this share of the values do not exceed.
   *
   * @param fraction 0 (the smallest value) to 1 (the largest)
   * @return NaN if there are no values
   */
  double quantile(double fraction);
}
