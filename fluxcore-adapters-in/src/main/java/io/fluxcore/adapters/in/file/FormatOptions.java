package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.format.CsvFormat;
import io.fluxcore.adapters.in.format.FieldOptions;
import io.fluxcore.adapters.in.format.FieldSettings;
import io.fluxcore.adapters.in.format.JsonFormat;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.adapters.in.format.TextFormat;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.event.Schema;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the format that the options ask for, or finds all that is wrong with them. */
final class FormatOptions {
  private final ConnectorOptions options;
  private final ConnectorServices services;
  private final OptionProblems problems;
  private final FieldOptions fields;

  FormatOptions(ConnectorOptions options, ConnectorServices services, OptionProblems problems) {
    this.options = options;
    this.services = services;
    this.problems = problems;
    this.fields = new FieldOptions(options, problems);
  }

  RecordFormat create() {
    String format = options.string("format");
    Schema schema = fields.schema();
    FieldSettings settings =
        new FieldSettings(
            fields.timeFormats(),
            fields.zone(),
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
}
