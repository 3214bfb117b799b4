package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The functions that expressions may call: one catalogue for expressions and SQL. A function that
 * an application adds is portable by its name: a stored job finds it again wherever it is
 * registered. Immutable.
 */
public final class FunctionCatalogue {
  private static final FunctionCatalogue STANDARD =
      new FunctionCatalogue(Map.of()).withAll(StandardFunctions.all());

  private final Map<String, ScalarFunction> functions;

  private FunctionCatalogue(Map<String, ScalarFunction> functions) {
    this.functions = functions;
  }

  /** What comes with FluxCore. */
  public static FunctionCatalogue standard() {
    return STANDARD;
  }

  /**
   * These functions and more.
   *
   * @throws FluxCoreException of category USER if a name is taken or is not a plain word
   */
  public FunctionCatalogue with(ScalarFunction... more) {
    return withAll(List.of(more));
  }

  private FunctionCatalogue withAll(Collection<ScalarFunction> more) {
    Map<String, ScalarFunction> all = new TreeMap<>(functions);
    for (ScalarFunction function : more) {
      String name = function.name();
      if (!name.matches("[a-z_][a-z0-9_]*")) {
        throw rejected(name, "is not a name that an expression can call", "use a-z, 0-9 and _");
      }
      if (all.put(name, function) != null) {
        throw rejected(name, "is there already", "register it under another name");
      }
    }
    return new FunctionCatalogue(all);
  }

  private static FluxCoreException rejected(String name, String why, String remedy) {
    return FluxCoreException.user(
        "FLX-EXPR-0011", Place.of("function '" + name + "'"), "'" + name + "' " + why, remedy);
  }

  /** The function of this name in any case, or null. */
  public @Nullable ScalarFunction find(String name) {
    return functions.get(name.toLowerCase(Locale.ROOT));
  }

  /** All functions, by name. */
  public List<ScalarFunction> functions() {
    return List.copyOf(functions.values());
  }
}
