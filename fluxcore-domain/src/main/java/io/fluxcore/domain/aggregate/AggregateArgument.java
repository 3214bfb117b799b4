package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.DataType;
import org.jspecify.annotations.Nullable;

/** What the field of an aggregate must be, and what it is where nothing else is known of it. */
public enum AggregateArgument {
  /** Anything. */
  ANY(DataType.NESTED),
  /** Anything; values that are equal count once. */
  DISTINCT(DataType.STRING),
  /** Values that are no documents; those that are equal count once. */
  SKETCHED(DataType.STRING),
  /** Values that a list can hold. */
  LISTED(DataType.NESTED),
  /** Values that have an order. */
  ORDERED(DataType.DOUBLE),
  /** Numbers. */
  NUMBER(DataType.DOUBLE),
  /** Whole numbers. */
  WHOLE_NUMBER(DataType.LONG);

  private final DataType usualType;

  AggregateArgument(DataType usualType) {
    this.usualType = usualType;
  }

  /** The type of such a field where nothing else is known of it. */
  public DataType usualType() {
    return usualType;
  }

  /** Why a field of this type will not do, or null. */
  @Nullable String problem(@Nullable String field, DataType type) {
    return switch (this) {
      case NUMBER -> type.isNumeric() ? null : "'" + field + "' is " + type + ", not a number";
      case WHOLE_NUMBER ->
          type.kind() == DataType.Kind.LONG
              ? null
              : "'" + field + "' is " + type + ", not a whole number";
      case ORDERED ->
          type.kind() == DataType.Kind.NESTED ? "'" + field + "' is nested and has no order" : null;
      case SKETCHED ->
          type.kind() == DataType.Kind.NESTED
              ? "'" + field + "' is nested; count its parts, or distinct values exactly"
              : null;
      case LISTED ->
          type.kind() == DataType.Kind.BYTES
              ? "'" + field + "' is bytes, which no list can hold"
              : null;
      case ANY, DISTINCT -> null;
    };
  }
}
