package io.fluxcore.infrastructure.sql.model;

import org.jspecify.annotations.Nullable;

/**
 * An expression: its text, and what it is for a row.
 *
 * @param sql as it is written, in parentheses where it must be
 */
record Term(String sql, Kind kind, Value value) {
  /** The value for the values of a row's columns. */
  @FunctionalInterface
  interface Value {
    @Nullable Object of(@Nullable Object[] row);
  }

  boolean holds(@Nullable Object[] row) {
    return Boolean.TRUE.equals(value.of(row));
  }

  Term and(Term other) {
    return new Term(
        "(" + sql + " AND " + other.sql + ")",
        Kind.FLAG,
        row -> Logic.and((Boolean) value.of(row), (Boolean) other.value.of(row)));
  }
}
