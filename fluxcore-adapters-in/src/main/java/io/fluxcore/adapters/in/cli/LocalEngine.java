package io.fluxcore.adapters.in.cli;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** An engine in this process. Closing it gives back files and threads. */
public interface LocalEngine extends AutoCloseable {
  /** The connectors that jobs may name. */
  ConnectorRegistry connectors();

  FluxCoreService service();

  /** Reads SQL. */
  SqlFrontEnd sql();

  /** Everything that is wrong with a topology or worth a warning, as far as it tells by itself. */
  List<Diagnostic> check(StreamTopology topology);

  /** Letters of the jobs of this engine. */
  DeadLetters deadLetters();

  @Override
  void close();

  /** Makes engines. */
  @FunctionalInterface
  interface Factory {
    /**
     * An engine.
     *
     * @param rows where sinks that write to the console write to
     * @param deadLetters names the file for dead letters, when there is one
     */
    LocalEngine open(OutputStream rows, Supplier<Path> deadLetters);
  }
}
