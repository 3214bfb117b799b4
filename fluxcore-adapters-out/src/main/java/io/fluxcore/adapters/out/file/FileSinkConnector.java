package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.format.CsvStyle;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/**
 * Writes rows to files of JSON lines or CSV. A file is written under a hidden temporary name in its
 * own directory and renamed when it is whole: readers never see half a file, and a job that fails
 * leaves an older file of that name as it was.
 */
public final class FileSinkConnector implements SinkConnector {
  private static final String NAME = "file";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows to files of JSON lines or CSV that become visible whole, by renaming.",
          List.of(
              OptionSpec.required(
                  "path",
                  OptionSpec.Type.PATH,
                  "The file. An older one is replaced when the new one is whole; missing"
                      + " directories are made. With several writers `name-<writer>` and with"
                      + " checkpoints `name-<writer>-<checkpoint>` take its place."),
              OptionSpec.oneOf("format", List.of("json", "csv"), "json", "How a row is written."),
              OptionSpec.oneOf(
                  "compression",
                  List.of("auto", "none", "gzip"),
                  "auto",
                  "`auto` compresses where the path ends in `.gz`."),
              OptionSpec.optional(
                  "header",
                  OptionSpec.Type.BOOLEAN,
                  "true",
                  "CSV: whether the first line of a file names the fields."),
              OptionSpec.optional(
                  "delimiter",
                  OptionSpec.Type.STRING,
                  ",",
                  "CSV: the character between values; `\\t` is a tab."),
              OptionSpec.optional(
                  "nullText",
                  OptionSpec.Type.STRING,
                  "",
                  "CSV: what a null is written as; a string like it is quoted.")),
          EnumSet.of(Capability.PARALLEL, Capability.TRANSACTIONAL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public FileSinkConnector() {}

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    OptionProblems problems = new OptionProblems(NAME);
    Path path = options.path("path").toAbsolutePath().normalize();
    if (path.getFileName() == null) {
      problems.add("path", "'" + path + "' names no file", "give a file name");
    }
    CsvStyle style = CsvStyle.DEFAULT;
    String delimiter = options.string("delimiter").replace("\\t", "\t");
    if (delimiter.length() != 1) {
      problems.add("delimiter", "'" + delimiter + "' is not one character", "give one, such as ;");
    } else {
      try {
        style =
            new CsvStyle(
                delimiter.charAt(0), '"', options.string("nullText"), options.bool("header"));
      } catch (IllegalArgumentException e) {
        problems.add("delimiter", String.valueOf(e.getMessage()), "choose other ones");
      }
    }
    problems.throwIfAny();
    boolean gzip =
        switch (options.string("compression")) {
          case "gzip" -> true;
          case "none" -> false;
          default -> path.toString().endsWith(".gz");
        };
    return new FileSink(
        new PartNames(path), schema, options.string("format").equals("csv") ? style : null, gzip);
  }
}
