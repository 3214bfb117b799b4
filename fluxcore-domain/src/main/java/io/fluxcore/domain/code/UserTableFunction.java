package io.fluxcore.domain.code;

/**
 * A function of an application that makes any number of rows of its arguments: as {@link
 * UserFunction}, but {@code eval} returns a {@code List} (or an array) of rows. A row is a record,
 * whose components are the columns, or a value, which is the only one. Called in SQL as {@code
 * LATERAL TABLE(name(…))}.
 */
public interface UserTableFunction extends UserFunction {}
