package io.fluxcore.adapters.out.format;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Makes encoders of the options of a sink: the one place where {@code format} is given its meaning.
 * A connector of messages has the options {@link #ofMessages()} among its own, one of files or
 * objects the options {@link #ofParts()}.
 */
public final class EncoderOptions {
  private static final String VALUE_FIELD = "valueField";
  private static final String SCHEMA_FILE = "schemaFile";
  private static final String RECORD_NAME = "recordName";
  private static final String ROW_GROUP_SIZE = "rowGroupSize";
  private static final OptionSpec DELIMITER =
      OptionSpec.optional(
          "delimiter",
          OptionSpec.Type.STRING,
          ",",
          "CSV: the character between values; `\\t` is a tab.");
  private static final OptionSpec NULL_TEXT =
      OptionSpec.optional(
          "nullText",
          OptionSpec.Type.STRING,
          "",
          "CSV: what a null is written as; a string like it is quoted.");

  private static final List<OptionSpec> OF_MESSAGES = messageSpecs();
  private static final List<OptionSpec> OF_PARTS = partSpecs();

  private static List<OptionSpec> partSpecs() {
    return List.of(
        OptionSpec.oneOf(
            "format",
            List.of("json", "csv", "text", "avro", "parquet"),
            "json",
            "How a row is written: an object of JSON, the values of one CSV record, or one field as"
                + " text, a line each; or a record of a container file of Avro, or a row of"
                + " Parquet."),
        OptionSpec.oneOf(
            "compression",
            Compression.NAMES,
            Compression.AUTO,
            "`auto` compresses lines where the path ends in `.gz` or `.zst`, the blocks of Avro by"
                + " deflate and the pages of Parquet by Snappy; `gzip` is deflate in Avro."),
        OptionSpec.optional(
            "header",
            OptionSpec.Type.BOOLEAN,
            "true",
            "CSV: whether the first line of a file names the fields."),
        DELIMITER,
        NULL_TEXT,
        OptionSpec.optional(
            VALUE_FIELD,
            OptionSpec.Type.STRING,
            null,
            "Text: the field that is written; without it there must be only one."),
        OptionSpec.optional(
            SCHEMA_FILE,
            OptionSpec.Type.PATH,
            null,
            "Avro: a file with the schema of the records; without it it is derived from the rows."),
        OptionSpec.optional(
            RECORD_NAME,
            OptionSpec.Type.STRING,
            "Row",
            "Avro: full name of the derived schema, such as `com.example.Order`."),
        OptionSpec.optional(
            ROW_GROUP_SIZE,
            OptionSpec.Type.SIZE,
            "64mb",
            "Parquet: how much of an open part is kept in memory, about, before it is written as a"
                + " row group; 64kb to 1gb."));
  }

  private static List<OptionSpec> messageSpecs() {
    List<OptionSpec> specs =
        new ArrayList<>(
            List.of(
                OptionSpec.oneOf(
                    "format",
                    List.of("json", "csv", "text", "raw", "avro", "protobuf"),
                    "json",
                    "How a row is written: an object of JSON, the values of one CSV record, one field as"
                        + " text or as its bytes are, or a record of Avro or Protobuf."),
                OptionSpec.optional(
                    VALUE_FIELD,
                    OptionSpec.Type.STRING,
                    null,
                    "Text and raw: the field that is written; without it there must be only one."),
                DELIMITER,
                NULL_TEXT,
                OptionSpec.oneOf(
                    "rowKinds",
                    RowKinds.names(),
                    "auto",
                    "JSON and CSV: whether messages say by `$op` what a row does (`+I`, `-U`, `+U`,"
                        + " `-D`): `auto` in JSON where it is no insertion, `always`, or `never`; where"
                        + " it is not said, rows that are no insertions are refused.")));
    specs.addAll(SchemaOptions.specs());
    return List.copyOf(specs);
  }

  private EncoderOptions() {}

  /** What connectors of messages have as options, for {@link #messages}. */
  public static List<OptionSpec> ofMessages() {
    return OF_MESSAGES;
  }

  /** What connectors of files or objects have as options, for {@link #parts}. */
  public static List<OptionSpec> ofParts() {
    return OF_PARTS;
  }

  /**
   * The format of parts.
   *
   * @param schema of the rows
   * @param fileName whose ending may decide on the compression
   * @param problems is told what is wrong; then the result is of no use
   */
  public static PartFormat parts(
      ConnectorOptions options, Schema schema, String fileName, OptionProblems problems) {
    String format = options.string("format");
    if (options.has(VALUE_FIELD) && !format.equals("text")) {
      problems.add(
          VALUE_FIELD,
          "the format is " + format + ", which writes all fields",
          "set format: text, or leave the option out");
    }
    if (options.has(SCHEMA_FILE) && !format.equals("avro")) {
      problems.add(
          SCHEMA_FILE,
          "the format is " + format + ", which has no such schema",
          "set format: avro, or leave the option out");
    }
    long rowGroupBytes = options.size(ROW_GROUP_SIZE);
    problems.range(ROW_GROUP_SIZE, rowGroupBytes, 64L << 10, 1L << 30);
    CsvStyle style = style(options, options.bool("header"), problems);
    String compression = options.string("compression");
    if (format.equals("avro")) {
      return avroParts(options, schema, compression, problems);
    }
    if (format.equals("parquet")) {
      return parquetParts(schema, compression, rowGroupBytes);
    }
    Supplier<RowEncoder> encoders =
        switch (format) {
          case "csv" -> () -> RowEncoder.csv(schema, RowKinds.NEVER, style);
          case "text" -> {
            int field = field(options, schema, problems);
            yield () -> RowEncoder.value(field, true);
          }
          default -> () -> RowEncoder.json(schema, RowKinds.NEVER);
        };
    return new LineParts(encoders, Compression.of(compression, fileName));
  }

  private static PartFormat avroParts(
      ConnectorOptions options, Schema schema, String compression, OptionProblems problems) {
    RequiredLibrary.check("org.apache.avro.Schema", "org.apache.avro:avro", "format: avro");
    problems.throwIfAny();
    Compression chosen =
        compression.equals(Compression.AUTO)
            ? Compression.GZIP
            : Compression.of(compression, "rows.avro");
    return new AvroParts(
        schema,
        options.has(SCHEMA_FILE)
            ? AvroSchemas.parse(options.path(SCHEMA_FILE), SCHEMA_FILE)
            : AvroSchemas.of(schema, options.string(RECORD_NAME)),
        AvroParts.codec(chosen));
  }

  private static PartFormat parquetParts(Schema schema, String compression, long rowGroupBytes) {
    RequiredLibrary.check(
        "org.apache.parquet.hadoop.ParquetFileWriter",
        "org.apache.parquet:parquet-hadoop",
        "format: parquet");
    return new ParquetParts(
        schema,
        compression.equals(Compression.AUTO)
            ? ParquetCompressor.SNAPPY
            : ParquetCompressor.valueOf(compression.toUpperCase(Locale.ROOT)),
        rowGroupBytes);
  }

  /**
   * Encoders of messages, of which each writer needs its own.
   *
   * @param schema of the rows
   * @param problems is told what is wrong; then the result is of no use
   */
  public static MessageEncoder.Factory messages(
      ConnectorOptions options, Schema schema, OptionProblems problems) {
    String format = options.string("format");
    RowKinds kinds = RowKinds.parse(options.string("rowKinds"));
    if (options.has(VALUE_FIELD) && !format.equals("text") && !format.equals("raw")) {
      problems.add(
          VALUE_FIELD,
          "the format is " + format + ", which writes all fields",
          "set format: text or raw, or leave the option out");
    }
    SchemaOptions schemas = new SchemaOptions(options, schema, problems);
    schemas.check(format);
    Supplier<RowEncoder> encoders =
        switch (format) {
          case "avro", "protobuf" -> {
            problems.throwIfAny();
            yield format.equals("avro") ? schemas.avro() : schemas.protobuf();
          }
          case "csv" -> {
            CsvStyle style = style(options, false, problems);
            yield () -> RowEncoder.csv(schema, kinds, style);
          }
          case "text", "raw" -> {
            int field = field(options, schema, problems);
            boolean text = format.equals("text");
            yield () -> RowEncoder.value(field, text);
          }
          default ->
              schemas.hasRegistry() ? schemas.json(kinds) : () -> RowEncoder.json(schema, kinds);
        };
    boolean saysKinds =
        (format.equals("json") && kinds != RowKinds.NEVER)
            || (format.equals("csv") && kinds == RowKinds.ALWAYS);
    return new MessageEncoder.Factory(
        encoders, saysKinds ? Changes.retracts(null) : Changes.appends());
  }

  private static CsvStyle style(ConnectorOptions options, boolean header, OptionProblems problems) {
    String delimiter = options.string("delimiter").replace("\\t", "\t");
    if (delimiter.length() != 1) {
      problems.add("delimiter", "'" + delimiter + "' is not one character", "give one, such as ;");
      return CsvStyle.DEFAULT;
    }
    try {
      return new CsvStyle(delimiter.charAt(0), '"', options.string("nullText"), header);
    } catch (IllegalArgumentException e) {
      problems.add("delimiter", String.valueOf(e.getMessage()), "choose other ones");
      return CsvStyle.DEFAULT;
    }
  }

  private static int field(ConnectorOptions options, Schema schema, OptionProblems problems) {
    String name = options.optionalString(VALUE_FIELD);
    if (name == null) {
      if (schema.size() != 1) {
        problems.add(
            VALUE_FIELD,
            "one field is written, and rows have " + schema.size() + ": " + schema.fieldNames(),
            "name the one, or leave out the others before the sink");
      }
      return 0;
    }
    int field = schema.indexOf(name);
    if (field < 0) {
      problems.add(
          VALUE_FIELD,
          "there is no field '" + name + "'",
          "fields are " + String.join(", ", schema.fieldNames()));
    }
    return field;
  }
}
