package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.format.FormatOptions;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.adapters.in.format.RecordOptions;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

/**
 * Reads files of JSON lines, CSV or text lines, once from the beginning to the end, or as they grow
 * and are rotated. Each file is a split; its position is the offset of the next record in the
 * (uncompressed) file and its line. Records that cannot be decoded are reported with file and line,
 * and reading goes on.
 */
public final class FileSourceConnector implements SourceConnector {
  static final String NAME = "file";

  private static final String ONCE = "once";
  private static final String TAIL = "tail";
  private static final String START = "start";
  private static final String POLL_INTERVAL = "pollInterval";
  private static final String ROTATE_WAIT = "rotateWait";
  private static final String LINE_TIMEOUT = "lineTimeout";
  private static final Duration MAX_WAIT = Duration.ofHours(1);

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads files of JSON lines, CSV or text lines, once or as they grow.",
          List.of(
              OptionSpec.required(
                  "path",
                  OptionSpec.Type.STRING,
                  "The file, or a pattern of files such as `logs/*.gz` or `logs/**/access-*.log`;"
                      + " hidden files are not matched. With `mode: tail` it may also be a"
                      + " directory, whose files are followed."),
              OptionSpec.oneOf(
                  "mode",
                  List.of(ONCE, TAIL),
                  ONCE,
                  "`once` reads the files that are there to their end, and the source ends; `tail`"
                      + " follows them as they grow and are rotated, takes up files that appear"
                      + " later, and does not end."),
              OptionSpec.oneOf(
                  START,
                  List.of("beginning", "end"),
                  "beginning",
                  "Tail: where reading begins in files that are there when the job first starts;"
                      + " files that appear later are read from their beginning."),
              OptionSpec.optional(
                  POLL_INTERVAL,
                  OptionSpec.Type.DURATION,
                  "250ms",
                  "Tail: from one look at the files to the next, 1ms to 1h."),
              OptionSpec.optional(
                  ROTATE_WAIT,
                  OptionSpec.Type.DURATION,
                  "5s",
                  "Tail: a file that was renamed or deleted is followed until it has stood still"
                      + " for so long; then its last line counts as whole even without a line"
                      + " end."),
              OptionSpec.optional(
                  LINE_TIMEOUT,
                  OptionSpec.Type.DURATION,
                  null,
                  "Tail: a last line without a line end counts as whole when the file has stood"
                      + " still for so long; if absent it waits for its line end."),
              OptionSpec.oneOf(
                  "format",
                  List.of("json", "csv", "text", "avro"),
                  "json",
                  "How a record is written; `avro` for container files of Avro."),
              OptionSpec.oneOf(
                  "compression",
                  List.of("auto", "none", "gzip"),
                  "auto",
                  "`auto` decompresses files whose name ends in `.gz`; container files say themselves"
                      + " how their blocks are compressed."),
              RecordOptions.SCHEMA,
              RecordOptions.TIMESTAMP_FORMAT,
              RecordOptions.TIME_ZONE,
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
                      + " the whole line and whose named groups `(?<name>…)` are the fields;"
                      + " without it the line is the field `line`."),
              OptionSpec.optional(
                  "schemaFile",
                  OptionSpec.Type.PATH,
                  null,
                  "Avro: a file with the schema that the fields are taken from, which gives aliases"
                      + " and defaults; without it that of the first file, or `schema`."),
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
    boolean tail = options.string("mode").equals(TAIL);
    if (tail) {
      checkTail(options, problems);
    } else if (options.has(LINE_TIMEOUT)) {
      problems.add(
          LINE_TIMEOUT, "it is for files that are followed", "set mode: tail, or leave it out");
    }
    FormatOptions formats = new FormatOptions(options, services, problems);
    if (options.string("format").equals("avro")) {
      checkContainer(options, tail, problems);
      return new ContainerSource(options.string("path"), formats.container());
    }
    if (options.has("schemaFile")) {
      problems.add(
          "schemaFile",
          "the format is " + options.string("format") + ", and the option is for the format avro",
          "set format: avro, or leave it out");
    }
    RecordFormat format = formats.stream();
    int maxRecordBytes = (int) options.size("maxRecordBytes");
    if (!tail) {
      return new FileSource(
          options.string("path"),
          format,
          Compression.of(options.string("compression")),
          maxRecordBytes);
    }
    return new TailSource(
        options.string("path"),
        new TailSettings(
            format,
            maxRecordBytes,
            options.string(START).equals("end"),
            options.duration(POLL_INTERVAL),
            options.duration(ROTATE_WAIT),
            options.optionalDuration(LINE_TIMEOUT)),
        System::nanoTime);
  }

  private static void checkContainer(
      ConnectorOptions options, boolean tail, OptionProblems problems) {
    if (tail) {
      problems.add("mode", "a container file cannot be followed as it grows", "set mode: once");
    }
    if (options.string("compression").equals("gzip")) {
      problems.add(
          "compression",
          "container files say themselves how their blocks are compressed",
          "leave it out");
    }
  }

  private static void checkTail(ConnectorOptions options, OptionProblems problems) {
    if (options.string("compression").equals("gzip") || options.string("path").endsWith(".gz")) {
      problems.add(
          "compression",
          "a compressed file cannot be followed as it grows",
          "read compressed files with mode: once");
    }
    if (options.duration(POLL_INTERVAL).isZero()) {
      problems.add(POLL_INTERVAL, "it is zero", "give at least 1ms");
    }
    for (String option : List.of(POLL_INTERVAL, ROTATE_WAIT, LINE_TIMEOUT)) {
      Duration given = options.optionalDuration(option);
      if (given != null && (given.isNegative() || given.compareTo(MAX_WAIT) > 0)) {
        problems.add(option, given + " is out of range", "give at most 1h");
      }
    }
  }
}
