package io.fluxcore.adapters.in.format;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the format that the options of a source ask for, or finds all that is wrong with them: the
 * one place where {@code format} is given its meaning. Records are those of a stream of bytes, such
 * as the lines of a file, or each is a message of its own; a connector of messages has the options
 * {@link #ofMessages()} among its own.
 */
public final class FormatOptions {
  private static final OptionSpec MESSAGE_FORMAT =
      OptionSpec.oneOf(
          "format",
          List.of("json", "csv", "text", "raw", "avro", "protobuf", "debezium", "debezium-avro"),
          "json",
          "How a message is written: an object of JSON, the values of one CSV record, text, `raw`"
              + " for the bytes as they are, a record of Avro or Protobuf, or a change as Debezium"
              + " writes it in JSON or Avro.");

  private static final List<OptionSpec> OF_MESSAGES = specs();

  private static List<OptionSpec> specs() {
    List<OptionSpec> specs =
        new ArrayList<>(
            List.of(
                MESSAGE_FORMAT,
                RecordOptions.SCHEMA,
                RecordOptions.TIMESTAMP_FORMAT,
                RecordOptions.TIME_ZONE,
                OptionSpec.optional(
                    "required",
                    OptionSpec.Type.LIST,
                    null,
                    "Fields that must be there and not null; a message without one is bad."),
                OptionSpec.optional(
                    "nullText",
                    OptionSpec.Type.STRING,
                    null,
                    "CSV and text: the text that stands for null, unless it is in quotes. If"
                        + " absent: nothing at all for CSV, none for text."),
                OptionSpec.optional(
                    "pattern",
                    OptionSpec.Type.STRING,
                    null,
                    "Text: a regular expression that matches the whole message and whose named"
                        + " groups `(?<name>…)` are the fields, or a name such as"
                        + " `apache-combined`; without it the message is the field `line`."),
                OptionSpec.optional(
                    "columns",
                    OptionSpec.Type.LIST,
                    null,
                    "CSV: names of the values in their order; without it those of `schema`."),
                OptionSpec.optional(
                    "delimiter",
                    OptionSpec.Type.STRING,
                    ",",
                    "CSV: the character between values; `\\t` is a tab."),
                OptionSpec.optional(
                    "quote",
                    OptionSpec.Type.STRING,
                    "\"",
                    "CSV: the character around values that hold delimiters or line ends."),
                OptionSpec.oneOf(
                    "encoding",
                    List.of("utf-8", "iso-8859-1"),
                    "utf-8",
                    "CSV and text: how characters are written; JSON is always UTF-8.")));
    specs.addAll(SchemaOptions.specs());
    return List.copyOf(specs);
  }

  private final ConnectorOptions options;
  private final ConnectorServices services;
  private final OptionProblems problems;
  private final FieldOptions fields;

  public FormatOptions(
      ConnectorOptions options, ConnectorServices services, OptionProblems problems) {
    this.options = options;
    this.services = services;
    this.problems = problems;
    this.fields = new FieldOptions(options, problems);
  }

  /** What connectors of messages have as options, for {@link #message}. */
  public static List<OptionSpec> ofMessages() {
    return OF_MESSAGES;
  }

  /**
   * The format of records in a stream of bytes.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException with all problems, if there are any
   */
  public RecordFormat stream() {
    return create(options.bool("header"), false);
  }

  /**
   * The format of container files.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException with all problems, if there are any
   */
  public ContainerFormat container() {
    only("csv", "avro", "columns", "which are for CSV");
    only("text", "avro", "pattern", "which is for text");
    if (options.has("nullText")) {
      problems.add("nullText", "Avro has a null of its own", "leave the option out");
    }
    return SchemaOptions.container(options, problems, fields.schema(), settings());
  }

  private FieldSettings settings() {
    return new FieldSettings(
        fields.timeFormats(),
        fields.zone(),
        options.optionalString("nullText"),
        options.list("required"),
        options.string("encoding").equals("iso-8859-1"));
  }

  /**
   * The format of messages, each of which is one record.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException with all problems, if there are any
   */
  public RecordFormat message() {
    return create(false, true);
  }

  /**
   * The format of messages that are named texts, as JSON objects whose members they are: then the
   * option {@code format} says nothing.
   */
  public RecordFormat texts() {
    only("csv", "texts", "columns", "which are for CSV");
    only("text", "texts", "pattern", "which is for text");
    FieldSettings settings =
        new FieldSettings(
            fields.timeFormats(), fields.zone(), null, options.list("required"), false);
    return JsonFormat.ofTexts(fields.schema(), settings);
  }

  private RecordFormat create(boolean header, boolean ofMessages) {
    String format = options.string("format");
    Schema schema = fields.schema();
    FieldSettings settings = settings();
    SchemaOptions schemas =
        ofMessages ? new SchemaOptions(options, problems, schema, settings) : null;
    if (schemas != null) {
      schemas.check(format);
      if (format.equals("avro")) {
        return schemas.avro();
      }
      if (format.equals("debezium-avro")) {
        return schemas.debeziumAvro();
      }
      if (format.equals("protobuf")) {
        return schemas.protobuf();
      }
    }
    only("csv", format, "columns", "which are for CSV");
    only("text", format, "pattern", "which is for text");
    return switch (format) {
      case "csv" -> csv(schema, header, settings);
      case "text" -> {
        problems.throwIfAny();
        yield TextFormat.of(options.optionalString("pattern"), schema, settings, services.regex());
      }
      case "raw" -> raw(schema, settings);
      default -> {
        if (options.has("nullText")) {
          problems.add(
              "nullText", "JSON has a null of its own", "leave the option out, or set format: csv");
        }
        problems.throwIfAny();
        RecordFormat json =
            format.equals("debezium")
                ? new DebeziumFormat(schema, settings)
                : new JsonFormat(schema, settings);
        yield schemas == null ? json : schemas.json(json);
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

  private RecordFormat raw(@Nullable Schema schema, FieldSettings settings) {
    if (schema != null && !schema.equals(RawFormat.SCHEMA)) {
      problems.add(
          "schema",
          "raw messages have the one field " + RawFormat.BYTES + ", of type bytes",
          "leave the option out, or set format: json");
    }
    for (String name : settings.required()) {
      if (!name.equals(RawFormat.BYTES)) {
        problems.add(
            "required",
            "raw messages have no field '" + name + "'",
            "leave the option out, or set format: json");
      }
    }
    problems.throwIfAny();
    return RawFormat.INSTANCE;
  }

  private RecordFormat csv(@Nullable Schema schema, boolean header, FieldSettings settings) {
    char delimiter = character("delimiter", options.string("delimiter").replace("\\t", "\t"));
    char quote = character("quote", options.string("quote"));
    if (delimiter == quote && delimiter != 0) {
      problems.add("quote", "delimiter and quote are both " + quote, "choose another quote");
    }
    List<String> columns = options.list("columns");
    if (columns.isEmpty() && !header && schema != null) {
      columns = schema.fieldNames();
    }
    if (columns.isEmpty() && !header) {
      problems.add(
          "columns",
          "the columns have no names: there is no header",
          "give the option columns, or schema with the fields in their order");
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
