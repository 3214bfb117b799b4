package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.transform.MapFunction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a map: expressions, or a function. Not thread-safe. */
public final class MapBuilder {
  private final Map<String, String> fields = new LinkedHashMap<>();
  private @Nullable MapFunction function;
  private @Nullable Schema output;
  private @Nullable ErrorPolicy errors;

  MapBuilder() {}

  /** A field that an expression computes; it is added, or replaces the one of its name. */
  public MapBuilder withField(String name, String expression) {
    fields.put(Objects.requireNonNull(name), Objects.requireNonNull(expression));
    return this;
  }

  /** Makes the whole row by user code instead; the topology is bound by it. */
  public MapBuilder withFunction(MapFunction mapFunction, Schema outputSchema) {
    this.function = Objects.requireNonNull(mapFunction);
    this.output = Objects.requireNonNull(outputSchema);
    return this;
  }

  /** What happens to rows that cannot be computed. */
  public MapBuilder withErrorPolicy(ErrorPolicy policy) {
    this.errors = policy;
    return this;
  }

  /**
   * The configuration.
   *
   * @throws IllegalStateException if both expressions and a function were given
   */
  public TransformConfig build() {
    if (function == null) {
      return new TransformConfig.Project(fields, true, errors);
    }
    if (!fields.isEmpty()) {
      throw new IllegalStateException(
          "a map has either a function or fields " + fields.keySet() + ", not both");
    }
    return new TransformConfig.MapCode(function, output, errors);
  }
}
