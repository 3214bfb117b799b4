package io.fluxcore.application.sql;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;

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

  /** The same error, where what has no place in the script is where the statement begins. */
  public FluxCoreException located(FluxCoreException error) {
    return new FluxCoreException(
        error.category(), error.diagnostics().stream().map(this::located).toList(), error);
  }

  /** The same finding; without a place in the script it is where the statement begins. */
  public Diagnostic located(Diagnostic found) {
    return found.place().line() > 0
        ? found
        : new Diagnostic(
            found.severity(),
            found.code(),
            new Place(found.place().path(), line, column),
            found.message(),
            found.remedy());
  }
}
