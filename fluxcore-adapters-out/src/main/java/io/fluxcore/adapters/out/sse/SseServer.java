package io.fluxcore.adapters.out.sse;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fluxcore.adapters.out.push.PushClients;
import io.fluxcore.adapters.out.push.PushOptions;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.TlsStores;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Serves a stream of server-sent events (HTML standard, section 9.2) with the server of the JDK, a
 * thread for each client.
 */
final class SseServer implements PushClients, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SseServer.class.getName());
  private static final String NO_PORT = "FLX-SSE-0001";
  private static final int CALLS_THAT_WAIT = 50;
  private static final long CLOSE_SECONDS = 5;
  private static final int REFUSING_THREADS = 8;
  private static final long IDLE_SECONDS = 60;

  private final PushOptions options;
  private final Duration heartbeat;
  private final String epoch;
  private final RecentEvents events;
  private final HttpServer server;
  private final ExecutorService threads;
  private final Set<SseClient> clients = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread watch;
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Starts one.
   *
   * @param epoch what the ids of these events begin with, so that those of others are known
   */
  SseServer(SseOptions options, String epoch, RecentEvents events) {
    this.options = options.push();
    this.heartbeat = options.heartbeat();
    this.epoch = epoch;
    this.events = events;
    this.threads = threads(this.options);
    this.server = open(this.options);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    this.watch = thread("watch of " + options, this::watch);
    watch.start();
  }

  /** One for each client, and some to refuse others. */
  private static ExecutorService threads(PushOptions options) {
    int most = options.maxClients() + REFUSING_THREADS;
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> thread(options.toString(), work));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private static HttpServer open(PushOptions options) {
    InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
    TlsStores tls = options.tls();
    try {
      if (tls == null) {
        return HttpServer.create(address, CALLS_THAT_WAIT);
      }
      HttpsServer secure = HttpsServer.create(address, CALLS_THAT_WAIT);
      secure.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
      return secure;
    } catch (IOException e) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  NO_PORT,
                  Place.of("port"),
                  "cannot listen at " + options + ": " + e.getMessage(),
                  "give an address of this machine, and a port that nobody else listens at and"
                      + " that this user may have")),
          e);
    }
  }

  /** Where it listens. */
  int port() {
    return server.getAddress().getPort();
  }

  /** Requests that were not let in. */
  long refused() {
    return refused.get();
  }

  @Override
  public long missed() {
    return missed.get();
  }

  /** Clients that were dropped because they took nothing. */
  long dropped() {
    return dropped.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
      int status = status(exchange);
      if (status == 200) {
        serve(exchange);
      } else {
        refuse(exchange, status);
      }
    }
  }

  /** 200: it is let in. */
  private int status(HttpExchange exchange) {
    Headers answer = exchange.getResponseHeaders();
    if (!exchange.getRequestURI().getPath().equals(options.path())) {
      return 404;
    }
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    if (origin != null) {
      if (!options.allowsOrigin(origin)) {
        return 403;
      }
      boolean isAny = options.allowedOrigins().contains("*");
      answer.set("Access-Control-Allow-Origin", isAny ? "*" : origin);
      answer.set("Vary", "Origin");
    }
    if (exchange.getRequestMethod().equals("OPTIONS") && origin != null) {
      answer.set("Access-Control-Allow-Methods", "GET");
      answer.set("Access-Control-Allow-Headers", "Authorization, Last-Event-ID, Cache-Control");
      return 204;
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      answer.set("Allow", "GET");
      return 405;
    }
    if (!isAdmitted(exchange.getRequestHeaders().getFirst("Authorization"))) {
      options.access().challenges().forEach(c -> answer.add("WWW-Authenticate", c));
      return 401;
    }
    return 200;
  }

  private boolean isAdmitted(@Nullable String authorization) {
    try {
      return options.access().admits(authorization);
    } catch (FluxCoreException e) {
      LOG.log(System.Logger.Level.ERROR, "{0}: nobody is let in: {1}", options, e.getMessage());
      return false;
    }
  }

  private void refuse(HttpExchange exchange, int status) throws IOException {
    if (status != 204) {
      long number = refused.incrementAndGet();
      if (Long.bitCount(number) == 1) { // the first, second, fourth, eighth …
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}: a request of {1} was refused with status {2}; refused so far: {3}",
            options,
            exchange.getRemoteAddress(),
            status,
            number);
      }
    }
    exchange.sendResponseHeaders(status, -1);
  }

  private void serve(HttpExchange exchange) throws IOException {
    SseClient client = new SseClient(exchange, epoch, events, heartbeat, missed);
    if (!enter(client)) {
      exchange.getResponseHeaders().set("Retry-After", "10");
      refuse(exchange, 503);
      return;
    }
    try {
      client.run();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "{0}: a client has gone: {1}", options, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      clients.remove(client);
    }
  }

  private synchronized boolean enter(SseClient client) {
    return closed.getCount() > 0 && clients.size() < options.maxClients() && clients.add(client);
  }

  /** Drops clients that take nothing: their threads are stuck in writing. */
  private void watch() {
    long timeout = options.sendTimeout().toNanos();
    try {
      while (!closed.await(
          Math.max(10, options.sendTimeout().toMillis() / 4), TimeUnit.MILLISECONDS)) {
        for (SseClient client : clients) {
          if (client.isStuck(timeout)) {
            dropped.incrementAndGet();
            LOG.log(
                System.Logger.Level.WARNING,
                "{0}: the client {1} takes nothing, and is dropped",
                options,
                client);
            client.drop();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end();
  }

  @Override
  public void end() {
    synchronized (this) {
      closed.countDown();
    }
    clients.forEach(SseClient::leave);
    events.wake();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        clients.forEach(SseClient::drop);
        threads.shutdownNow();
        if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
          LOG.log(System.Logger.Level.WARNING, "{0}: a client cannot be ended", options);
        }
      }
      server.stop(0);
      watch.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.stop(0);
    }
    if (missed.get() + dropped.get() + refused.get() > 0) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: clients missed {1} events, {2} clients were dropped, {3} requests refused",
          options,
          missed,
          dropped,
          refused);
    }
  }
}
