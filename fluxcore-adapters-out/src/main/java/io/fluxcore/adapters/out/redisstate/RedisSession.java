package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.error.FluxCoreException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a process has in Redis while it has anything there: a name of its own, and a key that
 * expires when it is not renewed, which tells others that it lives. Ends with the last store.
 * Thread-safe.
 */
final class RedisSession {
  private static final System.Logger LOG = System.getLogger(RedisSession.class.getName());
  private static final int NAME_BYTES = 9;
  private static final int RENEWALS_IN_A_LEASE = 4;
  private static final int NETWORK_THREADS = 2;

  private final RedisStateSettings settings;
  private final Names names;
  private final ClientResources resources;
  private final RedisClient client;
  private final ScheduledExecutorService background;
  private final AtomicInteger stores = new AtomicInteger();
  private volatile @Nullable RedisLink renewals;
  private List<Future<?>> chores = List.of();
  private int holders;
  private volatile boolean isLost;

  private RedisSession(RedisStateSettings settings, RedisURI uri) {
    this.settings = settings;
    byte[] name = new byte[NAME_BYTES];
    new SecureRandom().nextBytes(name);
    this.names =
        new Names(
            settings.keyPrefix(), Base64.getUrlEncoder().withoutPadding().encodeToString(name));
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(NETWORK_THREADS)
            .computationThreadPoolSize(NETWORK_THREADS)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    this.client = RedisClient.create(resources, uri);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .protocolVersion(ProtocolVersion.RESP2)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .timeoutOptions(TimeoutOptions.create())
            .socketOptions(
                SocketOptions.builder().connectTimeout(settings.timeout()).keepAlive(true).build())
            .build());
    this.background =
        Executors.newScheduledThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "fluxcore-redis-state");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Connects, and sees that this Redis can keep state.
   *
   * @param operatorId who asks
   */
  static RedisSession open(RedisStateSettings settings, String operatorId) {
    RedisErrors errors = new RedisErrors(operatorId, settings.place());
    RedisSession session = new RedisSession(settings, uri(settings, errors));
    try {
      session.begin(operatorId);
      return session;
    } catch (RuntimeException e) {
      session.end();
      throw e;
    }
  }

  private static RedisURI uri(RedisStateSettings settings, RedisErrors errors) {
    RedisURI uri;
    try {
      uri = RedisURI.create(settings.uri());
    } catch (IllegalArgumentException e) {
      throw errors.noAddress(e);
    }
    uri.setTimeout(settings.timeout());
    String password = settings.password();
    if (password != null) {
      String username = settings.username();
      if (username == null) {
        uri.setAuthentication(password.toCharArray());
      } else {
        uri.setAuthentication(username, password.toCharArray());
      }
    }
    uri.setClientName("fluxcore-state");
    return uri;
  }

  private void begin(String operatorId) {
    RedisLink link = connect(operatorId);
    renewals = link;
    Suitability.check(link, LOG);
    Requests requests = link.requests();
    requests.word(
        CommandType.SET,
        Requests.args(names.alive())
            .addValue(names.sessionName())
            .add("PX")
            .add(settings.lease().toMillis()));
    requests.number(
        CommandType.SADD, Requests.args(names.sessions()).addValue(names.sessionName()));
    requests.end();
    Duration every = settings.lease().dividedBy(RENEWALS_IN_A_LEASE);
    chores =
        List.of(
            background.scheduleWithFixedDelay(
                this::renew, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS),
            background.scheduleWithFixedDelay(
                this::removeLeftovers, 0, settings.lease().toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * Another connection will do where one broke: stores look at the key through connections of their
   * own, which are not made again.
   */
  private void renew() {
    try {
      RedisLink link = renewals;
      if (link == null || !link.isOpen()) {
        link = connect("redis");
        renewals = link;
      }
      Requests requests = link.requests();
      Requests.Answer<String> answer =
          requests.word(
              CommandType.SET,
              Requests.args(names.alive())
                  .addValue(names.sessionName())
                  .add("XX")
                  .add("PX")
                  .add(settings.lease().toMillis()));
      requests.end();
      if (answer.orNull() == null) {
        isLost = true;
        LOG.log(
            System.Logger.Level.WARNING,
            "the state in Redis at {0} is taken to be gone: the key {1} was not there any more",
            settings.place(),
            names.prefix() + names.session() + ":alive");
      }
    } catch (RuntimeException e) {
      tell("the lease in Redis was not renewed", e);
    }
  }

  private void removeLeftovers() {
    try (RedisLink link = connect("redis")) {
      List<String> removed = new LeftBehind(link, names.prefix()).remove();
      if (!removed.isEmpty()) {
        LOG.log(
            System.Logger.Level.INFO,
            "removed what ended processes have left in Redis at {0}: {1}",
            settings.place(),
            removed);
      }
    } catch (RuntimeException e) {
      tell("what ended processes have left in Redis stays for now", e);
    }
  }

  /** A failure in the background, which is nothing to look at where the session has ended. */
  private void tell(String what, RuntimeException e) {
    LOG.log(
        background.isShutdown() ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING, what, e);
  }

  Names names() {
    return names;
  }

  /** A number that no other store of the session has. */
  int nextStore() {
    return stores.incrementAndGet();
  }

  /** A new connection. */
  RedisLink connect(String operatorId) {
    RedisErrors errors = new RedisErrors(operatorId, settings.place());
    try {
      return new RedisLink(
          client.connect(ByteArrayCodec.INSTANCE),
          errors,
          settings.timeout(),
          settings.batchSize());
    } catch (RedisException e) {
      Throwable cause = e.getCause();
      throw errors.unreachable(
          e.getMessage() + (cause == null ? "" : ": " + cause.getMessage()), e);
    }
  }

  // How long it lasts

  /** Says that its keys are not there any more: others take it to be dead. */
  void lost() {
    isLost = true;
  }

  /** Holds it open, unless it has ended or may not be used any more. */
  synchronized boolean hold() {
    RedisLink link = renewals;
    if (isLost || background.isShutdown() || link == null || !link.isOpen()) {
      return false;
    }
    holders++;
    return true;
  }

  /** Who holds nothing any more; the last one ends it, and nothing is left of it in Redis. */
  synchronized void release() {
    if (--holders > 0) {
      return;
    }
    RedisLink link = renewals;
    boolean wasInterrupted = Thread.interrupted();
    try {
      if (link != null && link.isOpen()) {
        new LeftBehind(link, names.prefix()).remove(names);
      }
    } catch (FluxCoreException e) {
      LOG.log(System.Logger.Level.DEBUG, "the session in Redis is left to expire", e);
    } finally {
      end();
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void end() {
    background.shutdown();
    chores.forEach(chore -> chore.cancel(true));
    long millis = settings.timeout().toMillis();
    try {
      if (!background.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
        LOG.log(System.Logger.Level.DEBUG, "work in the background of Redis does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RedisLink link = renewals;
    if (link != null) {
      link.close();
    }
    client.shutdown(Duration.ZERO, settings.timeout());
    resources.shutdown(0, millis, TimeUnit.MILLISECONDS).awaitUninterruptibly(millis);
  }
}
