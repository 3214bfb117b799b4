package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;

/** Codes of errors of the source, beside those that all connectors of databases have. */
final class JdbcErrors {
  static final String COLUMNS = "FLX-JDBC-0021";
  static final String POSITION = "FLX-JDBC-0022";
  static final String CUT_OFF = "FLX-JDBC-0023";

  private JdbcErrors() {}

  static Diagnostic column(String option, String message, String remedy) {
    return Diagnostic.error(COLUMNS, Place.of(option), message, remedy);
  }

  static FluxCoreException position(String split, String text, Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                POSITION,
                Place.of(split),
                "'" + text + "' is no position in the rows: " + cause.getMessage(),
                "start from a checkpoint of this source, with the columns that it had")),
        cause);
  }

  static FluxCoreException cutOff(String what, String why) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            CUT_OFF,
            Place.of("column"),
            "reading "
                + what
                + " was cut off, and without a column it cannot be gone on with: "
                + why,
            "start the job again; or name a column that increases, so that it can go on"));
  }
}
