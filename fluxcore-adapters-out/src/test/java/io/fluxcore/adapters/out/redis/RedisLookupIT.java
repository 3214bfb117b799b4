package io.fluxcore.adapters.out.redis;

import io.fluxcore.adapters.out.lookup.LookupTexts;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.kit.LookupContract;
import io.fluxcore.application.runtime.kit.RedisServer;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/**
 * Rows that are looked up in a Redis that keeps what it has on its disk, and fails now and then.
 */
final class RedisLookupIT {
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

  private static void tell(Consumer<RedisCommands<String, String>> what) {
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      what.accept(connection.sync());
    }
  }

  /** In either form. */
  private abstract static class Cases extends LookupContract {
    abstract String mode();

    abstract void put(
        RedisCommands<String, String> redis, String key, List<List<@Nullable Object>> rows);

    @BeforeEach
    void empty() {
      tell(RedisCommands::flushall);
    }

    @Override
    protected LookupConnector connector() {
      return new RedisLookupConnector();
    }

    @Override
    protected Map<String, Object> options(String key) {
      Map<String, Object> options = new HashMap<>();
      options.put("uri", server.uri());
      options.put("mode", mode());
      options.put("key", key + ":{" + key.replace(",", "}:{") + "}");
      return options;
    }

    @Override
    protected void put(long id, String code, List<List<@Nullable Object>> rows) {
      tell(
          redis ->
              List.of("id:" + id, "code:" + code, "id,code:" + id + ":" + code)
                  .forEach(key -> put(redis, key, rows)));
    }

    /** Neither a text nor a hash. */
    @Override
    protected void putWrong(long id) {
      tell(redis -> redis.rpush("id:" + id, "an item"));
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

    @Override
    protected Map<String, Object> wrongPassword() {
      tell(
          redis ->
              redis.aclSetuser(
                  "guarded",
                  AclSetuserArgs.Builder.on().addPassword("right").allKeys().allCommands()));
      Map<String, Object> options = options("id");
      options.put("user", "guarded");
      options.put("password", "guessed");
      return options;
    }
  }

  @Nested
  class JsonTexts extends Cases {
    @Override
    String mode() {
      return "set";
    }

    @Override
    void put(RedisCommands<String, String> redis, String key, List<List<@Nullable Object>> rows) {
      redis.set(key, LookupTexts.json(LookupContractFields.FIELDS, rows));
    }
  }

  @Nested
  class Hashes extends Cases {
    @Override
    String mode() {
      return "hash";
    }

    @Override
    protected boolean hasSeveralRows() {
      return false;
    }

    @Override
    void put(RedisCommands<String, String> redis, String key, List<List<@Nullable Object>> rows) {
      Map<String, String> texts = LookupTexts.texts(LookupContractFields.FIELDS, rows.get(0));
      texts.put("another", "field");
      redis.hset(key, texts);
    }
  }

  /** The fields of the contract, for those beside it. */
  private abstract static class LookupContractFields extends LookupContract {
    static final io.fluxcore.domain.event.Schema FIELDS = LookupContract.FIELDS;
  }
}
