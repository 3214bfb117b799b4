package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.parts.PartOptions;
import io.fluxcore.adapters.out.parts.PartSettings;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Writes rows to files. A file is written under a hidden temporary name and renamed when it is
 * whole: readers never see half a file, and a job that fails leaves an older file of that name as
 * it was.
 */
public final class FileSinkConnector implements SinkConnector {
  private static final String NAME = "file";
  private static final int MAX_OPEN_PARTS = 100;

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows to files that become visible whole, by renaming.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.TRANSACTIONAL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public FileSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.required(
            "path",
            OptionSpec.Type.PATH,
            "The file. An older one is replaced when the new one is whole; missing directories are"
                + " made. With several writers `name-<writer>`, with checkpoints"
                + " `name-<writer>-<checkpoint>`, and where parts are rolled or partitioned"
                + " `name-<writer>-<checkpoint>-<number>` take its place."));
    options.addAll(PartOptions.specs(MAX_OPEN_PARTS));
    return List.copyOf(options);
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    OptionProblems problems = new OptionProblems(NAME);
    Path path = options.path("path").toAbsolutePath().normalize();
    Path fileName = path.getFileName();
    if (fileName == null) {
      problems.add("path", "'" + path + "' names no file", "give a file name");
    }
    PartSettings settings = PartOptions.parse(options, schema, String.valueOf(fileName), problems);
    problems.throwIfAny();
    return new FileSink(new PartNames(path), settings);
  }
}
