package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Sends a job file to a server, with the values of its parameters. */
final class JobFileUpload {
  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "The value of a parameter, $${NAME} in the file. May be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  /**
   * Sends it.
   *
   * @param path with a query that has one parameter already
   * @throws FluxCoreException if it cannot be read
   * @throws ServerRefusal if the server does not take it
   */
  JsonNode post(Server server, String path, Path file) throws InterruptedException {
    return server.post(path + query(), mediaType(file), read(file));
  }

  /** The parameters, as a query string that has one parameter already. */
  String query() {
    StringBuilder query = new StringBuilder();
    parameters.forEach(
        (name, value) -> query.append("&set=").append(Server.encode(name + "=" + value)));
    return query.toString();
  }

  /** How a file is written, by its name. */
  static String mediaType(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".json")
        ? "application/json"
        : "application/yaml";
  }

  /** What is in a file. */
  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw FluxCoreException.user(
          "FLX-JOBFILE-0001",
          Place.WHOLE,
          "the job file " + file + " cannot be read: " + e,
          "check the path; relative ones start at " + Path.of("").toAbsolutePath());
    }
  }
}
