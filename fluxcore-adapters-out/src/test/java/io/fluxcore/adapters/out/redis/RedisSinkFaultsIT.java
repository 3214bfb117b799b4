package io.fluxcore.adapters.out.redis;

import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import io.fluxcore.application.runtime.kit.RedisServer;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Faults of a Redis that keeps what it has on its disk. */
final class RedisSinkFaultsIT extends SinkFaultsContract {
  private static RedisServer server;
  private static RedisClient client;

  @BeforeAll
  static void start() {
    server = RedisServer.startOwn("--appendonly", "yes", "--appendfsync", "always");
    client = RedisClient.create(server.uri());
  }

  @AfterAll
  static void end() {
    client.shutdown();
    server.close();
  }

  private static <T> T ask(Function<RedisCommands<String, String>, T> question) {
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return question.apply(connection.sync());
    }
  }

  @BeforeEach
  void empty() {
    ask(RedisCommands::flushall);
  }

  @Override
  protected SinkConnector connector() {
    return new RedisSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", server.uri());
    options.put("mode", "hash");
    options.put("key", "row:{id}");
    options.put("batchSize", 60);
    options.put("timeout", "1s");
    options.put("retryTimeout", "200ms");
    return options;
  }

  @Override
  protected List<Long> visibleIds() {
    return ask(
        redis ->
            redis.keys("row:*").stream()
                .filter(key -> redis.type(key).equals("hash"))
                .map(key -> Long.valueOf(redis.hget(key, "id")))
                .toList());
  }

  @Override
  protected boolean showsRowsOnce() {
    return true;
  }

  @Override
  protected void killServer() {
    server.kill();
  }

  @Override
  protected void restartServer() {
    server.restart();
  }

  @Override
  protected void pauseServer() {
    server.pause();
  }

  @Override
  protected void resumeServer() {
    server.resume();
  }

  /** Its key has something else. */
  @Override
  protected String refuse(long id) {
    ask(redis -> redis.set("row:" + id, "a text"));
    return name();
  }

  @Override
  protected Map<String, Object> wrongPassword() {
    ask(
        redis ->
            redis.aclSetuser(
                "guarded",
                AclSetuserArgs.Builder.on().addPassword("right").allKeys().allCommands()));
    Map<String, Object> options = options();
    options.put("user", "guarded");
    options.put("password", "guessed");
    return options;
  }

  /** Keys are made. */
  @Override
  protected Map<String, Object> missing() {
    return null;
  }
}
