package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code fluxcore savepoint …}: the savepoints of a server. */
@Command(
    name = "savepoint",
    mixinStandardHelpOptions = true,
    description = "Makes savepoints of jobs, begins jobs with them, and brings them elsewhere.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "%nExamples:",
      "  fluxcore savepoint create orders --wait",
      "  fluxcore savepoint restore sp-1b9f04c2 --parallelism 4"
    })
final class SavepointCommand {
  private static final String PATH = "/savepoints";

  private final Workbench bench;

  SavepointCommand(Workbench bench) {
    this.bench = bench;
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Makes a savepoint of a running job.",
      footer = {
        "%nExamples:",
        "  fluxcore savepoint create orders --label 'before the move' --wait",
        "  fluxcore savepoint create orders --stop --wait --timeout 5m"
      })
  int create(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Option(names = "--label", paramLabel = "TEXT", description = "What it is to be called.")
          @Nullable String label,
      @Option(
              names = "--stop",
              description = "The job is over with it; it goes on if the savepoint fails.")
          boolean stop,
      @Mixin OperationWait waiting,
      @Mixin ServerArguments at)
      throws InterruptedException {
    ObjectNode wanted = Server.JSON.createObjectNode().put("stop", stop);
    if (label != null) {
      wanted.put("label", label);
    }
    Server server = at.server();
    JsonNode begun = server.post("/jobs/" + Server.encode(job) + PATH, wanted);
    return waiting.finish(server, begun, bench, at.output());
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists savepoints, the oldest first.",
      footer = {
        "%nExamples:",
        "  fluxcore savepoint list --job orders",
        "  fluxcore savepoint list -o json"
      })
  int list(
      @Option(names = "--job", paramLabel = "JOB", description = "Only those made of this job.")
          @Nullable String job,
      @Mixin ServerArguments at)
      throws InterruptedException {
    JsonNode answer = at.server().get((job == null ? "" : "/jobs/" + Server.encode(job)) + PATH);
    ArrayNode items = Server.JSON.createArrayNode().addAll(answer.path("items").values());
    bench.printList(at.output(), items, SavepointText.list(items));
    return ExitCode.OK;
  }

  @Command(
      name = "describe",
      mixinStandardHelpOptions = true,
      description = "Tells what a savepoint holds: operators, sizes, keys, positions of sources.",
      footer = {
        "%nExamples:",
        "  fluxcore savepoint describe sp-1b9f04c2",
        "  fluxcore savepoint describe sp-1b9f04c2 -o json | jq .operators"
      })
  int describe(
      @Parameters(paramLabel = "ID", description = "Id of the savepoint.") String id,
      @Mixin ServerArguments at)
      throws InterruptedException {
    JsonNode answer = at.server().get(path(id));
    bench.print(at.output(), answer, SavepointText.of(answer));
    return ExitCode.OK;
  }

