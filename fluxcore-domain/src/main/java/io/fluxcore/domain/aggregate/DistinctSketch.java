package io.fluxcore.domain.aggregate;

/**
 * A set of which only the size is known: exact up to {@link #EXACT_VALUES} values, beyond with a
 * relative standard error of {@link #STANDARD_ERROR}. Bounded in size. Not thread-safe.
 */
public interface DistinctSketch {
  /** Different values up to which the count is exact (but for collisions of 64-bit hashes). */
  int EXACT_VALUES = 256;

  /** Relative standard error beyond: two counts in three are nearer to the truth. */
  double STANDARD_ERROR = 0.013;

  void add(long value);

  void add(String value);

  void add(byte[] value);

  /** Adds the values of another sketch of the same factory, which is only read. */
  void merge(DistinctSketch other);

  /** Different values, about. */
  long estimate();
}
