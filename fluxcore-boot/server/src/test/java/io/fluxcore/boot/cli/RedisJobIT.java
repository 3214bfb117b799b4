package io.fluxcore.boot.cli;

import io.fluxcore.application.runtime.kit.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job of a real server writes to a real Redis that keeps what it has, and both are killed. */
final class RedisJobIT extends KilledServerContract {
  private static final JsonMapper JSON = new JsonMapper();
  private static RedisServer redis;
  private static RedisClient client;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn("--appendonly", "yes", "--appendfsync", "always");
    client = RedisClient.create(redis.uri());
  }

  @AfterAll
  static void stop() {
    client.shutdown();
    redis.close();
  }

  private static <T> T ask(Function<RedisCommands<String, String>, T> question) {
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return question.apply(connection.sync());
    }
  }

  @Override
  String eventsSink() {
    return "{connector: redis, uri: \"" + redis.uri() + "\", key: \"event:{id}\"}";
  }

  @Override
  String totalsSink() {
    return "{connector: redis, uri: \""
        + redis.uri()
        + "\", mode: hash, key: \"total:{shop}:{window_start}\"}";
  }

  @Override
  List<Event> events() {
    return ask(
        commands ->
            commands.mget(commands.keys("event:*").toArray(String[]::new)).stream()
                .map(value -> event(JSON.readTree(value.getValue())))
                .toList());
  }

  private static Event event(JsonNode row) {
    return new Event(
        row.path("id").asLong(),
        row.path("shop").asString(),
        row.path("amount").asLong(),
        Instant.parse(row.path("at").asString()));
  }

  @Override
  List<Total> totals() {
    return ask(
        commands ->
            commands.keys("total:*").stream()
                .map(commands::hgetall)
                .map(RedisJobIT::total)
                .toList());
  }

  private static Total total(Map<String, String> row) {
    return new Total(
        String.valueOf(row.get("shop")),
        Instant.parse(String.valueOf(row.get("window_start"))),
        Long.parseLong(String.valueOf(row.get("n"))),
        Long.parseLong(String.valueOf(row.get("total"))));
  }

  @Override
  long count() {
    return ask(commands -> (long) commands.keys("event:*").size());
  }

  @Override
  void killOutside() {
    redis.kill();
    redis.restart();
  }
}
