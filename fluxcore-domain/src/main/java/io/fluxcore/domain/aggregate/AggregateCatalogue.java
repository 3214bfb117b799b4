package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The aggregate functions that an application has registered. A topology that names one is
 * portable: a stored job finds it again wherever it is registered. Immutable.
 */
public final class AggregateCatalogue {
  /** Without any function. */
  public static final AggregateCatalogue EMPTY = new AggregateCatalogue(Map.of());

  private final Map<String, AggregateFunction<?>> functions;

  private AggregateCatalogue(Map<String, AggregateFunction<?>> functions) {
    this.functions = functions;
  }

  /**
   * These functions and more.
   *
   * @throws FluxCoreException of category USER if a name is taken or is not a plain word
   */
  public AggregateCatalogue with(Collection<? extends AggregateFunction<?>> more) {
    Map<String, AggregateFunction<?>> all = new TreeMap<>(functions);
    for (AggregateFunction<?> function : more) {
      String name = function.name();
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw rejected(name, "is not a name for a function", "use letters, digits and _");
      }
      if (all.put(name, function) != null) {
        throw rejected(name, "is there already", "register it under another name");
      }
    }
    return new AggregateCatalogue(all);
  }

  private static FluxCoreException rejected(String name, String why, String remedy) {
    return FluxCoreException.user(
        "FLX-AGG-0008",
        Place.of("aggregate function '" + name + "'"),
        "'" + name + "' " + why,
        remedy);
  }

  /**
   * The function of this name, or null. A name with a point is that of a class, which is a {@link
   * io.fluxcore.domain.code.UserAggregate}.
   */
  public @Nullable AggregateFunction<?> find(String name) {
    AggregateFunction<?> registered = functions.get(name);
    return registered == null && name.indexOf('.') >= 0 ? JavaAggregate.ofClass(name) : registered;
  }

  /** The names of all functions. */
  public List<String> names() {
    return List.copyOf(functions.keySet());
  }

  /** The call with the function that it names, or as it is where there is none. */
  public AggregateCall resolve(AggregateCall call) {
    if (call.function() instanceof NamedAggregate named) {
      AggregateFunction<?> function = find(named.name());
      return call.withFunction(
          function == null ? new NamedAggregate(named.name(), names()) : function);
    }
    return call;
  }
}
