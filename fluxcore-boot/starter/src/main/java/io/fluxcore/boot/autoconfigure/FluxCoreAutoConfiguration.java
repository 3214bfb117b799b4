package io.fluxcore.boot.autoconfigure;

import io.fluxcore.adapters.in.http.HttpSourceConnector;
import io.fluxcore.adapters.in.jobfile.JobFileReader;
import io.fluxcore.adapters.in.jobfile.JobFileText;
import io.fluxcore.adapters.out.deadletter.FileDeadLetters;
import io.fluxcore.adapters.out.redisstate.RedisStateBackends;
import io.fluxcore.adapters.out.rocksdb.RocksDbSettings;
import io.fluxcore.adapters.out.rocksdb.RocksDbStateBackends;
import io.fluxcore.application.AlertListener;
import io.fluxcore.application.DeadLetterDesk;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobRecovery;
import io.fluxcore.application.RuleDesk;
import io.fluxcore.application.SavepointDesk;
import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.InMemoryCheckpointRegistry;
import io.fluxcore.application.connector.ConnectorDefaults;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.control.JobControl;
import io.fluxcore.application.control.JobRules;
import io.fluxcore.application.control.JobServices;
import io.fluxcore.application.control.LetterDesk;
import io.fluxcore.application.control.SnapshotDesk;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.JobText;
import io.fluxcore.application.operation.InMemoryOperationStore;
import io.fluxcore.application.operation.OperationStore;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.publish.PublishStreams;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.view.MaterializedViews;
import io.fluxcore.boot.ConnectorSettings;
import io.fluxcore.boot.FluxCore;
import io.fluxcore.boot.FluxCoreJob;
import io.fluxcore.boot.LocalState;
import io.fluxcore.boot.autoconfigure.FluxCoreProperties.ShutdownMode;
import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.aggregate.JavaAggregate;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.code.UserAggregate;
import io.fluxcore.domain.code.UserFunction;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.FunctionCatalogue;
import io.fluxcore.domain.expression.JavaFunction;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.expression.ScalarFunction;
import io.fluxcore.domain.process.KeyedProcessFunction;
import io.fluxcore.domain.process.ProcessFunctions;
import io.fluxcore.domain.state.StateBackendFactory;
import io.fluxcore.infrastructure.embedded.EmbeddedRuntime;
import io.fluxcore.infrastructure.embedded.EmbeddedSettings;
import io.fluxcore.infrastructure.outside.MachineOutside;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sketch.BoundedSketches;
import io.fluxcore.infrastructure.sql.CalciteFrontEnd;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.util.unit.DataSize;

