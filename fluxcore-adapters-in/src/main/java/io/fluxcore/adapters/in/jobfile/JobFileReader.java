package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.Parameters;
import io.fluxcore.adapters.in.jobfile.text.StructuredText;
import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Listing;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads job files: YAML, or JSON where the name ends in {@code .json}. A file is read in steps
 * (well-formed, parameters, schema, values), and what is wrong is told step by step, everything of
 * a step at once, each with its line and column. Thread-safe.
 */
public final class JobFileReader {
  /** The parameter that every file has: the directory that it is in. */
  public static final String FOLDER = "folder";

  private final List<ConnectorDescriptor> sources;
  private final List<ConnectorDescriptor> sinks;
  private final List<ConnectorDescriptor> lookups;
  private final SchemaCheck check;

  /** A reader that knows the words of these connectors. */
  public JobFileReader(ConnectorRegistry connectors) {
    this(connectors.sources(), connectors.sinks(), connectors.lookups());
  }

  JobFileReader(
      List<ConnectorDescriptor> sources,
      List<ConnectorDescriptor> sinks,
      List<ConnectorDescriptor> lookups) {
    this.sources = List.copyOf(sources);
    this.sinks = List.copyOf(sinks);
    this.lookups = List.copyOf(lookups);
    this.check = new SchemaCheck(JobFileSchema.of(sources, sinks, lookups));
  }

  /**
   * Reads a file.
   *
   * @param parameters values of its parameters, by name
   * @throws FluxCoreException of category USER with everything that is wrong
   */
  public JobFile read(Path file, Map<String, String> parameters) {
    Path folder = file.toAbsolutePath().getParent();
    return parse(
        file.toString(),
        StructuredText.read(file),
        parameters,
        folder == null ? file.toString() : relative(folder));
  }

  private static String relative(Path folder) {
    Path here = Path.of("").toAbsolutePath();
    if (!folder.startsWith(here)) {
      return folder.toString();
    }
    String relative = here.relativize(folder).toString();
    return relative.isEmpty() ? "." : relative;
  }

  /**
   * Reads a text.
   *
   * @param name of the file, for messages and to tell JSON from YAML
   * @throws FluxCoreException of category USER with everything that is wrong
   */
  public JobFile parse(String name, String text, Map<String, String> parameters) {
    return parse(name, text, parameters, ".");
  }

  private JobFile parse(String name, String text, Map<String, String> parameters, String folder) {
    TextNode written = StructuredText.parse(name, text);
    Parameters replacement = new Parameters(parameters, Map.of(FOLDER, folder));
    TextNode tree = replacement.replaceIn(written);
    throwIfAny(replacement.problems());
    throwIfAny(check.check(tree));
    Mapping root = Values.mapping(tree);
    Values values = new Values();
    JobConfig config = new JobReader(Values.mapping(root.walk(List.of("job"))), values).read();
    StreamTopology topology =
        new TopologyReader(values, new ConnectorReader(values, sources, sinks, lookups))
            .read((Listing) root.walk(List.of("topology")));
    throwIfAny(values.problems());
    return new JobFile(name, Objects.requireNonNull(config), topology, new JobFilePlaces(root));
  }

  /**
   * Reads the part {@code job} of a text, which needs to hold no other.
   *
   * @throws FluxCoreException of category USER with everything that is wrong
   */
  static JobConfig config(String name, String text) {
    TextNode tree =
        new Parameters(Map.of(), Map.of(FOLDER, ".")).replaceIn(StructuredText.parse(name, text));
    Values values = new Values();
    JobConfig config =
        new JobReader(Values.mapping(Values.mapping(tree).walk(List.of("job"))), values).read();
    throwIfAny(values.problems());
    return Objects.requireNonNull(config);
  }

  /** Throws everything that is wrong, if anything is. */
  static void throwIfAny(List<Diagnostic> problems) {
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
  }
}
