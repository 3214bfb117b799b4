package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.event.Schema;
import java.util.Locale;

/** What servers say of the name of an index, before they are asked. */
final class IndexName {
  private static final String FORBIDDEN = "\\/*?\"<>| ,#:{}";
  private static final int MAX_LENGTH = 255;

  private IndexName() {}

  static RowTemplate of(String text, Schema schema, OptionProblems problems) {
    RowTemplate template = RowTemplate.of("index", text, schema, problems);
    String sample = template.with("x");
    boolean isForbidden = sample.chars().anyMatch(c -> FORBIDDEN.indexOf(c) >= 0);
    if (isForbidden
        || !sample.equals(sample.toLowerCase(Locale.ROOT))
        || sample.isEmpty()
        || "-_+".indexOf(sample.charAt(0)) >= 0
        || sample.equals(".")
        || sample.equals("..")
        || sample.length() > MAX_LENGTH) {
      problems.add(
          "index",
          "'" + text + "' cannot be the name of an index",
          "write it in small letters, no longer than "
              + MAX_LENGTH
              + ", not beginning with -, _ or +, and without spaces and any of \\/*?\"<>|,#:");
    }
    return template;
  }
}
