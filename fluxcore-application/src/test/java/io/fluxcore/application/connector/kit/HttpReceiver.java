package io.fluxcore.application.connector.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fluxcore.application.kit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server of a test that keeps what it is sent, and answers as the test says: the outside of sinks
 * that speak HTTP, or a gate before a real one.
 */
public final class HttpReceiver implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("connection", "content-length", "host", "transfer-encoding", "upgrade", "expect");

  private final int port;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final @Nullable TestCertificate certificate;
  private HttpServer server;
  private volatile CountDownLatch awake = new CountDownLatch(0);
  private volatile Function<Request, Answer> behaviour;

  /**
   * What was sent.
   *
   * @param target path and query
   * @param headers the first value of each, by name in lower case
   */
  public record Request(String method, String target, Map<String, String> headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** A header, or null. */
    public @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  /**
   * What is answered.
   *
   * @param headers by name
   */
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    public static Answer of(int status) {
      return of(status, "");
    }

    public static Answer of(int status, String body) {
      return new Answer(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    public Answer with(String header, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body);
    }
  }

  private HttpReceiver(@Nullable TestCertificate certificate, Function<Request, Answer> behaviour) {
    this.port = FreePort.next();
    this.certificate = certificate;
    this.behaviour = behaviour;
    this.server = listen();
  }

  private HttpServer listen() {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      HttpServer made;
      if (certificate == null) {
        made = HttpServer.create(address, 0);
      } else {
        HttpsServer secure = HttpsServer.create(address, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        made = secure;
      }
      made.setExecutor(threads);
      made.createContext("/", this::serve);
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one at a free port. */
  public static HttpReceiver start(Function<Request, Answer> behaviour) {
    return new HttpReceiver(null, behaviour);
  }

  /** Starts one that speaks TLS. */
  public static HttpReceiver start(
      TestCertificate certificate, Function<Request, Answer> behaviour) {
    return new HttpReceiver(certificate, behaviour);
  }

  /** Answers as another server does. */
  public static Function<Request, Answer> forwardTo(String url) {
    return request -> {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(URI.create(url + request.target()))
              .method(request.method(), BodyPublishers.ofByteArray(request.body()));
      request
          .headers()
          .forEach(
              (name, value) -> {
                if (!OF_THE_CONNECTION.contains(name)) {
                  builder.header(name, value);
                }
              });
      try {
        HttpResponse<byte[]> response = CLIENT.send(builder.build(), BodyHandlers.ofByteArray());
        Map<String, String> headers = new TreeMap<>();
        response
            .headers()
            .map()
            .forEach(
                (name, values) -> {
                  if (!OF_THE_CONNECTION.contains(name)) {
                    headers.put(name, values.get(0));
                  }
                });
        return new Answer(response.statusCode(), headers, response.body());
      } catch (IOException e) {
        return Answer.of(502, e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Answer.of(502, e.toString());
      }
    };
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new TreeMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers,
              exchange.getRequestBody().readAllBytes());
      requests.add(request);
      awake.await();
      Answer answer = behaviour.apply(request);
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      boolean isEmpty = answer.body().length == 0 || request.method().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), isEmpty ? -1 : answer.body().length);
      if (!isEmpty) {
        exchange.getResponseBody().write(answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How it answers from now on. */
  public void behave(Function<Request, Answer> newBehaviour) {
    behaviour = newBehaviour;
  }

  /** What came so far, in its order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Its address, without a slash at the end. */
  public String url() {
    return (certificate == null ? "http" : "https") + "://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** Ends it, with its connections, until {@link #restart}; it keeps what came. */
  public void kill() {
    server.stop(0);
  }

  /** Starts it again at its port. */
  public void restart() {
    server = listen();
  }

  /** Has it take requests and answer nothing until {@link #resume}. */
  public void pause() {
    awake = new CountDownLatch(1);
  }

  /** Lets it go on, with what came meanwhile. */
  public void resume() {
    awake.countDown();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
