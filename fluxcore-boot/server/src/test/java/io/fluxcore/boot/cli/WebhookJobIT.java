package io.fluxcore.boot.cli;

import io.fluxcore.application.connector.kit.HttpReceiver;
import io.fluxcore.application.connector.kit.HttpReceiver.Answer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job of a real server posts to a receiver that is away at times, and is killed. */
final class WebhookJobIT extends KilledServerContract {
  private static final JsonMapper JSON = new JsonMapper();
  private static HttpReceiver receiver;
  private static final Set<Long> SEEN = new HashSet<>();
  private static final List<HttpReceiver.Request> TAKEN = new CopyOnWriteArrayList<>();
  private static volatile boolean isAway;
  private static int read;

  @BeforeAll
  static void start() {
    receiver =
        HttpReceiver.start(
            request -> {
              if (isAway) {
                return Answer.of(503);
              }
              TAKEN.add(request);
              return Answer.of(204);
            });
  }

  @AfterAll
  static void stop() {
    receiver.close();
  }

  @Override
  boolean isOnce() {
    return false;
  }

  private static String sink(String path) {
    return "{connector: webhook, url: \""
        + receiver.url()
        + path
        + "\", body: array, batchSize: 500, allowedHosts: [127.0.0.1]}";
  }

  @Override
  String eventsSink() {
    return sink("/events");
  }

  @Override
  String totalsSink() {
    return sink("/totals");
  }

  private static Stream<JsonNode> rows(List<HttpReceiver.Request> requests, String path) {
    return requests.stream()
        .filter(request -> request.target().equals(path))
        .flatMap(request -> list(JSON.readTree(request.text())).stream());
  }

  @Override
  List<Event> events() {
    return rows(TAKEN, "/events")
        .map(
            row ->
                new Event(
                    row.path("id").asLong(),
                    row.path("shop").asString(),
                    row.path("amount").asLong(),
                    Instant.parse(row.path("at").asString())))
        .toList();
  }

  @Override
  List<Total> totals() {
    return rows(TAKEN, "/totals")
        .map(
            row ->
                new Total(
                    row.path("shop").asString(),
                    Instant.parse(row.path("window_start").asString()),
                    row.path("n").asLong(),
                    row.path("total").asLong()))
        .toList();
  }

  @Override
  long count() {
    List<HttpReceiver.Request> all = List.copyOf(TAKEN);
    rows(all.subList(read, all.size()), "/events")
        .forEach(row -> SEEN.add(row.path("id").asLong()));
    read = all.size();
    return SEEN.size();
  }

  @Override
  void killOutside() throws InterruptedException {
    isAway = true;
    TimeUnit.MILLISECONDS.sleep(500);
    isAway = false;
  }
}
