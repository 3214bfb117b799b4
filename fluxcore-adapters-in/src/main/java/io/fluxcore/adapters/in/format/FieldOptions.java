package io.fluxcore.adapters.in.format;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options {@code schema}, {@code timestampFormat} and {@code timeZone}, which connectors of
 * several formats have. What is wrong with them goes to the problems.
 */
public final class FieldOptions {
  private final ConnectorOptions options;
  private final OptionProblems problems;

  public FieldOptions(ConnectorOptions options, OptionProblems problems) {
    this.options = options;
    this.problems = problems;
  }

  /** The fields of the option {@code schema}; null where it is not given. */
  public @Nullable Schema schema() {
    if (!options.has("schema")) {
      return null;
    }
    Schema.Builder schema = Schema.builder();
    for (Map.Entry<String, Object> entry : options.map("schema").entrySet()) {
      try {
        schema.field(entry.getKey(), DataType.parse(String.valueOf(entry.getValue())));
      } catch (IllegalArgumentException e) {
        problems.add(
            "schema",
            "field '" + entry.getKey() + "': " + e.getMessage(),
            "write for example " + entry.getKey() + ": long");
      }
    }
    return schema.build();
  }

  /** How dates and timestamps are written, by field. */
  public Map<String, String> timeFormats() {
    Map<String, String> formats = new HashMap<>();
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, Object> entry : options.map("timestampFormat").entrySet()) {
      String pattern = String.valueOf(entry.getValue());
      try {
        FieldSettings.checkTimeFormat(pattern);
        formats.put(entry.getKey(), pattern);
      } catch (IllegalArgumentException e) {
        wrong.add("'" + pattern + "' of field '" + entry.getKey() + "': " + e.getMessage());
      }
    }
    for (String problem : wrong) {
      problems.add(
          "timestampFormat",
          problem,
          "write iso, epoch-millis, or a pattern such as dd/MMM/yyyy:HH:mm:ss Z");
    }
    return formats;
  }

  /** Zone of times that name none. */
  public ZoneId zone() {
    try {
      return ZoneId.of(options.string("timeZone"));
    } catch (DateTimeException e) {
      problems.add(
          "timeZone",
          "'" + options.string("timeZone") + "' is no time zone",
          "write for example Europe/Berlin or +01:00");
      return ZoneOffset.UTC;
    }
  }
}
