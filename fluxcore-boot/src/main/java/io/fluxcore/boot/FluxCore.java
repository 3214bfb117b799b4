package io.fluxcore.boot;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobControl;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.DeadLetters;
import io.fluxcore.application.runtime.InMemoryDeadLetters;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.FunctionCatalogue;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.infrastructure.embedded.EmbeddedRuntime;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import java.time.InstantSource;
import java.util.UUID;

/**
 * FluxCore in this process: the embedded runtime, the connectors on the class path, and jobs kept
 * in memory. For programs without Spring; thread-safe.
 *
 * <pre>{@code
 * FluxCore fluxCore = FluxCore.embedded();
 * JobId id = fluxCore.service().submitJob(topology, config);
 * }</pre>
 */
public final class FluxCore {
  /** Dead letters that are kept in memory; older ones are counted and forgotten. */
  private static final int KEPT_DEAD_LETTERS = 10_000;

  private final Planner planner;
  private final FluxCoreService service;
  private final ConnectorRegistry connectors;

  private FluxCore(DeadLetters deadLetters, FunctionCatalogue functions) {
    RegexCompiler regex = new LinearRegexCompiler();
    connectors = ConnectorRegistry.load(FluxCore.class.getClassLoader());
    planner =
        new Planner(
            connectors, new ConnectorServices(regex), new ExpressionContext(functions, regex));
    service =
        new JobControl(
            planner,
            new EmbeddedRuntime(deadLetters),
            new InMemoryJobStore(),
            InstantSource.system(),
            FluxCore::newId);
  }

  /** With the standard functions and dead letters in memory. */
  public static FluxCore embedded() {
    return embedded(new InMemoryDeadLetters(KEPT_DEAD_LETTERS), FunctionCatalogue.standard());
  }

  /**
   * With a keeper of dead letters and functions of one's own.
   *
   * @param functions what expressions may call
   */
  public static FluxCore embedded(DeadLetters deadLetters, FunctionCatalogue functions) {
    return new FluxCore(deadLetters, functions);
  }

  private static JobId newId() {
    UUID id = UUID.randomUUID();
    return JobId.of(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** The front door: submit, list, stop jobs. */
  public FluxCoreService service() {
    return service;
  }

  /** Checks and explains topologies without running them. */
  public Planner planner() {
    return planner;
  }

  /** The connectors that topologies may name. */
  public ConnectorRegistry connectors() {
    return connectors;
  }
}
