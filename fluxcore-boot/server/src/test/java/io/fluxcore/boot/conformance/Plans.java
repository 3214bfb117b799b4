package io.fluxcore.boot.conformance;

import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.infrastructure.outside.MachineOutside;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sketch.BoundedSketches;
import java.util.List;

/** The planner as the product has it, without connectors: a case brings its own. */
final class Plans {
  private static final RegexCompiler REGEX = new LinearRegexCompiler();
  private static final Planner PLANNER =
      new Planner(
          ConnectorRegistry.of(List.of(), List.of()),
          new ConnectorServices(REGEX),
          ExpressionContext.of(REGEX).withOutside(new MachineOutside()),
          new BoundedSketches());

  private Plans() {}

  /**
   * The plan of a topology.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if something is wrong with it
   */
  static ExecutionPlan of(StreamTopology topology, int parallelism) {
    return PLANNER.plan(
        topology, JobConfig.builder().name("conformance").parallelism(parallelism).build());
  }
}
