package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.adapters.in.jobfile.JobFileReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which job file, and the values of its parameters: what several commands take. */
final class JobFileArguments {
  @Parameters(
      paramLabel = "FILE",
      description = "The job file: YAML, or JSON where the name ends in .json.")
  private Path file = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "The value of a parameter, $${NAME} in the file. May be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  String name() {
    return file.toString();
  }

  JobFile read(LocalEngine engine) {
    return new JobFileReader(engine.connectors()).read(file, parameters);
  }
}
