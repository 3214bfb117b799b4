package io.fluxcore.application.connector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Values that {@link OptionParser} has parsed. Immutable. */
final class ParsedOptions implements ConnectorOptions {
  private final String connector;
  private final Map<String, OptionSpec> specs;
  private final Map<String, Object> values;

  ParsedOptions(String connector, Map<String, OptionSpec> specs, Map<String, Object> values) {
    this.connector = connector;
    this.specs = Map.copyOf(specs);
    this.values = Map.copyOf(values);
  }

  @Override
  public boolean has(String name) {
    return find(name, null) != null;
  }

  @Override
  public String string(String name) {
    return (String) get(name, OptionSpec.Type.STRING);
  }

  @Override
  public @Nullable String optionalString(String name) {
    return (String) find(name, OptionSpec.Type.STRING);
  }

  @Override
  public boolean bool(String name) {
    return (Boolean) get(name, OptionSpec.Type.BOOLEAN);
  }

  @Override
  public long integer(String name) {
    return (Long) get(name, OptionSpec.Type.LONG);
  }

  @Override
  public double number(String name) {
    return (Double) get(name, OptionSpec.Type.DOUBLE);
  }

  @Override
  public Duration duration(String name) {
    return (Duration) get(name, OptionSpec.Type.DURATION);
  }

  @Override
  public @Nullable Duration optionalDuration(String name) {
    return (Duration) find(name, OptionSpec.Type.DURATION);
  }

  @Override
  public long size(String name) {
    return (Long) get(name, OptionSpec.Type.SIZE);
  }

  @Override
  public Path path(String name) {
    return (Path) get(name, OptionSpec.Type.PATH);
  }

  @Override
  @SuppressWarnings("unchecked")
  public List<String> list(String name) {
    Object value = find(name, OptionSpec.Type.LIST);
    return value == null ? List.of() : (List<String>) value;
  }

  @Override
  @SuppressWarnings("unchecked")
  public Map<String, Object> map(String name) {
    Object value = find(name, OptionSpec.Type.MAP);
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  private Object get(String name, OptionSpec.Type type) {
    Object value = find(name, type);
    if (value == null) {
      throw new IllegalArgumentException(
          "option '" + name + "' of connector '" + connector + "' has no value and no default");
    }
    return value;
  }

  private @Nullable Object find(String name, OptionSpec.@Nullable Type type) {
    OptionSpec spec = specs.get(name);
    if (spec == null || (type != null && spec.type() != type)) {
      throw new IllegalArgumentException(
          "connector '"
              + connector
              + "' declares no option '"
              + name
              + "'"
              + (type == null ? "" : " of type " + type));
    }
    return values.get(name);
  }

  /** The options that have values, for logs; a value may be a secret. */
  @Override
  public String toString() {
    return connector + new TreeSet<>(values.keySet());
  }
}
