package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a function: a typed part of a compiled expression that is evaluated when, and for
 * the rows for which, the function asks.
 */
public interface Operand {
  DataType type();

  /** Whether the value is the same for every row and known. */
  boolean isConstant();

  /**
   * The value of a constant, an object of {@link io.fluxcore.domain.event.Values}, or null.
   *
   * @throws IllegalStateException if this is not a constant
   */
  @Nullable Object constant();

  /**
   * A column of {@link Rows#rowCount()} physical rows, of which those of {@code rows} are right.
   */
  Column evaluate(Rows rows);
}
