package io.fluxcore.adapters.out.sse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads a stream of events on a thread of its own, as a browser does. */
final class TestClient implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final HttpResponse<InputStream> response;
  private final Thread thread = new Thread(this::read, "test client");
  private final List<Event> events = new ArrayList<>();
  private int comments;
  private boolean ended;

  /**
   * An event.
   *
   * @param kind {@code message} unless it says another
   * @param id null: none
   */
  record Event(String kind, @Nullable String id, String data) {
    long number() {
      return id == null ? -1 : Long.parseLong(id.substring(id.indexOf('-') + 1));
    }
  }

  private TestClient(HttpResponse<InputStream> response) {
    this.response = response;
    thread.setDaemon(true);
    thread.start();
  }

  static HttpRequest.Builder request(int port) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/rows"));
  }

  static HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One that is connected, and has had the first comment. */
  static TestClient connect(HttpRequest.Builder request) {
    try {
      HttpResponse<InputStream> response = send(request.build());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("status " + response.statusCode());
      }
      TestClient client = new TestClient(response);
      client.await(c -> c.comments() > 0);
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      String kind = "message";
      String id = null;
      List<String> data = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(":")) {
          comment();
        } else if (line.startsWith("event: ")) {
          kind = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          data.add(line.substring(6));
        } else if (line.isEmpty() && !data.isEmpty()) {
          add(new Event(kind, id, String.join("\n", data)));
          kind = "message";
          id = null;
          data.clear();
        }
      }
    } catch (IOException e) {
      Thread.onSpinWait(); // the server has ended it
    } finally {
      end();
    }
  }

  private synchronized void comment() {
    comments++;
    notifyAll();
  }

  private synchronized void add(Event event) {
    events.add(event);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized int comments() {
    return comments;
  }

  synchronized boolean ended() {
    return ended;
  }

  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  List<String> data() {
    return events().stream().map(Event::data).toList();
  }

  HttpResponse<InputStream> response() {
    return response;
  }

  synchronized void await(Predicate<TestClient> condition) {
    try {
      while (!condition.test(this)) {
        if (ended) {
          throw new AssertionError("the stream has ended: " + events);
        }
        wait(100);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
