package io.fluxcore.adapters.in.cli;

import io.fluxcore.adapters.in.cli.Server.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Sends lines to a stream, some at a time, and as fast as it takes them. Not thread-safe. */
final class Publisher {
  private static final int LINES_AT_ONCE = 5_000;
  private static final int CHARACTERS_AT_ONCE = 1 << 18;
  private static final int TOLD = 20;

  private final Server server;
  private final String path;
  private final Messages messages;
  private final List<String> batch = new ArrayList<>();
  private final List<Long> lineNumbers = new ArrayList<>();
  private long accepted;
  private long rejected;
  private long told;

  Publisher(Server server, String stream, Messages messages) {
    this.server = server;
    this.path = "/streams/publish?stream=" + Server.encode(stream);
    this.messages = messages;
  }

  void publish(BufferedReader lines) throws IOException, InterruptedException {
    long number = 0;
    int characters = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      batch.add(line);
      lineNumbers.add(number);
      characters += line.length();
      if (batch.size() == LINES_AT_ONCE || characters >= CHARACTERS_AT_ONCE || !lines.ready()) {
        send();
        characters = 0;
      }
    }
    send();
  }

  /** Sends what has gathered; where the server takes a part only, the rest as well. */
  private void send() throws InterruptedException {
    while (!batch.isEmpty()) {
      byte[] body = (String.join("\n", batch) + "\n").getBytes(StandardCharsets.UTF_8);
      Answer answer = server.tryPost(path, "application/x-ndjson", body);
      JsonNode json = answer.json();
      JsonNode result = answer.status() < 400 ? json : json.path("published");
      int processed = settle(result);
      boolean full = answer.status() == 429;
      boolean allRejected =
          answer.status() == 400 && result.isObject() && processed == batch.size();
      if (answer.status() >= 400 && !full && !allRejected) {
        throw Server.refusal(answer);
      }
      batch.subList(0, processed).clear();
      lineNumbers.subList(0, processed).clear();
      if (full) {
        TimeUnit.SECONDS.sleep(Math.max(1, answer.retryAfterSeconds()));
      }
    }
  }

  private int settle(JsonNode result) {
    accepted += result.path("accepted").asLong(0);
    rejected += result.path("rejectedCount").asLong(0);
    for (JsonNode event : result.path("rejected")) {
      if (told++ < TOLD) {
        messages.line(
            "line "
                + lineNumbers.get(event.path("index").asInt())
                + " was refused: "
                + event.path("error").asString()
                + " ["
                + event.path("code").asString()
                + "]");
      }
    }
    return result.path("processed").asInt(0);
  }

  long accepted() {
    return accepted;
  }

  long rejected() {
    return rejected;
  }
}
