package io.fluxcore.adapters.out.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one writer or reader, made anew when it broke: the library would send commands
 * again by itself, and out of order with what a writer sends. Not thread-safe.
 */
final class RedisLink implements AutoCloseable {
  private static final int THREADS = 2; // fewer are refused
  private static final int ATTEMPTS = 3;
  private static final Duration QUIET = Duration.ZERO;
  private static final Duration END = Duration.ofSeconds(2);

  private final RedisAddress address;
  private final ClientResources resources;
  private final RedisClient client;
  private @Nullable StatefulRedisConnection<byte[], byte[]> connection;
  private boolean isClosed;

  RedisLink(RedisAddress address) {
    this.address = address;
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    this.client = RedisClient.create(resources);
    ClientOptions.Builder settings =
        ClientOptions.builder()
            .autoReconnect(false)
            .protocolVersion(ProtocolVersion.RESP2)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .timeoutOptions(TimeoutOptions.create())
            .socketOptions(
                SocketOptions.builder().connectTimeout(address.timeout()).keepAlive(true).build());
    if (address.tls().caFile() != null) {
      settings.sslOptions(
          SslOptions.builder()
              .jdkSslProvider()
              .trustManager(address.tls().caFile().toFile())
              .build());
    }
    client.setOptions(settings.build());
  }

  private RedisURI uri() {
    RedisURI uri = RedisURI.create(address.uri());
    uri.setTimeout(address.timeout());
    if (address.tls().insecure()) {
      uri.setVerifyPeer(SslVerifyMode.NONE);
    }
    String password = address.password().read();
    if (password != null) {
      uri.setAuthentication(address.user(), password.toCharArray());
    }
    return uri;
  }

  /**
   * The connection, which sends when it is told to.
   *
   * @throws RedisException if there is none now
   * @throws io.fluxcore.domain.error.FluxCoreException if Redis does not let us
   */
  StatefulRedisConnection<byte[], byte[]> connection() {
    StatefulRedisConnection<byte[], byte[]> current = connection;
    if (current != null && current.isOpen()) {
      return current;
    }
    drop();
    current = connected();
    current.setAutoFlushCommands(false);
    connection = current;
    return current;
  }

  /**
   * A new connection. Redis closes one that it refuses, and the library may see that before it
   * reads why: so it is asked again.
   */
  private StatefulRedisConnection<byte[], byte[]> connected() {
    RedisConnectionException closed = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return client.connect(ByteArrayCodec.INSTANCE, uri());
      } catch (RedisConnectionException e) {
        boolean wasClosed = false;
        for (Throwable at = e; at != null; at = at.getCause()) {
          if (at instanceof RedisCommandExecutionException answer
              && RedisSinkErrors.isNoAccess(String.valueOf(answer.getMessage()))) {
            throw RedisSinkErrors.refused(address, String.valueOf(answer.getMessage()), e);
          }
          wasClosed |= String.valueOf(at.getMessage()).contains("closed prematurely");
        }
        if (!wasClosed) {
          throw e;
        }
        closed = e;
      }
    }
    throw Objects.requireNonNull(closed);
  }

  /** Whether this is the connection. */
  boolean isConnectedBy(StatefulRedisConnection<byte[], byte[]> other) {
    return connection == other;
  }

  /** Ends the connection; the next call makes another. */
  void drop() {
    StatefulRedisConnection<byte[], byte[]> current = connection;
    connection = null;
    if (current != null) {
      try {
        current.close();
      } catch (RedisException e) {
        System.getLogger(RedisLink.class.getName())
            .log(System.Logger.Level.DEBUG, "a connection to Redis was broken already", e);
      }
    }
  }

  /**
   * Asks whether Redis is there.
   *
   * @throws io.fluxcore.application.connector.TransientSinkException if it does not answer
   * @throws io.fluxcore.domain.error.FluxCoreException if it does not let us
   */
  void ping() {
    try {
      StatefulRedisConnection<byte[], byte[]> current = connection();
      current.setAutoFlushCommands(true);
      current.sync().ping();
    } catch (RedisCommandExecutionException e) {
      String answer = String.valueOf(e.getMessage());
      if (RedisSinkErrors.isNoAccess(answer)) {
        throw RedisSinkErrors.refused(address, answer, e);
      }
      throw RedisSinkErrors.noAnswer(address, answer, 0, e);
    } catch (RedisException e) {
      throw RedisSinkErrors.noAnswer(address, e.toString(), 0, e);
    }
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    drop();
    client.shutdown(QUIET, END);
    resources
        .shutdown(QUIET.toMillis(), END.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(END.toMillis());
  }
}
