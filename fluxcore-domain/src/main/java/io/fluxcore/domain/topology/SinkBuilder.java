package io.fluxcore.domain.topology;

import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all sinks share. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class SinkBuilder<B extends SinkBuilder<B>> {
  private final String connector;
  private final @Nullable BoundSink instance;
  private final Map<String, Object> options = new LinkedHashMap<>();
  private @Nullable ErrorPolicy errors;
  private int parallelism;

  SinkBuilder(String connector, @Nullable BoundSink instance) {
    this.connector = Objects.requireNonNull(connector, "connector");
    this.instance = instance;
  }

  @SuppressWarnings("unchecked")
  private B self() {
    return (B) this;
  }

  /** Sets an option of the connector, also one that this builder has no method for. */
  public B with(String option, Object value) {
    options.put(Objects.requireNonNull(option), Objects.requireNonNull(value, option));
    return self();
  }

  /** Sets several options of the connector. */
  public B withOptions(Map<String, ?> values) {
    values.forEach(this::with);
    return self();
  }

  /** What happens to rows that the outside will never accept. */
  public B withErrorPolicy(ErrorPolicy policy) {
    this.errors = Objects.requireNonNull(policy);
    return self();
  }

  /** Number of writers, where it is not to be the job's parallelism. */
  public B withParallelism(int writers) {
    this.parallelism = writers;
    return self();
  }

  public SinkConfig build() {
    return new SinkConfig(new ConnectorSpec(connector, options), instance, errors, parallelism);
  }
}
