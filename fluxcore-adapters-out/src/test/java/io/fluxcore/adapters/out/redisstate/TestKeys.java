package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.application.runtime.kit.RedisServer;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The keys of a test in Redis, seen from outside. */
final class TestKeys implements AutoCloseable {
  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final String prefix;

  private TestKeys(RedisClient client, String prefix) {
    this.client = client;
    this.prefix = prefix;
    // any byte is a character
    this.connection = client.connect(new StringCodec(StandardCharsets.ISO_8859_1));
  }

  /** Settings with which state does not stay on the heap, and a prefix of their own. */
  static RedisStateSettings settings(RedisServer server) {
    return RedisStateSettings.at(server.uri())
        .withKeyPrefix("test:" + UUID.randomUUID() + ":")
        .withCacheBytes(4096)
        .withTimes(Duration.ofSeconds(60), Duration.ofSeconds(60));
  }

  static TestKeys in(RedisServer server, RedisStateSettings settings) {
    return new TestKeys(RedisClient.create(server.uri()), settings.keyPrefix());
  }

  /** The names of all of them, without the prefix. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    ScanCursor cursor = ScanCursor.INITIAL;
    do {
      KeyScanCursor<String> found =
          connection.sync().scan(cursor, ScanArgs.Builder.matches(prefix + "*").limit(1000));
      found.getKeys().forEach(key -> names.add(key.substring(prefix.length())));
      cursor = found;
    } while (!cursor.isFinished());
    return names;
  }

  /** Names of buckets, copies included. */
  long buckets() {
    return names().stream()
        .filter(name -> !name.endsWith(":alive") && !name.endsWith(":tables"))
        .filter(name -> !name.equals("sessions"))
        .count();
  }

  /** Removes a key by its name without the prefix. */
  void delete(String name) {
    connection.sync().del(prefix + name);
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
