package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code fluxcore stream …}: what goes into the jobs of a server, and what comes out. */
@Command(
    name = "stream",
    mixinStandardHelpOptions = true,
    description = "Publishes events to jobs, and reads their results as they come.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "%nExamples:",
      "  fluxcore stream publish clicks events.ndjson",
      "  fluxcore stream tail orders --latest 10"
    })
final class StreamCommand {
  private final Workbench bench;

  StreamCommand(Workbench bench) {
    this.bench = bench;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the streams that take events.",
      footer = {"%nExamples:", "  fluxcore stream list", "  fluxcore stream list -o json"})
  int list(@Mixin ServerArguments at) throws InterruptedException {
    JsonNode answer = at.server().get("/streams");
    StringBuilder text = new StringBuilder();
    if (at.output() == OutputFormat.JSON) {
      text.append(answer).append('\n');
    } else {
      for (JsonNode stream : answer.path("items")) {
        text.append(
                at.output() == OutputFormat.NDJSON
                    ? stream.toString()
                    : stream.path("name").asString())
            .append('\n');
      }
    }
    bench.terminal().print(text.toString());
    return ExitCode.OK;
  }

  @Command(
      name = "publish",
      mixinStandardHelpOptions = true,
      description = {
        "Publishes events: a JSON object a line, many lines at a time.",
        "When the stream is full it waits and goes on. Events that are refused are told with"
            + " their line; then the exit code is 1."
      },
      footer = {
        "%nExamples:",
        "  fluxcore stream publish clicks events.ndjson",
        "  jq -c '.[]' events.json | fluxcore stream publish clicks -"
      })
  int publish(
      @Parameters(index = "0", paramLabel = "STREAM", description = "Where to.") String stream,
      @Parameters(
              index = "1",
              paramLabel = "FILE",
              description = "Lines of JSON; - is standard input.")
          String file,
      @Mixin ServerArguments at)
      throws IOException, InterruptedException {
    Publisher publisher = new Publisher(at.server(), stream, bench.messages());
    try (BufferedReader lines = open(file)) {
      publisher.publish(lines);
    } catch (CharacterCodingException e) {
      throw FluxCoreException.user(
          "FLX-CLI-0005", Place.of(file), "the events are not UTF-8", "convert them");
    }
    bench
        .terminal()
        .print(
            at.output() == OutputFormat.TABLE
                ? publisher.accepted() + " events accepted, " + publisher.rejected() + " rejected\n"
                : "{\"accepted\":"
                    + publisher.accepted()
                    + ",\"rejected\":"
                    + publisher.rejected()
                    + "}\n");
    return publisher.rejected() == 0 ? ExitCode.OK : ExitCode.FAILURE;
  }

  private static BufferedReader open(String file) {
    if (file.equals("-")) {
      return new BufferedReader(
          new InputStreamReader(System.in, StandardCharsets.UTF_8.newDecoder()));
    }
    try {
      return Files.newBufferedReader(Path.of(file));
    } catch (IOException e) {
      throw FluxCoreException.user(
          "FLX-CLI-0006",
          Place.WHOLE,
          "the file " + file + " cannot be read: " + e,
          "check the path; - is standard input");
    }
  }

  @Command(
      name = "tail",
      mixinStandardHelpOptions = true,
      description = {
        "Writes the results of a running job as they come.",
        "A reader that is too slow misses results, which the last message counts; the job does"
            + " not wait for it."
      },
      footer = {
        "%nExamples:",
        "  fluxcore stream tail orders --latest 10",
        "  fluxcore stream tail orders --node totals --limit 100 -o ndjson | jq .row"
      })
  int tail(
      @Parameters(paramLabel = "JOB", description = "Id or name.") String job,
      @Option(
              names = "--node",
              paramLabel = "NAME",
              description = "What is read. Default: the only sink.")
          @Nullable String node,
      @Option(
              names = "--latest",
              paramLabel = "N",
              description = "Begins with so many of the latest results, at most 100.")
          @Nullable Integer latest,
      @Option(names = "--limit", paramLabel = "N", description = "Ends after so many results.")
          @Nullable Long limit,
      @Option(
              names = "--timeout",
              paramLabel = "TIME",
              converter = TimeConverter.class,
              description = "Ends after this time, such as 60s.")
          @Nullable Duration timeout,
      @Mixin ServerArguments at)
      throws IOException, InterruptedException {
    ObjectNode request = Server.JSON.createObjectNode().put("job", job).put("node", node);
    request.put("latest", latest).put("limit", limit);
    if (timeout != null) {
      request.put("timeoutMs", timeout.toMillis());
    }
    Server server = at.server();
    Tail tail = new Tail(bench, at.output());
    try (InputStream answer =
        server.open("/streams/query", request.toString().getBytes(StandardCharsets.UTF_8))) {
      return tail.follow(server, answer);
    }
  }
}
