package io.fluxcore.boot;

import io.fluxcore.adapters.out.redisstate.RedisStateBackends;
import io.fluxcore.adapters.out.redisstate.RedisStateSettings;
import io.fluxcore.adapters.out.rocksdb.RocksDbSettings;
import io.fluxcore.adapters.out.rocksdb.RocksDbStateBackends;
import io.fluxcore.application.connector.SizeText;
import io.fluxcore.application.runtime.StateBackends;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.state.StateBackendFactory;
import io.fluxcore.domain.time.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state backends of this process, as far as their libraries are there. Needs no Spring, since
 * the command line has none.
 */
public final class LocalState {
  private static final String PROPERTIES = "fluxcore.state.";

  private LocalState() {}

  /** Whether the library of RocksDB is on the class path. */
  public static boolean hasRocksDb() {
    return hasClass("org.rocksdb.RocksDB");
  }

  /** Whether the library of Redis is on the class path. */
  public static boolean hasRedis() {
    return hasClass("io.lettuce.core.RedisClient");
  }

  private static boolean hasClass(String name) {
    try {
      Class.forName(name, false, LocalState.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Where state is kept unless said otherwise: in the directory of temporary files. */
  public static Path temporaryDirectory() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "fluxcore-state-" + System.getProperty("user.name"));
  }

  /**
   * The heap, RocksDB and Redis where they are there, and others.
   *
   * @param others by name; RocksDB and Redis may be among them
   * @param standard the one of jobs that name none
   */
  public static StateBackends backends(Map<String, StateBackendFactory> others, String standard) {
    Map<String, StateBackendFactory> factories = new HashMap<>();
    factories.put(StateBackends.HEAP, StateBackendFactory.HEAP);
    factories.putAll(others);
    Map<String, String> missing = new HashMap<>();
    missing.put(RocksDbStateBackends.NAME, RocksDbStateBackends.DEPENDENCY);
    missing.put(RedisStateBackends.NAME, RedisStateBackends.DEPENDENCY);
    missing.keySet().removeAll(factories.keySet());
    return new StateBackends(factories, missing, standard);
  }

  /** As system properties or variables of the environment say, named like the application's. */
  static StateBackends ofSystemProperties() {
    Map<String, StateBackendFactory> others = new HashMap<>();
    if (hasRocksDb()) {
      others.put(RocksDbStateBackends.NAME, new RocksDbStateBackends(settings()));
    }
    if (hasRedis()) {
      others.put(RedisStateBackends.NAME, new RedisStateBackends(redis()));
    }
    String standard = property("backend");
    return backends(others, standard == null ? StateBackends.HEAP : standard);
  }

  private static RocksDbSettings settings() {
    String directory = property("rocksdb.directory");
    RocksDbSettings usual =
        RocksDbSettings.in(directory == null ? temporaryDirectory() : Path.of(directory));
    return new RocksDbSettings(
        usual.directory(),
        bytes("rocksdb.memory", usual.memoryBytes()),
        bytes("rocksdb.cache", usual.cacheBytes()));
  }

  private static RedisStateSettings redis() {
    try {
      return redisOfProperties();
    } catch (IllegalArgumentException e) {
      throw FluxCoreException.user(
          "FLX-BOOT-0001",
          Place.of(PROPERTIES + "redis"),
          "a value cannot be used: " + e.getMessage(),
          "docs/state.md says which can");
    }
  }

  private static RedisStateSettings redisOfProperties() {
    String uri = property("redis.uri");
    String size = property("redis.batch-size");
    String prefix = property("redis.key-prefix");
    RedisStateSettings usual = RedisStateSettings.at(uri == null ? redisUri() : uri);
    return usual
        .withAccess(property("redis.username"), property("redis.password"))
        .withKeyPrefix(prefix == null ? usual.keyPrefix() : prefix)
        .withBatchSize(size == null ? usual.batchSize() : Integer.parseInt(size))
        .withCacheBytes(bytes("redis.cache", usual.cacheBytes()))
        .withTimes(time("redis.timeout", usual.timeout()), time("redis.lease", usual.lease()));
  }

  private static String redisUri() {
    String host = property("redis.host");
    String port = property("redis.port");
    String database = property("redis.database");
    return RedisStateSettings.uri(
        host == null ? RedisStateSettings.DEFAULT_HOST : host,
        port == null ? RedisStateSettings.DEFAULT_PORT : Integer.parseInt(port),
        database == null ? 0 : Integer.parseInt(database),
        Boolean.parseBoolean(property("redis.tls")));
  }

  private static Duration time(String name, Duration usual) {
    String text = property(name);
    return text == null ? usual : DurationText.parse(text);
  }

  private static long bytes(String name, long usual) {
    String text = property(name);
    return text == null ? usual : SizeText.parse(text);
  }

  private static @Nullable String property(String name) {
    String given = System.getProperty(PROPERTIES + name);
    if (given != null) {
      return given;
    }
    // as Spring Boot names variables, so that a password need not be an argument
    String variable = (PROPERTIES + name).replace('.', '_').replace("-", "");
    return System.getenv(variable.toUpperCase(Locale.ROOT));
  }
}
