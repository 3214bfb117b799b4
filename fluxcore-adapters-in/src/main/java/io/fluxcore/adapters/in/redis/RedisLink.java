package io.fluxcore.adapters.in.redis;

import io.fluxcore.application.connector.TlsStores;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes the connections of one reader, which are not mended when they break: the reader begins anew
 * where it was. Thread-safe.
 */
final class RedisLink implements AutoCloseable {
  private static final int THREADS = 2; // fewer are refused
  private static final long END_MILLIS = 2_000;

  private final RedisSettings settings;
  private final ClientResources resources;
  private final RedisClient client;
  private boolean isClosed;

  RedisLink(RedisSettings settings) {
    this.settings = settings;
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    this.client = RedisClient.create(resources);
    ClientOptions.Builder options =
        ClientOptions.builder()
            .autoReconnect(false)
            .protocolVersion(ProtocolVersion.RESP2)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .timeoutOptions(TimeoutOptions.create())
            .socketOptions(
                SocketOptions.builder().connectTimeout(settings.timeout()).keepAlive(true).build());
    if (settings.tls().enabled()) {
      options.sslOptions(ssl());
    }
    client.setOptions(options.build());
  }

  private SslOptions ssl() {
    TlsStores stores = new TlsStores(settings.tls());
    SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
    TrustManagerFactory trust = stores.trustManagers();
    if (trust != null) {
      ssl.trustManager(trust);
    }
    KeyManagerFactory keys = stores.keyManagers();
    if (keys != null) {
      ssl.keyManager(keys);
    }
    return ssl.build();
  }

  private RedisURI uri() {
    RedisURI uri = RedisURI.create(settings.uri());
    uri.setTimeout(settings.timeout());
    uri.setSsl(settings.tls().enabled());
    if (!settings.tls().verifyHostname()) {
      uri.setVerifyPeer(SslVerifyMode.CA);
    }
    String password = settings.password().read();
    if (password != null) {
      uri.setAuthentication(settings.user(), password.toCharArray());
    }
    return uri;
  }

  /** A new connection, in a while. */
  CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connect() {
    return client.connectAsync(ByteArrayCodec.INSTANCE, uri()).toCompletableFuture();
  }

  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    client.shutdown(0, END_MILLIS, TimeUnit.MILLISECONDS);
    resources.shutdown(0, END_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(END_MILLIS);
  }
}
