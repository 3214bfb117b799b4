package io.fluxcore.adapters.out.format;

/**
 * How CSV is written, after RFC 4180.
 *
 * @param delimiter between values
 * @param quote around values that need it
 * @param nullText what a null is written as; a string equal to it is quoted
 * @param header whether the first line names the fields
 */
public record CsvStyle(char delimiter, char quote, String nullText, boolean header) {
  public static final CsvStyle DEFAULT = new CsvStyle(',', '"', "", true);

  public CsvStyle {
    if (delimiter == quote) {
      throw new IllegalArgumentException("delimiter and quote are both '" + quote + "'");
    }
    for (char c : new char[] {delimiter, quote}) {
      if (c == '\n' || c == '\r' || c >= 0x80) {
        throw new IllegalArgumentException(
            "delimiter and quote are single ASCII characters, not line ends");
      }
    }
    if (nullText.indexOf(delimiter) >= 0
        || nullText.indexOf(quote) >= 0
        || nullText.indexOf('\n') >= 0
        || nullText.indexOf('\r') >= 0) {
      throw new IllegalArgumentException(
          "null text '" + nullText + "' holds a delimiter, quote or line end");
    }
  }
}
