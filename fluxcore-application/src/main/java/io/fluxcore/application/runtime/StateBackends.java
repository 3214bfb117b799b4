package io.fluxcore.application.runtime;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.state.StateBackendFactory;
import java.util.Map;
import java.util.TreeSet;

/**
 * The state backends that jobs may name. Immutable.
 *
 * @param factories by name
 * @param missing name of a backend whose library is not there → the library
 * @param standard the one of jobs that name none
 */
public record StateBackends(
    Map<String, StateBackendFactory> factories, Map<String, String> missing, String standard) {
  /** State on the heap, which is always there. */
  public static final String HEAP = "heap";

  /** The heap alone. */
  public static final StateBackends HEAP_ONLY =
      new StateBackends(Map.of(HEAP, StateBackendFactory.HEAP), Map.of(), HEAP);

  public StateBackends {
    factories = Map.copyOf(factories);
    missing = Map.copyOf(missing);
    if (!factories.containsKey(standard)) {
      throw unknown("the default state backend", standard, factories, missing);
    }
  }

  /**
   * The configuration with a backend in the place of {@link JobConfig#DEFAULT_STATE_BACKEND}.
   *
   * @throws FluxCoreException if there is no backend of the name
   */
  public JobConfig complete(JobConfig config) {
    String name = config.stateBackend();
    if (name.equals(JobConfig.DEFAULT_STATE_BACKEND)) {
      return config.toBuilder().stateBackend(standard).build();
    }
    factory(name);
    return config;
  }

  /**
   * A backend.
   *
   * @throws FluxCoreException if there is none of the name
   */
  public StateBackendFactory factory(String name) {
    String asked = name.equals(JobConfig.DEFAULT_STATE_BACKEND) ? standard : name;
    StateBackendFactory factory = factories.get(asked);
    if (factory == null) {
      throw unknown("stateBackend", asked, factories, missing);
    }
    return factory;
  }

  private static FluxCoreException unknown(
      String place,
      String name,
      Map<String, StateBackendFactory> factories,
      Map<String, String> missing) {
    String library = missing.get(name);
    if (library != null) {
      return new FluxCoreException(
          ErrorCategory.USER,
          Diagnostic.error(
              "FLX-RUN-0009",
              Place.of(place),
              "the library of state backend '" + name + "' is not on the class path",
              "add the dependency " + library));
    }
    return FluxCoreException.user(
        "FLX-RUN-0002",
        Place.of(place),
        "there is no state backend '" + name + "'",
        "state backends are " + new TreeSet<>(factories.keySet()));
  }
}
