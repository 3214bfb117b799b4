package io.fluxcore.boot;

import io.fluxcore.adapters.in.http.HttpSourceConnector;
import io.fluxcore.application.DeadLetterDesk;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.RuleDesk;
import io.fluxcore.application.SavepointDesk;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.control.JobControl;
import io.fluxcore.application.control.JobRules;
import io.fluxcore.application.control.JobServices;
import io.fluxcore.application.control.LetterDesk;
import io.fluxcore.application.control.SnapshotDesk;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.publish.PublishStreams;
import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.view.MaterializedViews;
import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.process.ProcessFunctions;
import io.fluxcore.infrastructure.embedded.EmbeddedRuntime;
import io.fluxcore.infrastructure.embedded.EmbeddedSettings;
import io.fluxcore.infrastructure.outside.MachineOutside;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sketch.BoundedSketches;
import io.fluxcore.infrastructure.sql.CalciteFrontEnd;
import io.fluxcore.infrastructure.sql.plan.QueryContext;
import java.time.InstantSource;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * FluxCore in this process: the embedded runtime, the connectors on the class path, and jobs kept
 * in memory. For programs without Spring; thread-safe.
 *
 * <pre>{@code
 * FluxCore fluxCore = FluxCore.embedded();
 * JobId id = fluxCore.service().submitJob(topology, config);
 * }</pre>
 *
 * <p>Where state lives is what the system properties {@code fluxcore.state.backend}, {@code
 * fluxcore.state.rocksdb.*} and {@code fluxcore.state.redis.*} say, which are named like those of
 * applications.
 */
public final class FluxCore {
  /** Dead letters that are kept in memory; older ones are counted and forgotten. */
  private static final int KEPT_DEAD_LETTERS = 10_000;

  private final Planner planner;
  private final FluxCoreService service;
  private final DeadLetterDesk deadLetters;
  private final SavepointDesk savepoints;
  private final RuleDesk rules;
  private final ConnectorRegistry connectors;
  private final SqlFrontEnd sql;

  private FluxCore(
      ConnectorRegistry connectors,
      DeadLetters deadLetters,
      ExpressionContext expressions,
      AggregateCatalogue aggregates,
      ProcessFunctions processFunctions) {
    MaterializedViews views = new MaterializedViews();
    this.connectors =
        views.in(connectors.withDefaults(ConnectorSettings.ofSystemProperties(connectors)));
    this.planner =
        new Planner(
            this.connectors,
            new ConnectorServices(expressions.regex()),
            expressions,
            new BoundedSketches(),
            aggregates,
            processFunctions);
    CheckpointStorage checkpoints = CheckpointStorage.inMemory(InstantSource.system());
    this.sql =
        new CalciteFrontEnd(
            new QueryContext(
                expressions,
                aggregates,
                connectors.lookups().stream()
                    .map(ConnectorDescriptor::name)
                    .collect(Collectors.toSet())));
    JobControl control =
        new JobControl(
            JobServices.inMemory(
                    planner,
                    new EmbeddedRuntime(
                        deadLetters,
                        LocalState.ofSystemProperties(),
                        EmbeddedSettings.DEFAULT,
                        InstantSource.system()),
                    new InMemoryJobStore(),
                    checkpoints,
                    InstantSource.system(),
                    FluxCore::newJobId)
                .withSql(sql, views));
    this.service = control;
    this.deadLetters = new LetterDesk(deadLetters, control, InstantSource.system());
    this.savepoints = new SnapshotDesk(checkpoints, control, FluxCore::newSavepointId);
    this.rules = new JobRules(control);
  }

  /** The connectors on the class path, the standard functions, dead letters in memory. */
  public static FluxCore embedded() {
    return embedded(
        ConnectorRegistry.load(FluxCore.class.getClassLoader()),
        new InMemoryDeadLetters(KEPT_DEAD_LETTERS),
        expressions());
  }

  /**
   * With connectors, a keeper of dead letters and functions of one's own.
   *
   * @param expressions what expressions may call; {@link #expressions()} is the start
   */
  public static FluxCore embedded(
      ConnectorRegistry connectors, DeadLetters deadLetters, ExpressionContext expressions) {
    return embedded(
        connectors, deadLetters, expressions, AggregateCatalogue.EMPTY, ProcessFunctions.NONE);
  }

  /**
   * With connectors, a keeper of dead letters and functions of one's own.
   *
   * @param expressions what expressions may call; {@link #expressions()} is the start
   * @param aggregates by the names that portable topologies use
   * @param processFunctions by the names that portable topologies use
   */
  public static FluxCore embedded(
      ConnectorRegistry connectors,
      DeadLetters deadLetters,
      ExpressionContext expressions,
      AggregateCatalogue aggregates,
      ProcessFunctions processFunctions) {
    return new FluxCore(connectors, deadLetters, expressions, aggregates, processFunctions);
  }

  /** The standard functions, regular expressions that match in linear time, and the clock. */
  public static ExpressionContext expressions() {
    return ExpressionContext.of(new LinearRegexCompiler()).withOutside(new MachineOutside());
  }

  /** A new id, different from all others. */
  public static JobId newJobId() {
    UUID id = UUID.randomUUID();
    return JobId.of(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** A new id of an operation, different from all others. */
  public static OperationId newOperationId() {
    return new OperationId("op_" + UUID.randomUUID().toString().replace("-", ""));
  }

  /** A new id of a savepoint, different from all others. */
  public static SavepointId newSavepointId() {
    return new SavepointId("sp-" + UUID.randomUUID().toString().replace("-", ""));
  }

  /** Reads SQL, with the functions of this engine. */
  public SqlFrontEnd sql() {
    return sql;
  }

  /** The front door: submit, list, stop jobs. */
  public FluxCoreService service() {
    return service;
  }

  /** What could not be processed: list, mend, replay, discard. */
  public DeadLetterDesk deadLetters() {
    return deadLetters;
  }

  /** Savepoints: make, restore, export and import them. They are kept in memory. */
  public SavepointDesk savepoints() {
    return savepoints;
  }

  /** Rules of patterns: add, change and remove those of running jobs. */
  public RuleDesk rules() {
    return rules;
  }

  /** Checks and explains topologies without running them. */
  public Planner planner() {
    return planner;
  }

  /**
   * The streams of the {@code http} sources that run here, for publishers.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if the connector is not there
   */
  public PublishStreams publishStreams() {
    return ((HttpSourceConnector) connectors.source("http")).streams();
  }

  /** The connectors that topologies may name. */
  public ConnectorRegistry connectors() {
    return connectors;
  }
}
