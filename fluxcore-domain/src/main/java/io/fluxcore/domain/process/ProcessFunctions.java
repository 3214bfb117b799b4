package io.fluxcore.domain.process;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Process functions by the names that job files and portable topologies use. Immutable. */
public final class ProcessFunctions {
  /** No functions. */
  public static final ProcessFunctions NONE = new ProcessFunctions(Map.of());

  private final Map<String, KeyedProcessFunction> functions;

  private ProcessFunctions(Map<String, KeyedProcessFunction> functions) {
    this.functions = Map.copyOf(functions);
  }

  /** These functions, by name. */
  public static ProcessFunctions of(Map<String, ? extends KeyedProcessFunction> functions) {
    return new ProcessFunctions(Map.copyOf(functions));
  }

  public @Nullable KeyedProcessFunction find(String name) {
    return functions.get(name);
  }

  public Set<String> names() {
    return functions.keySet();
  }
}
