package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.util.List;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;

/** What Calcite says of a query, with its place in the script. */
final class CalciteErrors {
  private CalciteErrors() {}

  static FluxCoreException of(SqlParseException e, SqlText source) {
    SqlParserPos pos = e.getPos();
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return FluxCoreException.user(
        "FLX-QUERY-0005",
        pos == null ? Place.WHOLE : source.placeOf(pos.getLineNum(), pos.getColumnNum()),
        end < 0 ? message : message.substring(0, end).strip(),
        "see docs/sql.md for what can be written; a word of SQL that is a name is written `so`");
  }

  static FluxCoreException of(CalciteContextException e, SqlText source, Suggestions suggestions) {
    Throwable cause = e.getCause();
    if (cause instanceof FluxCoreException known) {
      return FluxCoreException.user(
          known.code(),
          place(e, source),
          known.diagnostics().get(0).message(),
          known.diagnostics().get(0).remedy());
    }
    String message = cause == null ? e.getMessage() : cause.getMessage();
    return FluxCoreException.user(
        "FLX-QUERY-0006",
        place(e, source),
        String.valueOf(message),
        remedy(String.valueOf(message), suggestions));
  }

  /** What Calcite found only when it was too late to say it in order. */
  static FluxCoreException of(Throwable e, SqlText source, Suggestions suggestions) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof FluxCoreException known) {
        return known;
      }
      if (cause instanceof CalciteContextException known) {
        return of(known, source, suggestions);
      }
      if (cause instanceof CalciteException known) {
        return of(known);
      }
    }
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(
            Diagnostic.error(
                "FLX-QUERY-0009",
                source.placeOf(0),
                "the query cannot be planned: " + e.getMessage(),
                "look for what is written against the rules of SQL; see docs/sql.md")),
        e);
  }

  static FluxCoreException of(CalciteException e) {
    return FluxCoreException.user(
        "FLX-QUERY-0006", Place.WHOLE, String.valueOf(e.getMessage()), "see docs/sql.md");
  }

  private static Place place(CalciteContextException e, SqlText source) {
    return e.getPosLine() > 0 ? source.placeOf(e.getPosLine(), e.getPosColumn()) : Place.WHOLE;
  }

  private static String remedy(String message, Suggestions suggestions) {
    if (message.contains("did you mean")) {
      return "names are written as they were declared, in upper and lower case";
    }
    String suggested = suggestions.remedy(message);
    return suggested == null ? "see docs/sql.md; DESCRIBE tells the columns of a table" : suggested;
  }
}
