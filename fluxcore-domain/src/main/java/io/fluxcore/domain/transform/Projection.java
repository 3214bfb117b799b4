package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;

/** An output field of a {@link ProjectOperator}, and what it is made of. */
public sealed interface Projection {
  /** The output field. */
  Field field();

  /** A field of the input, by position: its column is shared, not copied. */
  static Projection passed(String name, DataType type, int ordinal) {
    return new Passed(new Field(name, type), ordinal);
  }

  /** A field that an expression of this type computes. */
  static Projection computed(String name, DataType type, ColumnExpression expression) {
    return new Computed(new Field(name, type), expression);
  }

  /**
   * A field of the input.
   *
   * @param ordinal its position in the input
   */
  record Passed(Field field, int ordinal) implements Projection {}

  /**
   * A computed field.
   *
   * @param expression computes a column of the field's type
   */
  record Computed(Field field, ColumnExpression expression) implements Projection {}
}
