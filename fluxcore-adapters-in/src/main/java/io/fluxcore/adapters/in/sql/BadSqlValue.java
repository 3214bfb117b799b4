package io.fluxcore.adapters.in.sql;

/** A value that does not fit its field. Cheap: it may come with every row. */
public final class BadSqlValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Its code. */
  public static final String CODE = "FLX-SQL-0101";

  BadSqlValue(String message) {
    super(message, null, false, false);
  }
}
