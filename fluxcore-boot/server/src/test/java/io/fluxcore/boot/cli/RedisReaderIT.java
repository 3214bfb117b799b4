package io.fluxcore.boot.cli;

import io.fluxcore.application.runtime.kit.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A job of a real server reads a stream of a real Redis, and is killed. */
final class RedisReaderIT extends KilledReaderContract {
  private static RedisServer redis;
  private static RedisClient client;
  private static RedisCommands<String, String> commands;

  @BeforeAll
  static void start() {
    redis = RedisServer.startOwn();
    client = RedisClient.create(redis.uri());
    commands = client.connect().sync();
  }

  @AfterAll
  static void stop() {
    client.shutdown();
    redis.close();
  }

  @Override
  String source() {
    return "{connector: redis, uri: \""
        + redis.uri()
        + "\", stream: [rows], schema: {id: long, name: string}}";
  }

  @Override
  void produce(long fromId, long toId) {
    for (long id = fromId; id < toId; id++) {
      commands.xadd("rows", Map.of("id", Long.toString(id), "name", "name-" + id));
    }
  }
}
