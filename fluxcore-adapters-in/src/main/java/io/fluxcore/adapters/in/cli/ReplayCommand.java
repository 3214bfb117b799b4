package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code fluxcore job replay}: a job, from a point of its past. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Replays a job from a savepoint, a time or offsets.",
      "A new job does it, beside the one that runs; its results are read with 'stream tail', and go"
          + " to no sink unless that is asked for."
    },
    footer = {
      "%nExamples:",
      "  fluxcore job replay orders --from-savepoint sp-1b9f04c2 --wait",
      "  fluxcore job replay orders --from-timestamp 2026-03-01T00:00:00Z --name march"
    })
final class ReplayCommand implements Callable<Integer> {
  private final Workbench bench;

  @Parameters(paramLabel = "JOB", description = "Id or name.")
  private String job = "";

  @ArgGroup(multiplicity = "1")
  private Start start = new Start();

  /** From where; one of these. */
  static final class Start {
    @Option(
        names = "--from-savepoint",
        paramLabel = "ID",
        description = "With the state of a savepoint, from where its sources were.")
    private @Nullable String savepoint;

    @Option(
        names = "--from-timestamp",
        paramLabel = "TIME",
        description = "From the first events of this time or later, with empty state.")
    private @Nullable Instant timestamp;

    @Option(
        names = "--from-offset",
        paramLabel = "SPLIT=POSITION",
        description =
            "From a position of a split, as 'savepoint describe' shows it, with empty state. May be"
                + " repeated; other splits are read from where the source starts.")
    private @Nullable List<String> offsets;
  }

  @Option(
      names = "--with-state",
      description =
          "From a time: with the state of the nearest checkpoint or savepoint before it, from where"
              + " that was.")
  private boolean withState;

  @Option(
      names = "--source",
      paramLabel = "NODE",
      description = "Whose splits the offsets are of, where the job has several sources.")
  private @Nullable String source;

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the new job.")
  private @Nullable String name;

  @Option(
      names = "--declared-sinks",
      description = "Results go where the job's own go: they are written a second time.")
  private boolean declaredSinks;

  @Option(
      names = "--in-place",
      description =
          "The job itself goes back: it is stopped with its state and goes on from there, into its"
              + " sinks.")
  private boolean inPlace;

  @Mixin private OperationWait waiting = new OperationWait();
  @Mixin private ServerArguments at = new ServerArguments();

  ReplayCommand(Workbench bench) {
    this.bench = bench;
  }

  @Override
  public Integer call() throws InterruptedException {
    Server server = at.server();
    JsonNode begun = server.post("/jobs/" + Server.encode(job) + "/replay", request());
    return waiting.finish(server, begun, bench, at.output());
  }

  private ObjectNode request() {
    ObjectNode request = Server.JSON.createObjectNode();
    ObjectNode from = request.putObject("from");
    if (start.savepoint != null) {
      from.put("savepoint", start.savepoint);
    } else if (start.timestamp != null) {
      from.put("timestamp", start.timestamp.toString());
    } else if (start.offsets != null) {
      ArrayNode all = from.putArray("offsets");
      start.offsets.forEach(offset -> put(all.addObject(), offset));
    }
    if (withState) {
      from.put("withState", true);
    }
    if (name != null) {
      request.put("name", name);
    }
    return request.put("sinks", declaredSinks ? "DECLARED" : "DISCARD").put("inPlace", inPlace);
  }

  private void put(ObjectNode offset, String text) {
    int equals = text.lastIndexOf('=');
    if (equals < 1) {
      throw FluxCoreException.user(
          "FLX-CLI-0012",
          Place.of("--from-offset"),
          "'" + text + "' is no split with a position",
          "write SPLIT=POSITION, as 'fluxcore savepoint describe' shows them");
    }
    offset.put("split", text.substring(0, equals)).put("position", text.substring(equals + 1));
    if (source != null) {
      offset.put("source", source);
    }
  }
}
