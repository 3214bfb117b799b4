package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.catalogue.ConnectionsView;
import io.fluxcore.adapters.in.catalogue.ConnectorView;
import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code fluxcore connector …}: what jobs can read and write, and whether it can be reached. */
@Command(
    name = "connector",
    mixinStandardHelpOptions = true,
    description = "Tells what jobs can read and write, and tries whether it can be reached.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "%nExamples:",
      "  fluxcore connector list",
      "  fluxcore connector describe file",
      "  fluxcore connector check job.yaml"
    })
final class ConnectorCommand {
  private final Workbench bench;

  ConnectorCommand(Workbench bench) {
    this.bench = bench;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the connectors.",
      footer = {"%nExamples:", "  fluxcore connector list", "  fluxcore connector list -o json"})
  int list(
      @Option(
              names = "--kind",
              paramLabel = "KIND",
              description = "source, sink or lookup: only these.")
          @Nullable String kind,
      @Mixin OutputArguments format) {
    if (kind != null && !ConnectorView.KINDS.contains(kind)) {
      throw FluxCoreException.user(
          "FLX-CLI-0014",
          Place.of("--kind"),
          "there is no kind '" + kind + "'",
          "write source, sink or lookup");
    }
    List<ConnectorView> items =
        all().stream().filter(item -> kind == null || item.kind().equals(kind)).toList();
    bench.printList(format.output(), json(items), ConnectorText.list(items));
    return ExitCode.OK;
  }

  @Command(
      name = "describe",
      mixinStandardHelpOptions = true,
      description = "Tells the options of a connector, their types, defaults and meaning.",
      footer = {
        "%nExamples:",
        "  fluxcore connector describe file",
        "  fluxcore connector describe file -o json | jq '.items[0].options[].name'"
      })
  int describe(
      @Parameters(paramLabel = "NAME", description = "Name of the connector.") String name,
      @Mixin OutputArguments format) {
    List<ConnectorView> all = all();
    List<ConnectorView> found = all.stream().filter(item -> item.name().equals(name)).toList();
    if (found.isEmpty()) {
      List<String> names = all.stream().map(ConnectorView::name).distinct().toList();
      throw FluxCoreException.user(
          "FLX-CONN-0001",
          Place.of("NAME"),
          "there is no connector '" + name + "'",
          NearestName.remedy(name, names, "known are"));
    }
    bench.printList(format.output(), json(found), ConnectorText.describe(found));
    return ExitCode.OK;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Reaches for everything that a job file reads and writes: addresses, passwords, topics, tables.",
        "Nothing is read or written. Exit code 1 if something cannot be reached."
      },
      footer = {
        "%nExamples:",
        "  fluxcore connector check examples/access-log.yaml",
        "  fluxcore connector check job.yaml --set brokers=localhost:9092 -o json"
      })
  int check(@Mixin JobFileArguments arguments, @Mixin OutputArguments format) {
    try (LocalEngine engine = bench.open()) {
      JobFile job = arguments.read(engine);
      ConnectionsView view;
      try {
        view =
            ConnectionsView.of(
                job, engine.service().checkConnections(job.topology(), job.config()));
      } catch (FluxCoreException e) {
        throw job.locate(e);
      }
      bench.print(format.output(), Server.JSON.valueToTree(view), ConnectorText.connections(view));
      return view.reachable() ? ExitCode.OK : ExitCode.FAILURE;
    } catch (FluxCoreException e) {
      return bench.refused(arguments.name(), e);
    }
  }

  private List<ConnectorView> all() {
    try (LocalEngine engine = bench.open()) {
      return ConnectorView.all(engine.connectors());
    }
  }

  private static ArrayNode json(List<ConnectorView> items) {
    ArrayNode array = Server.JSON.createArrayNode();
    items.forEach(item -> array.add(Server.JSON.<JsonNode>valueToTree(item)));
    return array;
  }
}
