package io.fluxcore.application.connector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option of a connector: what validation, documentation and the job-file schema are made from.
 *
 * @param name camelCase, unique within the connector
 * @param type how the value is written
 * @param presence whether it must be given
 * @param defaultValue as text; null where there is none
 * @param allowed the values of an enumeration, empty otherwise
 * @param doc one sentence for the reader of the documentation
 * @param address whether it says where the other side is: a topology that gives such an option gets
 *     nothing of {@link ConnectorDefaults}, so that no password of the host goes elsewhere
 */
public record OptionSpec(
    String name,
    Type type,
    Presence presence,
    @Nullable String defaultValue,
    List<String> allowed,
    String doc,
    boolean address) {

  /** Who must give an option. */
  public enum Presence {
    /** The topology. */
    REQUIRED,
    /** The topology, or the host by {@link ConnectorDefaults}: addresses, users and the like. */
    REQUIRED_UNLESS_OF_HOST,
    /** Nobody. */
    OPTIONAL
  }

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

  /** Whether there must be a value, from the topology or the host. */
  public boolean required() {
    return presence != Presence.OPTIONAL;
  }

  public static OptionSpec required(String name, Type type, String doc) {
    return new OptionSpec(name, type, Presence.REQUIRED, null, List.of(), doc, false);
  }

  /** One that a host may know: then topologies need not give it. */
  public static OptionSpec requiredUnlessOfHost(String name, Type type, String doc) {
    return new OptionSpec(
        name, type, Presence.REQUIRED_UNLESS_OF_HOST, null, List.of(), doc, false);
  }

  public static OptionSpec optional(
      String name, Type type, @Nullable String defaultValue, String doc) {
    return new OptionSpec(name, type, Presence.OPTIONAL, defaultValue, List.of(), doc, false);
  }

  /** The same, which says where the other side is. */
  public OptionSpec asAddress() {
    return new OptionSpec(name, type, presence, defaultValue, allowed, doc, true);
  }

  public static OptionSpec oneOf(
      String name, List<String> allowed, @Nullable String defaultValue, String doc) {
    return new OptionSpec(name, Type.STRING, Presence.OPTIONAL, defaultValue, allowed, doc, false);
  }
}
