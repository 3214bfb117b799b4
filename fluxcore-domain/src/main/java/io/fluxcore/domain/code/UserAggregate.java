package io.fluxcore.domain.code;

/**
 * An aggregate of an application: a public class with a public constructor without parameters and,
 * beside the methods below, a public method {@code accumulate(A accumulator, …)} of the arguments,
 * which changes the accumulator or returns another one, and, if the input may take rows back, a
 * method {@code retract} of the same arguments. Arguments and results have the types of {@link
 * JavaTypes}; {@code accumulate} is not called where one that cannot be null is.
 *
 * <p>The accumulator is part of the job's state: a record, a public class with public fields and a
 * constructor without parameters, or a value, list or map. The result must not depend on how the
 * rows were split before {@link #merge}. One instance serves all threads, so that it has no state
 * of its own.
 *
 * @param <R> the result
 * @param <A> the accumulator, never null
 */
public interface UserAggregate<R, A> {
  A createAccumulator();

  /** The result; null for none. */
  R getValue(A accumulator);

  /** Both together; the left one may be changed and returned. */
  A merge(A left, A right);
}
