package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.rowpattern.RowPattern;

/** Reads the regular expression of a row pattern where it stands in a script. */
final class RowPatternReader {
  /**
   * Parentheses within parentheses: more are a mistake, or meant to be one. A pattern prints itself
   * with up to twice as many, which are still fewer than {@link RowPattern#MAX_PARENTHESES}.
   */
  private static final int MAX_DEPTH = 100;

  private RowPatternReader() {}

  /**
   * The pattern of a text.
   *
   * @throws FluxCoreException of category USER with line and column, if it is not one
   */
  static RowPattern read(SqlText source) {
    try {
      return RowPattern.parse(source.text(), MAX_DEPTH);
    } catch (FluxCoreException e) {
      Diagnostic wrong = e.diagnostics().get(0);
      Place place = wrong.place();
      throw FluxCoreException.user(
          "FLX-QUERY-0002",
          source.placeOf(place.line(), place.column()),
          wrong.message(),
          wrong.remedy());
    }
  }
}
