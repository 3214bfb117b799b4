package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code fluxcore dead-letter …}: the rows and records of a server that could not be processed. */
@Command(
    name = "dead-letter",
    mixinStandardHelpOptions = true,
    description = "Looks after rows and records that could not be processed.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "%nExamples:",
      "  fluxcore dead-letter list --job orders",
      "  fluxcore dead-letter edit 17 --set amount=12",
      "  fluxcore dead-letter replay 17"
    })
final class DeadLetterCommand {
  private static final String PATH = "/dead-letters";
  private static final int SHOWN_CHARACTERS = 60;

  private final Workbench bench;

  DeadLetterCommand(Workbench bench) {
    this.bench = bench;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists dead letters, the oldest first.",
      footer = {
        "%nExamples:",
        "  fluxcore dead-letter list --job orders --code FLX-FORMAT-0003",
        "  fluxcore dead-letter list --state REPLAYED -o ndjson"
      })
  int list(
      @Mixin LetterFilter filter,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "Only those in this state: WAITING or REPLAYED.")
          @Nullable String state,
      @Mixin ServerArguments at)
      throws InterruptedException {
    String query =
        "?limit=500" + filter.query() + (state == null ? "" : "&state=" + Server.encode(state));
    ArrayNode all = at.server().list(PATH + query);
    bench.printList(at.output(), all, table(all));
    return ExitCode.OK;
  }

  private static String table(ArrayNode letters) {
    TextTable table =
        new TextTable("ID", "JOB", "OPERATOR", "STATE", "ATTEMPTS", "FAILED", "CODE", "CONTENT");
    for (JsonNode letter : letters) {
      table.add(
          letter.path("id").asString(),
          letter.path("jobName").asString(),
          letter.path("operator").asString(),
          letter.path("state").asString(),
          letter.path("attempts").asString(),
          letter.path("failedAt").asString(),
          letter.path("code").asString(),
          shortened(content(letter.path("content"))));
    }
    return table.toString();
  }

  private static String content(JsonNode content) {
    if (content.path("fields").isObject()) {
      return content.path("fields").toString();
    }
    return content.path("text").asString(content.path("base64").asString(""));
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= SHOWN_CHARACTERS ? line : line.substring(0, SHOWN_CHARACTERS - 1) + "…";
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Tells about a dead letter: where it came from, what is wrong, what it holds.",
      footer = {"%nExamples:", "  fluxcore dead-letter show 17"})
  int show(
      @Parameters(paramLabel = "ID", description = "Id of the letter.") String id,
      @Mixin ServerArguments at)
      throws InterruptedException {
    JsonNode letter = at.server().get(path(id));
    bench.print(at.output(), letter, words(letter));
    return ExitCode.OK;
  }

  private static String path(String id) {
    return PATH + "/" + Server.encode(id);
  }

  private static String words(JsonNode letter) {
    StringBuilder text = new StringBuilder();
    for (String name :
        new String[] {
          "id",
          "jobName",
          "job",
          "operator",
          "source",
          "split",
          "position",
          "state",
          "attempts",
          "failedAt",
          "code",
          "message"
        }) {
      text.append(String.format("%-10s%s%n", name, letter.path(name).asString("")));
    }
    text.append(String.format("%-10s%s%n", "content", content(letter.path("content"))));
    if (letter.path("original").isObject()) {
      text.append(String.format("%-10s%s%n", "original", content(letter.path("original"))));
    }
    return text.toString().replace("\r\n", "\n");
  }

  @Command(
      name = "edit",
      mixinStandardHelpOptions = true,
      description = "Mends what a dead letter would be replayed with; the original stays.",
      footer = {
        "%nExamples:",
        "  fluxcore dead-letter edit 17 --text '{\"id\": 5}'",
        "  fluxcore dead-letter edit 18 --set amount=12.50 --set city=Bern"
      })
  int edit(
      @Parameters(paramLabel = "ID", description = "Id of the letter.") String id,
      @Option(names = "--text", paramLabel = "TEXT", description = "The record.")
          @Nullable String text,
      @Option(names = "--base64", paramLabel = "BASE64", description = "The record, in Base64.")
          @Nullable String base64,
      @Option(
              names = "--set",
              paramLabel = "FIELD=VALUE",
              description =
                  "A field of the row. What reads as JSON is taken as such, other values as text."
                      + " May be repeated.")
          @Nullable Map<String, String> fields,
      @Option(names = "--timestamp", paramLabel = "TIME", description = "Event time of the row.")
          @Nullable Instant timestamp,
      @Mixin ServerArguments at)
      throws InterruptedException {
    ObjectNode repair = Server.JSON.createObjectNode();
    if (text != null) {
      repair.put("text", text);
    }
    if (base64 != null) {
      repair.put("base64", base64);
    }
    if (timestamp != null) {
      repair.put("timestamp", timestamp.toString());
    }
    if (fields != null) {
      ObjectNode values = repair.putObject("fields");
      fields.forEach((name, value) -> values.set(name, value(value)));
    }
    JsonNode letter = at.server().patch(path(id), repair);
    bench.print(at.output(), letter, words(letter));
    return ExitCode.OK;
  }

  private static JsonNode value(String text) {
    try {
      JsonNode value = Server.JSON.readTree(text);
      return value.isMissingNode() ? Server.JSON.valueToTree(text) : value;
    } catch (JacksonException e) {
      return Server.JSON.valueToTree(text);
    }
  }

  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description =
          "Gives dead letters to the operators that they failed in: one, or all that wait and fit a"
              + " filter.",
      footer = {
        "%nExamples:",
        "  fluxcore dead-letter replay 17",
        "  fluxcore dead-letter replay --job orders --operator parse --dry-run"
      })
  int replay(
      @Parameters(paramLabel = "ID", arity = "0..1", description = "Id of the letter.")
          @Nullable String id,
      @Mixin LetterFilter filter,
      @Option(names = "--dry-run", description = "Only says how many there are.") boolean dryRun,
      @Mixin ServerArguments at)
      throws InterruptedException {
    checkOne(id, filter);
    if (id == null) {
      return all("/replay", filter, dryRun, at);
    }
    JsonNode outcome = at.server().post(path(id) + "/replay");
    String how = outcome.path("outcome").asString();
    String why = outcome.path("message").asString("");
    bench.print(at.output(), outcome, id + " " + how + (why.isEmpty() ? "" : ": " + why) + "\n");
    return how.equals("PROCESSED") ? ExitCode.OK : ExitCode.FAILURE;
  }

  private static void checkOne(@Nullable String id, LetterFilter filter) {
    if ((id == null) == filter.isEmpty()) {
      throw FluxCoreException.user(
          "FLX-CLI-0007",
          Place.of("ID"),
          id == null ? "no letter is named" : "both a letter and a filter are given",
          "name a letter by its id, or all that fit a filter such as --job");
    }
  }

  private int all(String verb, LetterFilter filter, boolean dryRun, ServerArguments at)
      throws InterruptedException {
    JsonNode result = at.server().post(PATH + verb + "?dryRun=" + dryRun + filter.query());
    bench.print(
        at.output(),
        result,
        (dryRun ? "would be: " : "")
            + result.path("matching").asString()
            + " matching, "
            + result.path("processed").asString()
            + " processed, "
            + result.path("failed").asString()
            + " failed again, "
            + result.path("refused").asString()
            + " refused, "
            + result.path("discarded").asString()
            + " discarded\n");
    return result.path("failed").asLong() + result.path("refused").asLong() == 0
        ? ExitCode.OK
        : ExitCode.FAILURE;
  }

  @Command(
      name = "discard",
      mixinStandardHelpOptions = true,
      description = "Gives dead letters up: one, or all that wait and fit a filter.",
      footer = {
        "%nExamples:",
        "  fluxcore dead-letter discard 17",
        "  fluxcore dead-letter discard --job orders --to 2026-01-01T00:00:00Z"
      })
  int discard(
      @Parameters(paramLabel = "ID", arity = "0..1", description = "Id of the letter.")
          @Nullable String id,
      @Mixin LetterFilter filter,
      @Option(names = "--dry-run", description = "Only says how many there are.") boolean dryRun,
      @Mixin ServerArguments at)
      throws InterruptedException {
    checkOne(id, filter);
    if (id == null) {
      return all("/discard", filter, dryRun, at);
    }
    at.server().delete(path(id));
    bench.terminal().print(at.output() == OutputFormat.TABLE ? id + " discarded\n" : "");
    return ExitCode.OK;
  }
}
