package io.fluxcore.adapters.in.redis;

import io.fluxcore.application.runtime.kit.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Streams of a test, written beside the source. */
final class TestStreams implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();

  final RedisServer server;
  private final RedisClient client;

  /** Redis keeps what it has acknowledged when it is killed. */
  TestStreams() {
    server = RedisServer.startOwn("--appendonly", "yes", "--appendfsync", "always");
    client = RedisClient.create(server.uri());
  }

  static String newName() {
    return "stream-" + NAMES.incrementAndGet();
  }

  void with(Consumer<RedisCommands<String, String>> work) {
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      work.accept(connection.sync());
    }
  }

  /** An entry of an id, with fields and their values in turn. */
  void add(String stream, String id, String... fields) {
    Map<String, String> body = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      body.put(fields[i], fields[i + 1]);
    }
    with(redis -> redis.xadd(stream, new XAddArgs().id(id), body));
  }

  /** Entries whose ids are {@code id+1-0}. */
  void addIds(String stream, long from, long to) {
    with(
        redis -> {
          for (long id = from; id < to; id++) {
            redis.xadd(stream, new XAddArgs().id(id + 1 + "-0"), Map.of("id", Long.toString(id)));
          }
        });
  }

  @Override
  public void close() {
    client.shutdown();
    server.close();
  }
}
