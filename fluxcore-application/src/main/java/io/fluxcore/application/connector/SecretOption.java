package io.fluxcore.application.connector;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A secret that is given as an option, or by the option {@code …File} beside it: a file whose first
 * line it is, so that the job does not hold it. Thread-safe.
 */
public final class SecretOption {
  static final String UNREADABLE = "FLX-CONN-0009";

  private final String name;
  private final @Nullable String value;
  private final @Nullable Path file;

  private SecretOption(String name, @Nullable String value, @Nullable Path file) {
    this.name = name;
    this.value = value;
    this.file = file;
  }

  /**
   * The secret of an option.
   *
   * @param name of the option, such as {@code password}
   */
  public static SecretOption of(ConnectorOptions options, String name, OptionProblems problems) {
    String fileOption = name + "File";
    boolean hasFile = options.has(fileOption);
    if (hasFile && options.has(name)) {
      problems.add(fileOption, "there is the option '" + name + "' beside", "give one of the two");
    }
    return new SecretOption(
        name, options.optionalString(name), hasFile ? options.path(fileOption) : null);
  }

  public boolean isGiven() {
    return value != null || file != null;
  }

  /**
   * The secret now, or null if none was given; a file is read each time, since it may be changed.
   *
   * @throws FluxCoreException if the file cannot be read
   */
  public @Nullable String current() {
    if (file == null) {
      return value;
    }
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.isEmpty() ? "" : lines.get(0);
    } catch (IOException e) {
      throw FluxCoreException.user(
          UNREADABLE,
          Place.of(name + "File"),
          "cannot read " + file + ": " + e,
          "let this user read it; its first line is the secret");
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return isGiven() ? "***" : "";
  }
}
