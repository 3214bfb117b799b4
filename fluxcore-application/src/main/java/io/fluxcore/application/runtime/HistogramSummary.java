package io.fluxcore.application.runtime;

/**
 * What a histogram says. All zero when nothing was recorded.
 *
 * @param count how many values
 * @param mean of the values
 * @param p50 half of the values are at or below
 * @param p99 99 of 100 are at or below
 * @param max largest
 */
public record HistogramSummary(long count, double mean, long p50, long p99, long max) {
  public static final HistogramSummary EMPTY = new HistogramSummary(0, 0, 0, 0, 0);
}