/**
 * FluxCore inside an application: a {@link FluxCoreService} with the embedded runtime, and the
 * parts that it is made of. An application replaces a part by a bean of the same type, and adds to
 * some of them by beans of its own: {@link SourceConnector}, {@link SinkConnector}, {@link
 * ScalarFunction}, {@link AggregateFunction}, {@link UserFunction}, {@link UserAggregate} and
 * {@link StateBackendFactory} (these by the name of the bean) and {@link FluxCoreJob}.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "fluxcore.enabled", matchIfMissing = true)
@EnableConfigurationProperties(FluxCoreProperties.class)
public final class FluxCoreAutoConfiguration {
  /** So that one may come late, or fail, before the lease is lost. */
  private static final int RENEWALS_IN_A_LEASE = 4;

  private final FluxCoreProperties properties;

  FluxCoreAutoConfiguration(FluxCoreProperties properties) {
    this.properties = properties;
  }

  @Bean
  @ConditionalOnMissingBean
  RegexCompiler fluxCoreRegexCompiler() {
    return new LinearRegexCompiler();
  }

  @Bean
  @ConditionalOnMissingBean
  ExpressionContext fluxCoreExpressionContext(
      RegexCompiler regex,
      ObjectProvider<ScalarFunction> functions,
      Map<String, UserFunction> userFunctions) {
    List<ScalarFunction> all = new ArrayList<>(functions.orderedStream().toList());
    userFunctions.forEach((name, function) -> all.add(JavaFunction.of(name, function)));
    FunctionCatalogue catalogue =
        FunctionCatalogue.standard().with(all.toArray(ScalarFunction[]::new));
    return new ExpressionContext(catalogue, regex, properties.zone(), new MachineOutside());
  }

  @Bean
  @ConditionalOnMissingBean
  ConnectorServices fluxCoreConnectorServices(RegexCompiler regex) {
    return new ConnectorServices(regex);
  }

  @Bean
  @ConditionalOnMissingBean
  ConnectorRegistry fluxCoreConnectorRegistry(
      FluxCoreProperties properties,
      ApplicationContext context,
      ObjectProvider<SourceConnector> sources,
      ObjectProvider<SinkConnector> sinks,
      ObjectProvider<LookupConnector> lookups,
      ObjectProvider<ConnectorDefaults> connections,
      MaterializedViews views) {
    ClassLoader loader = context.getClassLoader();
    ConnectorRegistry connectors =
        ConnectorBeans.join(
            ConnectorRegistry.load(loader == null ? FluxCore.class.getClassLoader() : loader),
            sources.orderedStream().toList(),
            sinks.orderedStream().toList(),
            lookups.orderedStream().toList());
    ConnectorDefaults settings = ConnectorSettings.of(properties.connectors(), connectors);
    return views.in(
        connectors.withDefaults(
            connections.orderedStream().reduce(settings, ConnectorDefaults::orElse)));
  }

  /** Those that the jobs of this process keep. */
  @Bean
  @ConditionalOnMissingBean
  MaterializedViews fluxCoreMaterializedViews() {
    return new MaterializedViews();
  }

  /** Reads SQL where Calcite is there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.apache.calcite.rel.RelNode")
  static class SqlConfiguration {
    @Bean
    @ConditionalOnMissingBean
    SqlFrontEnd fluxCoreSql(ExpressionContext expressions) {
      return new CalciteFrontEnd(expressions);
    }
  }

  /** Made when somebody asks for it: most applications publish nothing. */
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  PublishStreams fluxCorePublishStreams(ConnectorRegistry connectors) {
    if (connectors.source("http") instanceof HttpSourceConnector http) {
      return http.streams();
    }
    throw FluxCoreException.user(
        "FLX-BOOT-0004",
        Place.of("connector 'http'"),
        "the application has a connector of its own in this place, whose streams nobody knows",
        "add a bean of type " + PublishStreams.class.getName());
  }

  @Bean
  @ConditionalOnMissingBean
  DeadLetters fluxCoreDeadLetters() {
    Path file = properties.deadLetters().file();
    return file == null
        ? new InMemoryDeadLetters(properties.deadLetters().kept())
        : new FileDeadLetters(() -> file);
  }

  @Bean
  @ConditionalOnMissingBean
  JobStore fluxCoreJobStore() {
    return new InMemoryJobStore();
  }

  @Bean
  @ConditionalOnMissingBean
  JobRuntime fluxCoreRuntime(
      DeadLetters deadLetters, Map<String, StateBackendFactory> stateBackends) {
    FluxCoreProperties.Embedded embedded = properties.embedded();
    return new EmbeddedRuntime(
        deadLetters,
        LocalState.backends(stateBackends, properties.state().backend()),
        new EmbeddedSettings(embedded.channelSize().toBytes(), embedded.discoveryInterval()),
        InstantSource.system());
  }

  /** State in RocksDB, where its library is there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.rocksdb.RocksDB")
  static class RocksDbConfiguration {
    @Bean(RocksDbStateBackends.NAME)
    @ConditionalOnMissingBean(name = RocksDbStateBackends.NAME)
    RocksDbStateBackends fluxCoreRocksDb(FluxCoreProperties properties) {
      FluxCoreProperties.RocksDb settings = properties.state().rocksdb();
      Path directory = settings.directory();
      DataSize cache = settings.cache();
      return new RocksDbStateBackends(
          new RocksDbSettings(
              directory == null ? LocalState.temporaryDirectory() : directory,
              settings.memory().toBytes(),
              cache == null
                  ? RocksDbSettings.defaultCacheBytes(Runtime.getRuntime().maxMemory())
                  : cache.toBytes()));
    }
  }

  /** State in Redis, where its library is there. Connects when the first job asks for it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "io.lettuce.core.RedisClient")
  static class RedisStateConfiguration {
    @Bean(RedisStateBackends.NAME)
    @ConditionalOnMissingBean(name = RedisStateBackends.NAME)
    RedisStateBackends fluxCoreRedisState(FluxCoreProperties properties) {
      return new RedisStateBackends(properties.state().redis().settings());
    }
  }

  @Bean
  @ConditionalOnMissingBean
  SketchFactory fluxCoreSketches() {
    return new BoundedSketches();
  }

  @Bean
  @ConditionalOnMissingBean
  AggregateCatalogue fluxCoreAggregates(
      ObjectProvider<AggregateFunction<?>> functions,
      Map<String, UserAggregate<?, ?>> userAggregates) {
    List<AggregateFunction<?>> all = new ArrayList<>(functions.orderedStream().toList());
    userAggregates.forEach((name, aggregate) -> all.add(JavaAggregate.of(name, aggregate)));
    return AggregateCatalogue.EMPTY.with(all);
  }

  @Bean
  @ConditionalOnMissingBean
  Planner fluxCorePlanner(
      ConnectorRegistry connectors,
      ConnectorServices services,
      ExpressionContext expressions,
      SketchFactory sketches,
      AggregateCatalogue aggregates,
      Map<String, KeyedProcessFunction> processFunctions) {
    return new Planner(
        connectors,
        services,
        expressions,
        sketches,
        aggregates,
        ProcessFunctions.of(processFunctions));
  }

  @Bean
  @ConditionalOnMissingBean
  CheckpointStore fluxCoreCheckpointStore(ApplicationContext context) {
    return CheckpointStores.of(properties, context.getClassLoader());
  }

  @Bean
  @ConditionalOnMissingBean
  CheckpointRegistry fluxCoreCheckpointRegistry() {
    return new InMemoryCheckpointRegistry();
  }

  @Bean
  @ConditionalOnMissingBean
  CheckpointStorage fluxCoreCheckpointStorage(CheckpointStore store, CheckpointRegistry registry) {
    return new CheckpointStorage(store, registry, InstantSource.system());
  }

  @Bean
  @ConditionalOnMissingBean
  JobText fluxCoreJobText(ConnectorRegistry connectors, MaterializedViews views) {
    return new JobFileText(new JobFileReader(views.listedIn(connectors)));
  }

  @Bean
  @ConditionalOnMissingBean
  OperationStore fluxCoreOperationStore() {
    return new InMemoryOperationStore();
  }

  @Bean
  @ConditionalOnMissingBean
  Operations fluxCoreOperations(OperationStore store) {
    return new Operations(store, InstantSource.system(), FluxCore::newOperationId);
  }

  /** A service and what looks after its jobs, in one. */
  @Bean
  @ConditionalOnMissingBean(FluxCoreService.class)
  JobControl fluxCoreService(
      Planner planner,
      JobRuntime runtime,
      JobStore store,
      JobText text,
      CheckpointStorage checkpoints,
      Operations operations,
      ObjectProvider<SqlFrontEnd> sql,
      MaterializedViews views,
      ObjectProvider<ServerName> server,
      ObjectProvider<AlertListener> alerts) {
    JobControl control =
        new JobControl(
            new JobServices(
                    planner,
                    runtime,
                    store,
                    text,
                    checkpoints,
                    operations,
                    InstantSource.system(),
                    System::nanoTime,
                    FluxCore::newJobId,
                    server.getIfAvailable(() -> ServerName.of(null)).life(),
                    properties.store().lease())
                .withTimeTravel(properties.timeTravel().settings())
                .withSql(sql.getIfAvailable(() -> SqlFrontEnd.NONE), views));
    alerts.orderedStream().forEach(control::addAlertListener);
    return control;
  }

  /** Letters are replayed to the jobs of this process; there are none where another runs them. */
  @Bean
  @ConditionalOnMissingBean
  DeadLetterDesk fluxCoreDeadLetterDesk(DeadLetters letters, FluxCoreService service) {
    return service instanceof JobControl jobs
        ? new LetterDesk(letters, jobs, InstantSource.system())
        : new LetterDesk(letters, letter -> Optional.empty(), InstantSource.system());
  }

  /** Savepoints are made of the jobs of this process; there is no desk where another runs them. */
  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(JobControl.class)
  SavepointDesk fluxCoreSavepointDesk(CheckpointStorage checkpoints, JobControl jobs) {
    return new SnapshotDesk(checkpoints, jobs, FluxCore::newSavepointId);
  }

  /** Rules are those of the jobs of this process; there is no desk where another runs them. */
  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(JobControl.class)
  RuleDesk fluxCoreRuleDesk(JobControl jobs) {
    return new JobRules(jobs);
  }

  @Bean
  @ConditionalOnMissingBean
  JobFileReader fluxCoreJobFileReader(ConnectorRegistry connectors) {
    return new JobFileReader(connectors);
  }

  @Bean
  @ConditionalOnMissingBean
  JobLifecycle fluxCoreJobLifecycle(
      FluxCoreService service,
      ObjectProvider<JobRecovery> recovery,
      JobFileReader reader,
      ObjectProvider<FluxCoreJob> jobs,
      ApplicationContext context) {
    DeclaredJobs declared =
        new DeclaredJobs(() -> jobs.orderedStream().toList(), properties.jobs(), reader, context);
    FluxCoreProperties.Shutdown shutdown = properties.shutdown();
    ShutdownMode usual = properties.store().isDurable() ? ShutdownMode.KEEP : ShutdownMode.STOP;
    return new JobLifecycle(
        service,
        recovery.getIfAvailable(NoRecovery::new),
        declared,
        shutdown,
        Objects.requireNonNullElse(shutdown.mode(), usual),
        properties.store().lease().dividedBy(RENEWALS_IN_A_LEASE));
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(JobRecovery.class)
  RecoveryRunner fluxCoreRecoveryRunner(JobRecovery recovery) {
    return new RecoveryRunner(recovery);
  }
}
