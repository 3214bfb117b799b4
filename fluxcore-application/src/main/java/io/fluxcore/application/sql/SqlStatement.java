package io.fluxcore.application.sql;

/**
 * A statement and where it begins in its script.
 *
 * @param text without the semicolon
 * @param line of its first character, from 1
 * @param column of its first character, from 1
 */
public record SqlStatement(String text, int line, int column) {
  /** A statement of its own. */
  public static SqlStatement of(String text) {
    return new SqlStatement(text, 1, 1);
  }
}
