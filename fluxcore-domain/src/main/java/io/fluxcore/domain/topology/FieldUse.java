package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.DataType;

/**
 * A field that a node looks at, and what that says of the field's type where nobody has declared
 * it.
 *
 * @param field its name in the input
 * @param type the type that the use asks for
 * @param isFirm whether the use can do with no other type; otherwise it only suggests this one
 */
public record FieldUse(String field, DataType type, boolean isFirm) {
  /** A field whose type matters. */
  public static FieldUse firm(String field, DataType type) {
    return new FieldUse(field, type, true);
  }

  /** A field that is of this type if nothing else says otherwise. */
  public static FieldUse of(String field, DataType type) {
    return new FieldUse(field, type, false);
  }
}
