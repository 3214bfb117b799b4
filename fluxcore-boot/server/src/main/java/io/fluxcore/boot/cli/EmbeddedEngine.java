package io.fluxcore.boot.cli;

import io.fluxcore.adapters.in.cli.LocalEngine;
import io.fluxcore.adapters.out.console.ConsoleSinkConnector;
import io.fluxcore.adapters.out.deadletter.FileDeadLetters;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.boot.FluxCore;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** The engine inside this process: every connector on the class path and the embedded runtime. */
final class EmbeddedEngine implements LocalEngine {
  private final ExpressionContext expressions = FluxCore.expressions();
  private final FileDeadLetters deadLetters;
  private final FluxCore fluxCore;

  EmbeddedEngine(OutputStream rows, Supplier<Path> deadLetterFile) {
    deadLetters = new FileDeadLetters(deadLetterFile);
    fluxCore = FluxCore.embedded(connectors(rows), deadLetters, expressions);
  }

  /** As on the class path, except that the console is the given stream. */
  private static ConnectorRegistry connectors(OutputStream rows) {
    List<SourceConnector> sources = new ArrayList<>();
    ServiceLoader.load(SourceConnector.class).forEach(sources::add);
    List<SinkConnector> sinks = new ArrayList<>();
    for (SinkConnector sink : ServiceLoader.load(SinkConnector.class)) {
      sinks.add(sink instanceof ConsoleSinkConnector ? new ConsoleSinkConnector(rows) : sink);
    }
    List<LookupConnector> lookups = new ArrayList<>();
    ServiceLoader.load(LookupConnector.class).forEach(lookups::add);
    return ConnectorRegistry.of(sources, sinks, lookups);
  }

  @Override
  public ConnectorRegistry connectors() {
    return fluxCore.connectors();
  }

  @Override
  public FluxCoreService service() {
    return fluxCore.service();
  }

  @Override
  public SqlFrontEnd sql() {
    return fluxCore.sql();
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
