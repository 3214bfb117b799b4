package io.fluxcore.boot.cli;

import io.fluxcore.application.checkpoint.kit.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job of a real server writes objects of a real store, and both are killed. */
final class S3SinkJobIT extends KilledServerContract {
  private static final JsonMapper JSON = new JsonMapper();

  private static S3Server store;

  @BeforeAll
  static void start() {
    store = S3Server.start();
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  private static String sink(String name) {
    return "{connector: s3, endpoint: \""
        + store.endpoint()
        + "\", bucket: "
        + S3Server.BUCKET
        + ", accessKey: "
        + S3Server.ACCESS_KEY
        + ", secretKey: "
        + S3Server.SECRET_KEY
        + ", requestTimeout: 2s, path: "
        + name
        + "/part.json, rollSize: 16kb, partitionBy: \"dt={yyyy-MM-dd}\"}";
  }

  @Override
  String eventsSink() {
    return sink("events");
  }

  @Override
  String totalsSink() {
    return sink("totals");
  }

  /** Its objects, which the store keeps as files of these names. */
  private static List<JsonNode> rows(String name) throws IOException {
    Path directory = store.objects().resolve(name);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<JsonNode> rows = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(S3SinkJobIT::isObject).toList()) {
        Files.readAllLines(file).forEach(line -> rows.add(JSON.readTree(line)));
      }
    }
    return rows;
  }

  private static boolean isObject(Path file) {
    return file.getFileName().toString().matches("part-job_[0-9a-zA-Z]+(-[0-9]+){4}\\.json");
  }

  @Override
  List<Event> events() throws IOException {
    return rows("events").stream()
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
  List<Total> totals() throws IOException {
    return rows("totals").stream()
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
  long count() throws IOException {
    return rows("events").size();
  }

  @Override
  void killOutside() {
    store.kill();
    store.restart();
  }
}
