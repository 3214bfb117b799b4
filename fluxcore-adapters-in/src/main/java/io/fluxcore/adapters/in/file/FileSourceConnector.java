package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.EnumSet;
import java.util.List;

/**
 * Reads files of JSON lines, CSV or text lines once, from the beginning to the end. Each file is a
 * split; its position is the offset of the next record in the (uncompressed) file and its line.
 * Records that cannot be decoded are reported with file and line, and reading goes on.
 */
public final class FileSourceConnector implements SourceConnector {
  static final String NAME = "file";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads files of JSON lines, CSV or text lines, once and from the beginning.",
          List.of(
              OptionSpec.required(
                  "path",
                  OptionSpec.Type.STRING,
                  "The file, or a pattern of files such as `logs/*.gz` or `logs/**/access-*.log`;"
                      + " hidden files are not matched."),
              OptionSpec.oneOf(
                  "format", List.of("json", "csv", "text"), "json", "How a record is written."),
              OptionSpec.oneOf(
                  "compression",
                  List.of("auto", "none", "gzip"),
                  "auto",
                  "`auto` decompresses files whose name ends in `.gz`."),
              OptionSpec.optional(
                  "schema",
                  OptionSpec.Type.MAP,
                  null,
                  "Name and type of each field; without it a field has the type that its first use"
                      + " asks for."),
              OptionSpec.optional(
                  "timestampFormat",
                  OptionSpec.Type.MAP,
                  null,
                  "How the dates and timestamps of a field are written: `iso` (unless given),"
                      + " `epoch-seconds`, `epoch-millis`, `epoch-micros`, or a pattern such as"
                      + " `dd/MMM/yyyy:HH:mm:ss Z`."),
              OptionSpec.optional(
                  "timeZone",
                  OptionSpec.Type.STRING,
                  "UTC",
                  "Zone of times that name none where an instant is wanted."),
              OptionSpec.optional(
                  "nullText",
                  OptionSpec.Type.STRING,
                  null,
                  "CSV and text: the text that stands for null, unless it is in quotes. If absent:"
                      + " nothing at all for CSV, `-` for the access logs, none for other text."),
              OptionSpec.optional(
                  "required",
                  OptionSpec.Type.LIST,
                  null,
                  "Fields that must be there and not null; a record without one is bad."),
              OptionSpec.optional(
                  "pattern",
                  OptionSpec.Type.STRING,
                  null,
                  "Text: `apache-common`, `apache-combined`, or a regular expression that matches"
                      + " the whole line and whose named groups `(?<name>…)` are the fields; without"
                      + " it the line is the field `line`."),
              OptionSpec.optional(
                  "header",
                  OptionSpec.Type.BOOLEAN,
                  "true",
                  "CSV: whether the first record of a file names the columns."),
              OptionSpec.optional(
                  "columns",
                  OptionSpec.Type.LIST,
                  null,
                  "CSV: names of the columns in the order of the file, whatever its header says."),
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
                  "CSV and text: how characters are written; JSON is always UTF-8."),
              OptionSpec.optional(
                  "maxRecordBytes",
                  OptionSpec.Type.SIZE,
                  "1mb",
                  "A longer record is bad, and only its first 4 kB are kept; 1kb to 256mb.")),
          EnumSet.of(
              Capability.BOUNDED,
              Capability.REPLAYABLE,
              Capability.PROJECTION,
              Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public FileSourceConnector() {}

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    problems.range("maxRecordBytes", options.size("maxRecordBytes"), 1024, 256L << 20);
    if (options.string("path").isBlank()) {
      problems.add("path", "it is empty", "give a file, or a pattern such as logs/*.gz");
    }
    FormatOptions formats = new FormatOptions(options, services, problems);
    return new FileSource(
        options.string("path"),
        formats.create(),
        Compression.of(options.string("compression")),
        (int) options.size("maxRecordBytes"));
  }
}
