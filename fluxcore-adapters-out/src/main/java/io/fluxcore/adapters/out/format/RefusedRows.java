package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.RowKind;

/** The error of rows that a sink has no way to say. */
public final class RefusedRows {
  public static final String RETRACTION = "FLX-SINK-0001";
  static final String ENCODING = "FLX-SINK-0002";

  static final String NO_NAME = "FLX-SINK-0003";

  private RefusedRows() {}

  /** A row of a changelog where only insertions can be written. */
  public static RecordException notAnInsertion(RowKind kind, String where) {
    return new RecordException(
        RETRACTION,
        "a row of kind "
            + kind.sign()
            + " cannot be written to "
            + where
            + ", which takes insertions only; make the results final (on watermark), or write to a"
            + " sink that takes changelogs");
  }

  static RecordException noName(String template, String why) {
    return new RecordException(NO_NAME, why + ", from which '" + template + "' is made");
  }

  static RecordException notEncodable(String format, String why) {
    return new RecordException(ENCODING, "the row cannot be written as " + format + ": " + why);
  }

  static RecordException notEncodable(String format, Exception cause) {
    return new RecordException(
        ENCODING, "the row cannot be written as " + format + ": " + cause.getMessage(), cause);
  }
}
