package io.fluxcore.boot.cli;

import io.fluxcore.application.connector.kit.ElasticsearchServer;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job of a real server writes to a real Elasticsearch, and both are killed. */
final class ElasticsearchJobIT extends KilledServerContract {
  private static final JsonMapper JSON = new JsonMapper();
  private static ElasticsearchServer search;

  @BeforeAll
  static void start() {
    search = ElasticsearchServer.start();
    for (String index : List.of("events", "totals")) {
      search.send(
          "PUT",
          "/" + index,
          "{\"settings\":{\"number_of_shards\":1,\"number_of_replicas\":0,"
              + "\"max_result_window\":100000}}");
    }
  }

  @AfterAll
  static void stop() {
    search.close();
  }

  @Override
  String eventsSink() {
    return "{connector: elasticsearch, hosts: \"" + search.url() + "\", index: events}";
  }

  @Override
  String totalsSink() {
    return "{connector: elasticsearch, hosts: \""
        + search.url()
        + "\", index: totals, idFields: [shop, window_start]}";
  }

  private static Iterable<JsonNode> hits(String index) {
    search.send("POST", "/" + index + "/_refresh", "");
    return JSON.readTree(search.send("GET", "/" + index + "/_search?size=100000", ""))
        .path("hits")
        .path("hits");
  }

  @Override
  List<Event> events() {
    return StreamSupport.stream(hits("events").spliterator(), false)
        .map(hit -> hit.path("_source"))
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
    return StreamSupport.stream(hits("totals").spliterator(), false)
        .map(hit -> hit.path("_source"))
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
    search.send("POST", "/events/_refresh", "");
    return JSON.readTree(search.send("GET", "/events/_count", "")).path("count").asLong();
  }

  @Override
  void killOutside() {
    search.kill();
    search.restart();
  }
}
