package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.error.FluxCoreException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One connection. It is not made again when it breaks: who wrote through it cannot know any more
 * what Redis holds, which may have been started anew with what it had on its disk, or be another
 * one that took its place. Thread-safe.
 */
final class RedisLink implements AutoCloseable {
  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final RedisErrors errors;
  private final Duration timeout;
  private final int batchSize;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  RedisLink(
      StatefulRedisConnection<byte[], byte[]> connection,
      RedisErrors errors,
      Duration timeout,
      int batchSize) {
    this.connection = connection;
    this.errors = errors;
    this.timeout = timeout;
    this.batchSize = batchSize;
  }

  StatefulRedisConnection<byte[], byte[]> connection() {
    return connection;
  }

  RedisErrors errors() {
    return errors;
  }

  Duration timeout() {
    return timeout;
  }

  int batchSize() {
    return batchSize;
  }

  /** Commands that nothing guards. */
  Requests requests() {
    return new Requests(this, null, failure -> {});
  }

  /**
   * Commands that count only while a key is there.
   *
   * @param failed is told of a failure before it is thrown
   */
  Requests requests(byte[] guard, Consumer<FluxCoreException> failed) {
    return new Requests(this, guard, failed);
  }

  /** Whether it was neither closed nor broken. */
  boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public void close() {
    if (isClosed.getAndSet(true)) {
      return;
    }
    try {
      connection.close();
    } catch (RedisException e) {
      System.getLogger(RedisLink.class.getName())
          .log(System.Logger.Level.DEBUG, "a connection to Redis was broken already", e);
    }
  }
}
