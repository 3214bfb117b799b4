package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes {@code generate_series} of whole numbers as the rows that it gives. */
final class GeneratedSeries {
  private static final int MOST = 10_000;

  private static final Pattern CALL =
      Pattern.compile("(?is)generate_series\\(\\s*(-?\\d+)\\s*,\\s*(-?\\d+)\\s*\\)");

  private GeneratedSeries() {}

  /** A query with the rows of the series in {@code FROM}, whether it is called there or before. */
  static String written(String query) {
    Matcher call = CALL.matcher(query);
    if (!call.find()) {
      return query;
    }
    long first = Long.parseLong(call.group(1));
    long last = Long.parseLong(call.group(2));
    if (last < first || last - first >= MOST) {
      throw new UnsupportedCaseException("a series of none or too many rows: " + call.group());
    }
    List<String> rows = new ArrayList<>();
    for (long value = first; value <= last; value++) {
      rows.add("(" + value + ")");
    }
    String values = "(values " + String.join(", ", rows) + ")";
    boolean isSource =
        query.substring(0, call.start()).strip().toLowerCase(Locale.ROOT).endsWith("from");
    if (isSource) {
      return call.replaceFirst(values);
    }
    String series = " from " + values + " as series (number_of_series)";
    Matcher from = Pattern.compile("(?i)\\sfrom\\s").matcher(query);
    if (from.find()) {
      throw new UnsupportedCaseException("a series beside the rows of a table: " + query);
    }
    return call.replaceFirst("number_of_series") + series;
  }
}
