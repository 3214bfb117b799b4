package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code fluxcore job state}: the state of a job, now or as it was. */
@Command(
    name = "state",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the state of a key of an operator, now or as it was at a time.",
      "As of a time it also lists an operator's keys, or says which operators can be asked. For"
          + " that the job is replayed to the time by a run of its own; the job is not touched."
    },
    footer = {
      "%nExamples:",
      "  fluxcore job state orders totals DE --as-of 2026-03-01T12:00:00Z",
      "  fluxcore job state orders totals --as-of 2026-03-01T12:00:00Z --limit 20"
    })
final class StateCommand implements Callable<Integer> {
  private static final int MOST_AT_ONCE = 500;

  private final Workbench bench;

  @Parameters(index = "0", paramLabel = "JOB", description = "Id or name.")
  private String job = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OPERATOR",
      description = "Name of an operator.")
  private @Nullable String operator;

  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "KEY",
      description = "The value of each field of the key.")
  private @Nullable List<String> key;

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description = "As it was when the event time was this.")
  private @Nullable Instant asOf;

  @Option(names = "--limit", paramLabel = "N", description = "Lists so many keys at most.")
  private int limit = 100;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long to wait for a view at most; then the exit code is 6.")
  private @Nullable Duration timeout;

  @Mixin private ServerArguments at = new ServerArguments();

  StateCommand(Workbench bench) {
    this.bench = bench;
  }

  @Override
  public Integer call() throws InterruptedException {
    Server server = at.server();
    if (asOf == null) {
      if (operator == null || key == null) {
        throw FluxCoreException.user(
            "FLX-CLI-0013",
            Place.of("KEY"),
            "the state that a job has now is asked for by key",
            "name an operator and a key, or give --as-of for all keys of a time");
      }
      String path = "/jobs/" + Server.encode(job) + "/state/" + Server.encode(operator) + "/";
      JsonNode state = server.get(path + Server.encode(keyText(key)));
      bench.print(at.output(), state, words(state));
      return ExitCode.OK;
    }
    JsonNode begun =
        server.post(
            "/jobs/" + Server.encode(job) + "/state-views",
            Server.JSON.createObjectNode().put("asOf", asOf.toString()));
    OperationWait waiting = new OperationWait(true, timeout);
    JsonNode made = waiting.follow(server, begun, bench.messages());
    if (!made.path("status").asString().equals("SUCCEEDED")) {
      return waiting.report(made, bench, at.output());
    }
    String view = "/state-views/" + Server.encode(made.path("result").path("viewId").asString());
    if (operator == null) {
      JsonNode all = server.get(view);
      bench.print(at.output(), all, operators(all));
    } else {
      ask(server, view + "/operators/" + Server.encode(operator) + "/keys", key);
    }
    return ExitCode.OK;
  }

  private void ask(Server server, String path, @Nullable List<String> wanted)
      throws InterruptedException {
    if (wanted != null) {
      JsonNode state = server.get(path + "/" + Server.encode(keyText(wanted)));
      bench.print(at.output(), state, words(state));
      return;
    }
    ArrayNode all = Server.JSON.createArrayNode();
    String cursor = "";
    do {
      int most = Math.min(MOST_AT_ONCE, limit - all.size());
      JsonNode page = server.get(path + "?limit=" + most + cursor);
      page.path("items").forEach(all::add);
      cursor = "&cursor=" + page.path("nextCursor").asString("");
    } while (all.size() < limit && !cursor.equals("&cursor="));
    StringBuilder text = new StringBuilder();
    all.forEach(state -> text.append(words(state)));
    bench.printList(at.output(), all, text.toString());
  }

  /** One value as it is; several as an array. */
  private static String keyText(List<String> values) {
    return values.size() == 1 && !values.get(0).startsWith("[")
        ? values.get(0)
        : Server.JSON.valueToTree(values).toString();
  }

  private static String words(JsonNode state) {
    StringBuilder text = new StringBuilder();
    StringBuilder key = new StringBuilder();
    state
        .path("key")
        .forEach(part -> key.append(key.isEmpty() ? "" : ", ").append(part.asString("-")));
    text.append(key).append(state.path("restoring").asBoolean() ? "  (restoring)\n" : "\n");
    for (JsonNode one : state.path("states")) {
      JsonNode value = one.path("value");
      text.append("  ")
          .append(one.path("state").asString())
          .append(": ")
          .append(value.isString() ? value.asString() : value.toString())
          .append('\n');
    }
    return text.toString();
  }

  private static String operators(JsonNode view) {
    TextTable table = new TextTable("OPERATOR", "KEY", "DETERMINISTIC");
    for (JsonNode operator : view.path("operators")) {
      table.add(
          operator.path("operatorId").asString(),
          operator.path("keyTypes").toString(),
          operator.path("deterministic").asString());
    }
    return table + "from " + view.path("from").asString() + "\n";
  }
}
