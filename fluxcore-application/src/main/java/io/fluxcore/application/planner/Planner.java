package io.fluxcore.application.planner;

import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.process.KeyedProcess;
import io.fluxcore.domain.process.KeyedProcessFunction;
import io.fluxcore.domain.process.ProcessFunctions;
import io.fluxcore.domain.process.StateDescriptor;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes execution plans. Immutable and thread-safe; it touches nothing outside.
 *
 * <p>What it does with a topology:
 *
 * <ul>
 *   <li><b>Projection.</b> Readers are asked for the fields that are used, and rows cross an
 *       exchange with the fields that are used after it. Open schemas are closed over the fields
 *       that the topology uses; where code or a sink sees the events themselves, readers keep the
 *       original bytes beside.
 *   <li><b>Fusion.</b> Operators share a stage until a key changes or streams of different stages
 *       meet. At parallelism 1 there is no exchange by key at all.
 *   <li><b>Filters.</b> The expressions of filters that follow a source at once are handed to its
 *       readers, which may apply them, and the filter operators stay all the same: a reader that
 *       filters saves decoding, and reports what it left out as the source's filtered rows. Not
 *       where a window or sort in event time follows: rows that are filtered out must still move
 *       its watermark.
 *   <li><b>Two phases.</b> Where results do not show it, rows are aggregated before the exchange.
 * </ul>
 */
public final class Planner {
  private final ConnectorRegistry registry;
  private final ConnectorServices services;
  private final ExpressionContext expressions;
  private final SketchFactory sketches;
  private final ProcessFunctions processFunctions;
  private final AggregateCatalogue aggregates;

  /** Without sketches: approximate aggregates cannot be run. */
  public Planner(
      ConnectorRegistry registry, ConnectorServices services, ExpressionContext expressions) {
    this(registry, services, expressions, SketchFactory.NONE);
  }

  /**
   * A planner for topologies that name these connectors.
   *
   * @param expressions the functions and conventions that expressions are compiled with
   * @param sketches makes the sketches of approximate aggregates
   */
  public Planner(
      ConnectorRegistry registry,
      ConnectorServices services,
      ExpressionContext expressions,
      SketchFactory sketches) {
    this(
        registry, services, expressions, sketches, AggregateCatalogue.EMPTY, ProcessFunctions.NONE);
  }

  /**
   * A planner for topologies that name these connectors and functions.
   *
   * @param expressions the functions and conventions that expressions are compiled with
   * @param sketches makes the sketches of approximate aggregates
   * @param aggregates the application's own aggregate functions
   * @param processFunctions by the names that portable topologies use
   */
  public Planner(
      ConnectorRegistry registry,
      ConnectorServices services,
      ExpressionContext expressions,
      SketchFactory sketches,
      AggregateCatalogue aggregates,
      ProcessFunctions processFunctions) {
    this.aggregates = aggregates;
    this.sketches = sketches;
    this.processFunctions = processFunctions;
    this.registry = registry;
    this.services = services;
    this.expressions = expressions;
  }

  /**
   * The plan of a topology.
   *
   * @throws FluxCoreException of category USER with everything that is wrong
   */
  public ExecutionPlan plan(StreamTopology declared, JobConfig job) {
    return planned(declared, job).plan();
  }

  /**
   * The plan of a topology, with what it was made from.
   *
   * @throws FluxCoreException of category USER with everything that is wrong
   */
  public PlannedTopology planned(StreamTopology declared, JobConfig job) {
    StreamTopology topology = declared.resolve(aggregates);
    Connections connections = new Connections(registry, services, topology);
    TopologyAnalysis analysis =
        TopologyAnalysis.of(topology, connections.sourceRows(), expressions);
    List<Diagnostic> errors = new ArrayList<>(analysis.findings());
    errors.addAll(connections.findings());
    new PromiseCheck(analysis, connections, errors).run();
    new DeliveryCheck(analysis, connections, job, errors).run();
    new RetryCheck(analysis, job, errors).run();
    checkFunctions(analysis, errors);
    throwIfAny(errors);
    PlanBuilder builder =
        new PlanBuilder(analysis, connections, job, expressions, sketches, processFunctions);
    ExecutionPlan plan = builder.build();
    throwIfAny(connections.findings());
    return new PlannedTopology(analysis, plan, connections.endingSources());
  }

  /** Everything that is wrong with a topology, and worth a warning; empty when nothing is. */
  public List<Diagnostic> validate(StreamTopology declared, JobConfig job) {
    StreamTopology topology = declared.resolve(aggregates);
    Connections connections = new Connections(registry, services, topology);
    TopologyAnalysis analysis =
        TopologyAnalysis.of(topology, connections.sourceRows(), expressions);
    List<Diagnostic> findings = new ArrayList<>(analysis.findings());
    findings.addAll(connections.findings());
    new PromiseCheck(analysis, connections, findings).run();
    new DeliveryCheck(analysis, connections, job, findings).run();
    new RetryCheck(analysis, job, findings).run();
    checkFunctions(analysis, findings);
    if (findings.stream().noneMatch(Diagnostic::isError)) {
      int known = connections.findings().size();
      new PlanBuilder(analysis, connections, job, expressions, sketches, processFunctions).build();
      findings.addAll(connections.findings().subList(known, connections.findings().size()));
    }
    return List.copyOf(findings);
  }

  /** Whether the process functions that are named are there, with states that can be. */
  private void checkFunctions(TopologyAnalysis analysis, List<Diagnostic> findings) {
    for (TopologyNode node : analysis.order()) {
      if (!(node.config() instanceof TransformConfig.ProcessCode process)
          || process.functionName() == null) {
        continue;
      }
      String name = process.functionName();
      KeyedProcessFunction function = processFunctions.find(name);
      Place place = Place.of("node '" + node.name() + "'.function");
      if (function == null) {
        findings.add(
            Diagnostic.error(
                "FLX-TOPO-0048",
                place,
                "there is no process function '" + name + "'",
                processFunctions.names().isEmpty()
                    ? "none is registered here: declare a bean of that name, or use code"
                    : NearestName.remedy(name, processFunctions.names(), "registered are")));
        continue;
      }
      List<StateDescriptor<?>> states = new ArrayList<>(function.states());
      states.addAll(process.states());
      for (String problem : KeyedProcess.problems(states)) {
        findings.add(
            Diagnostic.error("FLX-TOPO-0047", place, problem, "give each state a name of its own"));
      }
    }
  }

  private static void throwIfAny(List<Diagnostic> findings) {
    List<Diagnostic> errors = findings.stream().filter(Diagnostic::isError).toList();
    if (!errors.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, errors, null);
    }
  }
}