  private static String path(String id) {
    return PATH + "/" + Server.encode(id);
  }

  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = {
        "Submits a job that begins with a savepoint.",
        "It has the topology of the savepoint's job, or that of a job file. Nothing is started"
            + " before it is known that the state fits."
      },
      footer = {
        "%nExamples:",
        "  fluxcore savepoint restore sp-1b9f04c2 --parallelism 4 --wait",
        "  fluxcore savepoint restore sp-1b9f04c2 --file orders-2.yaml --dry-run"
      })
  int restore(
      @Parameters(paramLabel = "ID", description = "Id of the savepoint.") String id,
      @Option(names = "--parallelism", paramLabel = "N", description = "Number of subtasks.")
          @Nullable Integer parallelism,
      @Option(names = "--file", paramLabel = "FILE", description = "The job file of the new job.")
          @Nullable Path file,
      @Mixin JobFileUpload upload,
      @Option(
              names = "--dry-run",
              description =
                  "Only says what would become of the state of each operator; exit code 5 if some"
                      + " does not fit.")
          boolean dryRun,
      @Mixin WaitArguments waiting,
      @Mixin ServerArguments at)
      throws InterruptedException {
    if (file != null && parallelism != null) {
      throw FluxCoreException.user(
          "FLX-CLI-0008",
          Place.of("--parallelism"),
          "a job file says its own parallelism",
          "give --parallelism or --file");
    }
    String path = path(id) + "/restore?dryRun=" + dryRun;
    Server server = at.server();
    JsonNode answer;
    try {
      answer =
          file == null
              ? server.post(path + upload.query(), settings(parallelism))
              : upload.post(server, path, file);
    } catch (ServerRefusal e) {
      bench.messages().error(e.title(), file == null ? "" : file.toString(), e);
      return e.exitCode();
    }
    if (dryRun) {
      bench.print(at.output(), answer, SavepointText.mapping(answer));
      return fits(answer) ? ExitCode.OK : ExitCode.CONFLICT;
    }
    JsonNode job = waiting.follow(server, answer);
    bench.print(at.output(), job, JobCommand.jobs(job));
    return waiting.exitCode(job, false);
  }

  private static ObjectNode settings(@Nullable Integer parallelism) {
    ObjectNode settings = Server.JSON.createObjectNode();
    return parallelism == null ? settings : settings.put("parallelism", parallelism);
  }

  private static boolean fits(JsonNode mapping) {
    return mapping
        .path("operators")
        .valueStream()
        .noneMatch(operator -> operator.path("fate").asString().equals("INCOMPATIBLE"));
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Deletes savepoints.",
      footer = {
        "%nExamples:",
        "  fluxcore savepoint delete sp-1b9f04c2",
        "  fluxcore savepoint delete sp-1b9f04c2 sp-77aa0e51 --yes"
      })
  int delete(
      @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of savepoints.")
          List<String> ids,
      @Option(names = "--yes", description = "Does not ask first.") boolean yes,
      @Mixin ServerArguments at)
      throws InterruptedException {
    if (!yes && !agreed(ids)) {
      bench.messages().line("nothing was deleted");
      return ExitCode.FAILURE;
    }
    Server server = at.server();
    for (String id : ids) {
      server.delete(path(id));
      bench
          .terminal()
          .print(
              at.output() == OutputFormat.TABLE
                  ? id + " deleted\n"
                  : Server.JSON.createObjectNode().put("deleted", id) + "\n");
    }
    return ExitCode.OK;
  }

  private boolean agreed(List<String> ids) {
    Boolean answer = bench.terminal().ask("Delete " + String.join(", ", ids) + "?");
    if (answer == null) {
      throw FluxCoreException.user(
          "FLX-CLI-0009",
          Place.of("--yes"),
          "savepoints are deleted for good, and there is nobody to be asked",
          "say --yes");
    }
    return answer;
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Writes a savepoint to one file, which 'import' takes in here or elsewhere.",
      footer = {
        "%nExamples:",
        "  fluxcore savepoint export sp-1b9f04c2 orders.savepoint",
        "  fluxcore savepoint export sp-1b9f04c2 /backup/orders.savepoint --server http://a:8686"
      })
  int export(
      @Parameters(paramLabel = "ID", description = "Id of the savepoint.") String id,
      @Parameters(paramLabel = "FILE", description = "Where to; a file there is replaced.")
          Path file,
      @Mixin ServerArguments at)
      throws InterruptedException {
    long bytes;
    try (InputStream answer = at.server().download(path(id) + "/export")) {
      bytes = write(answer, file);
    } catch (IOException e) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  "FLX-CLI-0010",
                  Place.WHOLE,
                  "savepoint " + id + " was not written to " + file + ": " + e,
                  "look after the disk and the server, and export it again")),
          e);
    }
    bench
        .terminal()
        .print(
            at.output() == OutputFormat.TABLE
                ? id + " written to " + file + ", " + bytes + " bytes\n"
                : Server.JSON
                        .createObjectNode()
                        .put("id", id)
                        .put("file", file.toString())
                        .put("bytes", bytes)
                    + "\n");
    return ExitCode.OK;
  }

  /** The file is there when all of it is. */
  private static long write(InputStream bytes, Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    long written;
    try {
      try (OutputStream out = Files.newOutputStream(part)) {
        written = bytes.transferTo(out);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    return written;
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = "Takes in a file that 'export' wrote; the savepoint gets a new id.",
      footer = {
        "%nExamples:",
        "  fluxcore savepoint import orders.savepoint",
        "  fluxcore savepoint import orders.savepoint --server http://b:8686 -o json"
      })
  int bring(
      @Parameters(paramLabel = "FILE", description = "The file.") Path file,
      @Mixin ServerArguments at)
      throws InterruptedException {
    JsonNode savepoint;
    try {
      savepoint = at.server().upload(PATH + "/import", file);
    } catch (IOException e) {
      throw FluxCoreException.user(
          "FLX-CLI-0006",
          Place.WHOLE,
          "the file " + file + " cannot be read: " + e,
          "check the path; relative ones start at " + Path.of("").toAbsolutePath());
    }
    bench.print(
        at.output(), savepoint, SavepointText.list(Server.JSON.createArrayNode().add(savepoint)));
    return ExitCode.OK;
  }
}
