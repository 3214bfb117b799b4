package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.FluxCoreException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fluxcore server start}: a server until a signal ends it. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts a server in the foreground. Ctrl-C or a kill ends it in order: jobs are stopped, and"
          + " what they have read is processed. A second one ends it at once.",
      "%nNobody is asked who he is, so the server listens to this machine alone unless --insecure"
          + " says that others may reach it."
    },
    footer = {
      "%nExamples:",
      "  fluxcore server start --demo",
      "  fluxcore server start --port 9000 --data /var/lib/fluxcore"
    })
final class ServerStartCommand implements Callable<Integer> {
  private final Workbench bench;
  private final Interrupts interrupts;
  private final LocalServer.Factory servers;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:FLUXCORE_PORT}",
      description = "Port to listen at, 0 for any that is free. FLUXCORE_PORT, or 8686.")
  private @Nullable Integer port;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      defaultValue = "${env:FLUXCORE_ADDRESS}",
      description = "Address to listen at. FLUXCORE_ADDRESS, or 127.0.0.1: this machine alone.")
  private @Nullable String address;

  @Option(
      names = "--insecure",
      description = "Listen also where other machines can reach it: they may do what they like.")
  private boolean insecure;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:FLUXCORE_DATA:-${sys:user.home}/.fluxcore}",
      description =
          "Directory of the server: logs, and fluxcore-server.yaml if there is one. FLUXCORE_DATA,"
              + " or ~/.fluxcore.")
  private Path data = Path.of("");

  @Option(
      names = "--demo",
      description = "Run two jobs to look at: this machine's load, and this server's requests.")
  private boolean demo;

  ServerStartCommand(Workbench bench, Interrupts interrupts, LocalServer.Factory servers) {
    this.bench = bench;
    this.interrupts = interrupts;
    this.servers = servers;
  }

  @Override
  public Integer call() {
    LocalServer server;
    try {
      server = servers.start(new LocalServer.Settings(port, address, insecure, data, demo));
    } catch (FluxCoreException e) {
      bench.messages().error("the server cannot start", "", e);
      return ExitCode.of(e.category());
    }
    CompletableFuture<Integer> end = new CompletableFuture<>();
    AtomicInteger signals = new AtomicInteger();
    interrupts.handle(
        signal -> {
          if (signals.incrementAndGet() == 1) {
            Thread closer = new Thread(() -> close(server, end), "fluxcore: stop");
            closer.start();
          } else {
            end.complete(ExitCode.SIGNALLED + signal);
          }
        });
    greet(server);
    return end.join();
  }

  private void greet(LocalServer server) {
    if (server.isOpen()) {
      bench
          .messages()
          .line(
              "warning: other machines can reach this server, and nobody is asked who he is:"
                  + " whoever reaches it may run jobs");
    }
    bench
        .terminal()
        .print(
            "FluxCore listens at "
                + server.url()
                + "\n  curl "
                + server.url()
                + "/api/v1/jobs\nIts data is in "
                + data
                + ". Ctrl-C stops it.\n"
                + (demo ? tour(server.url()) : ""));
  }

  /** What there is to be seen. */
  private static String tour(URI url) {
    return """

        Two jobs run. Open %1$s in a browser:
          demo-host        averages and maxima of this machine's load over the last 30 s, every 5 s;
                           its second sink gets those of a CPU that is more than 80 %% busy.
                           Compare it with top, or make it busy: timeout 60 sha256sum /dev/zero
          demo-access-log  requests, errors and the ten most asked-for paths of this server in the
                           last minute, from its own access log. Give it something to count:
                           for i in $(seq 100); do curl -s -o /dev/null %1$s/hello; done
        Their results without a browser:
          curl '%1$s/api/v1/jobs/demo-access-log/results?node=per-minute&limit=1'
        """
        .formatted(url);
  }

  private void close(LocalServer server, CompletableFuture<Integer> end) {
    bench.messages().line("Stopping ... (once more to end at once)");
    try {
      server.close();
      end.complete(ExitCode.OK);
    } catch (RuntimeException e) {
      end.complete(bench.failed(e));
    }
  }
}
