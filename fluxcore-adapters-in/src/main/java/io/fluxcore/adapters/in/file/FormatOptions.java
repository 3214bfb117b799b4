package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.format.CsvFormat;
import io.fluxcore.adapters.in.format.FieldSettings;
import io.fluxcore.adapters.in.format.JsonFormat;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.adapters.in.format.TextFormat;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the format that the options ask for, or finds all that is wrong with them. */
final class FormatOptions {
  private final ConnectorOptions options;
  private final ConnectorServices services;
  private final OptionProblems problems;

  FormatOptions(ConnectorOptions options, ConnectorServices services, OptionProblems problems) {
    this.options = options;
    this.services = services;
    this.problems = problems;
  }

  RecordFormat create() {
    String format = options.string("format");
    Schema schema = schema();
    FieldSettings settings =
        new FieldSettings(
            timeFormats(),
            zone(),
            options.optionalString("nullText"),
            options.list("required"),
            options.string("encoding").equals("iso-8859-1"));
    only("csv", format, "columns", "which are for CSV");
    only("text", format, "pattern", "which is for text lines");
    return switch (format) {
      case "csv" -> csv(schema, settings);
      case "text" -> {
        problems.throwIfAny();
        yield TextFormat.of(options.optionalString("pattern"), schema, settings, services.regex());
      }
      default -> {
        if (options.has("nullText")) {
          problems.add(
              "nullText", "JSON has a null of its own", "leave the option out, or set format: csv");
        }
        problems.throwIfAny();
        yield new JsonFormat(schema, settings);
      }
    };
  }

  private void only(String format, String actual, String option, String what) {
    if (options.has(option) && !format.equals(actual)) {
      problems.add(
          option,
          "the format is " + actual + ", and the option is for the format " + format,
          "set format: " + format + ", or leave out " + option + ", " + what);
    }
  }

  private RecordFormat csv(@Nullable Schema schema, FieldSettings settings) {
    char delimiter = character("delimiter", options.string("delimiter").replace("\\t", "\t"));
    char quote = character("quote", options.string("quote"));
    if (delimiter == quote && delimiter != 0) {
      problems.add("quote", "delimiter and quote are both " + quote, "choose another quote");
    }
    boolean header = options.bool("header");
    List<String> columns = options.list("columns");
    if (columns.isEmpty() && !header && schema != null) {
      columns = schema.fieldNames();
    }
    if (columns.isEmpty() && !header) {
      problems.add(
          "columns",
          "the columns have no names: there is no header",
          "give the option columns, or schema with the fields in the order of the file");
    }
    if (new HashSet<>(columns).size() < columns.size()) {
      problems.add("columns", "a name is there twice: " + columns, "give each column its own name");
    }
    problems.throwIfAny();
    return new CsvFormat(delimiter, quote, header, columns, schema, settings);
  }

  private char character(String option, String text) {
    if (text.length() != 1 || text.charAt(0) >= 0x80 || text.equals("\n") || text.equals("\r")) {
      problems.add(option, "'" + text + "' is not one ASCII character", "give one, such as ;");
      return 0;
    }
    return text.charAt(0);
  }

  private @Nullable Schema schema() {
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

  private Map<String, String> timeFormats() {
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

  private ZoneId zone() {
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
