package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.jobfile.RuleText;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code fluxcore rule …}: the rules of the patterns of running jobs. */
@Command(
    name = "rule",
    mixinStandardHelpOptions = true,
    description = {
      "Shows and changes the rules of the patterns of running jobs.",
      "A change is an upgrade of the job, which goes on with its state: rules that stay as they"
          + " are keep their partial matches."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "%nExamples:",
      "  fluxcore rule list orders fraud",
      "  fluxcore rule put orders fraud testing.yaml"
    })
final class RuleCommand {
  private final Workbench bench;

  RuleCommand(Workbench bench) {
    this.bench = bench;
  }

  private static String path(String job, String node) {
    return "/jobs/" + Server.encode(job) + "/patterns/" + Server.encode(node) + "/rules";
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the rules of a node, and the version of the job that has them.",
      footer = {
        "%nExamples:",
        "  fluxcore rule list orders fraud",
        "  fluxcore rule list orders fraud -o ndjson"
      })
  int list(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Parameters(paramLabel = "NODE", description = "Name of a node with a pattern.") String node,
      @Mixin ServerArguments at)
      throws InterruptedException {
    JsonNode answer = at.server().get(path(job, node));
    ArrayNode items = Server.JSON.createArrayNode().addAll(answer.path("items").values());
    if (at.output() == OutputFormat.NDJSON) {
      bench.printList(at.output(), items, "");
    } else {
      bench.print(at.output(), answer, table(answer));
    }
    return ExitCode.OK;
  }

  private static String table(JsonNode page) {
    TextTable table = new TextTable("RULE", "STAGES", "WITHIN");
    for (JsonNode rule : page.path("items")) {
      table.add(
          rule.path("id").asString(),
          rule.path("stages")
              .valueStream()
              .map(RuleCommand::stage)
              .collect(Collectors.joining(" ")),
          rule.path("within").asString("-"));
    }
    return table + "version " + page.path("version").asString() + "\n";
  }

  /** A stage in short: how it follows, and its name. */
  private static String stage(JsonNode stage) {
    Map.Entry<String, JsonNode> first = stage.properties().iterator().next();
    String name = first.getValue().isString() ? first.getValue().asString() : "(…)";
    return first.getKey().equals("begin") ? name : first.getKey() + " " + name;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows a rule as YAML, which 'put' takes.",
      footer = {
        "%nExamples:",
        "  fluxcore rule show orders fraud testing > testing.yaml",
        "  fluxcore rule show orders fraud testing -o json"
      })
  int show(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Parameters(paramLabel = "NODE", description = "Name of a node with a pattern.") String node,
      @Parameters(paramLabel = "RULE", description = "Id of the rule.") String rule,
      @Mixin ServerArguments at)
      throws InterruptedException {
    JsonNode answer = at.server().get(path(job, node) + "/" + Server.encode(rule));
    Map<String, Object> words = new LinkedHashMap<>();
    answer
        .properties()
        .forEach(
            word ->
                words.put(word.getKey(), Server.JSON.treeToValue(word.getValue(), Object.class)));
    bench.print(at.output(), answer, RuleText.yaml(words));
    return ExitCode.OK;
  }

  @Command(
      name = "put",
      mixinStandardHelpOptions = true,
      description = {
        "Adds a rule, or puts it in the place of the one with its id; returns when it is in force.",
        "A file with a rule that is there already changes nothing."
      },
      footer = {
        "%nExamples:",
        "  fluxcore rule put orders fraud testing.yaml",
        "  fluxcore rule put orders fraud rule.json --id testing --if-version 1+rules.2"
      })
  int put(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Parameters(paramLabel = "NODE", description = "Name of a node with a pattern.") String node,
      @Parameters(
              paramLabel = "FILE",
              description = "The rule in the words of job files, YAML or JSON.")
          Path file,
      @Option(
              names = "--id",
              paramLabel = "RULE",
              description = "Id of the rule, where the file does not say it.")
          @Nullable String id,
      @Option(
              names = "--if-version",
              paramLabel = "VERSION",
              description = "Only if the job is of this version; exit code 5 if it is not.")
          @Nullable String version,
      @Mixin ServerArguments at)
      throws InterruptedException {
    byte[] body = JobFileUpload.read(file);
    String rule = Objects.requireNonNullElseGet(id, () -> idOf(file, body));
    JsonNode answer;
    try {
      answer =
          at.server()
              .put(
                  path(job, node) + "/" + Server.encode(rule),
                  JobFileUpload.mediaType(file),
                  body,
                  version);
    } catch (ServerRefusal e) {
      bench.messages().error(e.title(), file.toString(), e);
      return e.exitCode();
    }
    bench.print(at.output(), answer, rule + " is in force\n");
    return ExitCode.OK;
  }

  private static String idOf(Path file, byte[] body) {
    String id = RuleText.idOf(file.toString(), new String(body, StandardCharsets.UTF_8));
    if (id.isEmpty()) {
      throw FluxCoreException.user(
          "FLX-CLI-0015",
          Place.of("--id"),
          "the file " + file + " does not say the id of its rule",
          "give it a word 'id', or say --id");
    }
    return id;
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Takes a rule away, with its partial matches; returns when it is.",
      footer = {
        "%nExamples:",
        "  fluxcore rule delete orders fraud testing",
        "  fluxcore rule delete orders fraud testing --yes --if-version 1+rules.2"
      })
  int delete(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Parameters(paramLabel = "NODE", description = "Name of a node with a pattern.") String node,
      @Parameters(paramLabel = "RULE", description = "Id of the rule.") String rule,
      @Option(names = "--yes", description = "Does not ask first.") boolean yes,
      @Option(
              names = "--if-version",
              paramLabel = "VERSION",
              description = "Only if the job is of this version; exit code 5 if it is not.")
          @Nullable String version,
      @Mixin ServerArguments at)
      throws InterruptedException {
    if (!yes && !agreed(rule)) {
      bench.messages().line("nothing was deleted");
      return ExitCode.FAILURE;
    }
    at.server().delete(path(job, node) + "/" + Server.encode(rule), version);
    bench
        .terminal()
        .print(
            at.output() == OutputFormat.TABLE
                ? rule + " deleted\n"
                : Server.JSON.createObjectNode().put("deleted", rule) + "\n");
    return ExitCode.OK;
  }

  private boolean agreed(String rule) {
    Boolean answer = bench.terminal().ask("Delete " + rule + " and its partial matches?");
    if (answer == null) {
      throw FluxCoreException.user(
          "FLX-CLI-0009",
          Place.of("--yes"),
          "a rule's partial matches are gone with it, and there is nobody to be asked",
          "say --yes");
    }
    return answer;
  }
}
