package io.fluxcore.boot;

import io.fluxcore.adapters.in.cli.LocalEngine;
import io.fluxcore.adapters.out.console.ConsoleSinkConnector;
import io.fluxcore.adapters.out.deadletter.FileDeadLetters;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobControl;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.DeadLetters;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.infrastructure.embedded.EmbeddedRuntime;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.function.Supplier;

/** The engine inside this process: every connector on the class path and the embedded runtime. */
final class EmbeddedEngine implements LocalEngine {
  private final ConnectorRegistry connectors;
  private final ExpressionContext expressions;
  private final FileDeadLetters deadLetters;
  private final FluxCoreService service;

  EmbeddedEngine(OutputStream rows, Supplier<Path> deadLetterFile) {
    RegexCompiler regex = new LinearRegexCompiler();
    connectors = connectors(rows);
    expressions = ExpressionContext.of(regex);
    deadLetters = new FileDeadLetters(deadLetterFile);
    service =
        new JobControl(
            new Planner(connectors, new ConnectorServices(regex), expressions),
            new EmbeddedRuntime(deadLetters),
            new InMemoryJobStore(),
            InstantSource.system(),
            EmbeddedEngine::newId);
  }

  /** As on the class path, except that the console is the given stream. */
  private static ConnectorRegistry connectors(OutputStream rows) {
    List<SourceConnector> sources = new ArrayList<>();
    ServiceLoader.load(SourceConnector.class).forEach(sources::add);
    List<SinkConnector> sinks = new ArrayList<>();
    for (SinkConnector sink : ServiceLoader.load(SinkConnector.class)) {
      sinks.add(sink instanceof ConsoleSinkConnector ? new ConsoleSinkConnector(rows) : sink);
    }
    return ConnectorRegistry.of(sources, sinks);
  }

  private static JobId newId() {
    UUID random = UUID.randomUUID();
    return JobId.of(random.getMostSignificantBits(), random.getLeastSignificantBits());
  }

  @Override
  public ConnectorRegistry connectors() {
    return connectors;
  }

  @Override
  public FluxCoreService service() {
    return service;
  }

  @Override
  public List<Diagnostic> check(StreamTopology topology) {
    return topology.validate(expressions);
  }

  @Override
  public DeadLetters deadLetters() {
    return deadLetters;
  }

  @Override
  public void close() {
    deadLetters.close();
  }
}
