package io.fluxcore.adapters.out.redisstate;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all jobs of the process share.
 *
 * @param uri where Redis is: {@code redis://host:port/database}, {@code rediss://…} with TLS,
 *     {@code redis-sentinel://host:port/database#name} through Sentinel; it may hold user and
 *     password
 * @param username of Redis' access control lists, unless in the address or the default one
 * @param password unless in the address
 * @param timeout how long an answer may take before the job fails
 * @param keyPrefix what the names of all keys begin with, the same for all processes that share a
 *     Redis
 * @param batchSize most commands that are sent together
 * @param cacheBytes cap on the heap that the slots of all jobs take which are kept in memory
 * @param lease how long a process may be silent before what it keeps in Redis is removed
 */
public record RedisStateSettings(
    String uri,
    @Nullable String username,
    @Nullable String password,
    Duration timeout,
    String keyPrefix,
    int batchSize,
    long cacheBytes,
    Duration lease) {
  /** Where Redis is unless said otherwise. */
  public static final String DEFAULT_HOST = "localhost";

  /** The port of Redis unless said otherwise. */
  public static final int DEFAULT_PORT = 6379;

  /** The beginning of names unless said otherwise. */
  public static final String DEFAULT_KEY_PREFIX = "fluxcore:state:";

  /** Commands sent together unless said otherwise. */
  public static final int DEFAULT_BATCH_SIZE = 2_000;

  /** Time for an answer unless said otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** Time of silence unless said otherwise. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(60);

  private static final int SHARE_OF_HEAP = 4;

  public RedisStateSettings {
    if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("timeout of " + timeout + ", must be at least 1 ms");
    }
    if (keyPrefix.isEmpty()) {
      throw new IllegalArgumentException("the prefix of keys must not be empty");
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "batches of " + batchSize + " commands, must be 1 or more");
    }
    if (cacheBytes < 0) {
      throw new IllegalArgumentException("cache of " + cacheBytes + " bytes, must not be negative");
    }
    if (lease.compareTo(Duration.ofMillis(500)) < 0) {
      throw new IllegalArgumentException("lease of " + lease + ", must be at least 500 ms");
    }
  }

  /** The defaults, with a quarter of the heap as cache. */
  public static RedisStateSettings at(String uri) {
    return new RedisStateSettings(
        uri,
        null,
        null,
        DEFAULT_TIMEOUT,
        DEFAULT_KEY_PREFIX,
        DEFAULT_BATCH_SIZE,
        defaultCacheBytes(Runtime.getRuntime().maxMemory()),
        DEFAULT_LEASE);
  }

  /** The heap for slots unless said otherwise. */
  public static long defaultCacheBytes(long maxHeapBytes) {
    return maxHeapBytes / SHARE_OF_HEAP;
  }

  /** An address of its parts; an IPv6 address stands in brackets. */
  public static String uri(String host, int port, int database, boolean tls) {
    return (tls ? "rediss://" : "redis://") + host + ":" + port + "/" + database;
  }

  /** With other access. */
  public RedisStateSettings withAccess(@Nullable String newUsername, @Nullable String newPassword) {
    return new RedisStateSettings(
        uri, newUsername, newPassword, timeout, keyPrefix, batchSize, cacheBytes, lease);
  }

  /** With another prefix. */
  public RedisStateSettings withKeyPrefix(String newPrefix) {
    return new RedisStateSettings(
        uri, username, password, timeout, newPrefix, batchSize, cacheBytes, lease);
  }

  /** With another cap on the heap. */
  public RedisStateSettings withCacheBytes(long newCacheBytes) {
    return new RedisStateSettings(
        uri, username, password, timeout, keyPrefix, batchSize, newCacheBytes, lease);
  }

  /** With other times. */
  public RedisStateSettings withTimes(Duration newTimeout, Duration newLease) {
    return new RedisStateSettings(
        uri, username, password, newTimeout, keyPrefix, batchSize, cacheBytes, newLease);
  }

  /** With another number of commands. */
  public RedisStateSettings withBatchSize(int newBatchSize) {
    return new RedisStateSettings(
        uri, username, password, timeout, keyPrefix, newBatchSize, cacheBytes, lease);
  }

  /** Without what must not be told. */
  @Override
  public String toString() {
    return "RedisStateSettings["
        + place()
        + ", keyPrefix="
        + keyPrefix
        + ", timeout="
        + timeout
        + ", batchSize="
        + batchSize
        + ", cacheBytes="
        + cacheBytes
        + ", lease="
        + lease
        + "]";
  }

  /** The address without user and password. */
  String place() {
    int scheme = uri.indexOf("://");
    int access = uri.lastIndexOf('@');
    if (scheme < 0 || access < scheme) {
      return Objects.requireNonNull(uri);
    }
    return uri.substring(0, scheme + 3) + uri.substring(access + 1);
  }
}
