package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.transform.FlatMapFunction;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a flatMap. Not thread-safe. */
public final class FlatMapBuilder {
  private @Nullable FlatMapFunction function;
  private @Nullable Schema output;
  private @Nullable ErrorPolicy errors;

  FlatMapBuilder() {}

  public FlatMapBuilder withFunction(FlatMapFunction flatMapFunction) {
    this.function = Objects.requireNonNull(flatMapFunction);
    return this;
  }

  /** The fields of the rows that the function emits. */
  public FlatMapBuilder withSchema(Schema outputSchema) {
    this.output = Objects.requireNonNull(outputSchema);
    return this;
  }

  /** What happens to events for which the function throws. */
  public FlatMapBuilder withErrorPolicy(ErrorPolicy policy) {
    this.errors = policy;
    return this;
  }

  public TransformConfig.FlatMap build() {
    return new TransformConfig.FlatMap(function, output, errors);
  }
}
