package io.fluxcore.application.connector;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A password or key of a connector's options: the option itself, or its twin with {@code File} at
 * the end, whose first line it is. The file is read each time, since it may be changed, and the job
 * does not hold what is in it.
 *
 * @param option its name, without {@code File}
 */
public record Secret(String option, @Nullable String value, @Nullable Path file) {
  private static final String TWIN = "File";
  private static final String UNREADABLE = "FLX-CONN-0009";

  /**
   * The two options.
   *
   * @param what it is, such as {@code The user's password}
   */
  public static List<OptionSpec> specs(String name, String what) {
    return List.of(
        OptionSpec.optional(
            name,
            OptionSpec.Type.STRING,
            null,
            what + ". It shows neither in plans nor in logs, but is kept with the job."),
        OptionSpec.optional(
            name + TWIN,
            OptionSpec.Type.PATH,
            null,
            "A file whose first line is `" + name + "`; then the job does not hold it."));
  }

  /** What the options say. */
  public static Secret of(ConnectorOptions options, String name, OptionProblems problems) {
    boolean hasFile = options.has(name + TWIN);
    if (hasFile && options.has(name)) {
      problems.add(name + TWIN, "there is '" + name + "' beside", "give one of the two");
    }
    return new Secret(
        name, options.optionalString(name), hasFile ? options.path(name + TWIN) : null);
  }

  /** Whether it was given. */
  public boolean isGiven() {
    return value != null || file != null;
  }

  /**
   * The secret now; null if none was given.
   *
   * @throws FluxCoreException if its file cannot be read
   */
  public @Nullable String read() {
    if (file == null) {
      return value;
    }
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.isEmpty() ? "" : lines.get(0);
    } catch (IOException e) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          List.of(
              Diagnostic.error(
                  UNREADABLE,
                  Place.of(option + TWIN),
                  "cannot read " + file + ": " + e,
                  "let this user read it; its first line is the secret")),
          e);
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return option + (file != null ? " of " + file : value != null ? " given" : " absent");
  }
}
