package io.fluxcore.application.connector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option of a connector: what validation, documentation and the job-file schema are made from.
 *
 * @param name camelCase, unique within the connector
 * @param type how the value is written
 * @param required whether it must be given
 * @param defaultValue as text; null where there is none
 * @param allowed the values of an enumeration, empty otherwise
 * @param doc one sentence for the reader of the documentation
 */
public record OptionSpec(
    String name,
    Type type,
    boolean required,
    @Nullable String defaultValue,
    List<String> allowed,
    String doc) {

  /** How a value is written; the Java class that {@link ConnectorOptions} gives for it. */
  public enum Type {
    STRING,
    BOOLEAN,
    /** A 64-bit integer. */
    LONG,
    DOUBLE,
    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 2d} or ISO-8601. */
    DURATION,
    /** {@code 64kb}, {@code 16mb}, or bytes. */
    SIZE,
    PATH,
    LIST,
    MAP
  }

  public OptionSpec {
    allowed = List.copyOf(allowed);
  }

  public static OptionSpec required(String name, Type type, String doc) {
    return new OptionSpec(name, type, true, null, List.of(), doc);
  }

  public static OptionSpec optional(
      String name, Type type, @Nullable String defaultValue, String doc) {
    return new OptionSpec(name, type, false, defaultValue, List.of(), doc);
  }

  public static OptionSpec oneOf(
      String name, List<String> allowed, @Nullable String defaultValue, String doc) {
    return new OptionSpec(name, Type.STRING, false, defaultValue, allowed, doc);
  }
}
