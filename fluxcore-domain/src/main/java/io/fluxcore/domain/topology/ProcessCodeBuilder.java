package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.process.KeyedProcessFunction;
import io.fluxcore.domain.process.StateDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a process function. Not thread-safe. */
public final class ProcessCodeBuilder {
  private @Nullable KeyedProcessFunction function;
  private @Nullable String functionName;
  private List<String> keyBy = List.of();
  private final List<StateDescriptor<?>> states = new ArrayList<>();
  private @Nullable TimeToLive timeToLive;
  private @Nullable Schema output;
  private final Map<String, Schema> sideOutputs = new LinkedHashMap<>();
  private @Nullable ErrorPolicy errors;

  ProcessCodeBuilder() {}

  /** User code; the topology is bound by it. */
  public ProcessCodeBuilder withFunction(KeyedProcessFunction processFunction) {
    this.function = Objects.requireNonNull(processFunction);
    this.functionName = null;
    return this;
  }

  /** A function by the name under which it is registered; the topology stays portable. */
  public ProcessCodeBuilder withFunction(String registeredName) {
    this.functionName = Objects.requireNonNull(registeredName);
    this.function = null;
    return this;
  }

  /** The fields of the key; without them that of the {@code keyBy} upstream. */
  public ProcessCodeBuilder withKeyBy(String... fields) {
    this.keyBy = List.of(fields);
    return this;
  }

  /** States beside those that the function declares itself. */
  public ProcessCodeBuilder withState(StateDescriptor<?>... descriptors) {
    states.addAll(List.of(descriptors));
    return this;
  }

  /** Of states that have none of their own. */
  public ProcessCodeBuilder withTimeToLive(TimeToLive life) {
    this.timeToLive = Objects.requireNonNull(life);
    return this;
  }

  /** The fields of the rows that the function emits. */
  public ProcessCodeBuilder withSchema(Schema outputSchema) {
    this.output = Objects.requireNonNull(outputSchema);
    return this;
  }

  /** A port of its own for other rows: {@code name.port} reads it. */
  public ProcessCodeBuilder withSideOutput(String port, Schema outputSchema) {
    sideOutputs.put(Objects.requireNonNull(port), Objects.requireNonNull(outputSchema));
    return this;
  }

  /** What happens to events for which the function throws. */
  public ProcessCodeBuilder withErrorPolicy(ErrorPolicy policy) {
    this.errors = policy;
    return this;
  }

  public TransformConfig.ProcessCode build() {
    return new TransformConfig.ProcessCode(
        function, functionName, keyBy, states, timeToLive, output, sideOutputs, errors);
  }
}
