package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A FluxCore server, as its REST API shows it. */
final class Server {
  static final JsonMapper JSON = new JsonMapper();

  private static final String MEDIA_TYPE = "application/json";
  private static final byte[] NOTHING = {};

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

  /** Longer than the server lets a request wait. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_PATIENCE)
          .build();
  private final String url;

  /**
   * A server; nothing is sent yet.
   *
   * @param url without the path of the API
   * @throws FluxCoreException if that is no address
   */
  Server(String url) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    try {
      URI uri = URI.create(this.url);
      if (uri.getHost() != null && (url.startsWith("http://") || url.startsWith("https://"))) {
        return;
      }
    } catch (IllegalArgumentException e) {
      throw notAnAddress(url);
    }
    throw notAnAddress(url);
  }

  private static FluxCoreException notAnAddress(String url) {
    return FluxCoreException.user(
        "FLX-CLI-0002",
        Place.of("--server"),
        "'" + url + "' is not the address of a server",
        "give one such as http://localhost:8686");
  }

  /** A name as part of a path or query. */
  static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) throws InterruptedException {
    return exchange(request(path).GET().build()).json();
  }

  /** Posts, with a key by which the server knows a request that was sent twice. */
  JsonNode post(String path, String mediaType, byte[] body) throws InterruptedException {
    return exchange(post(path, mediaType, body, MEDIA_TYPE)).json();
  }

  /** The same with JSON. */
  JsonNode post(String path, JsonNode body) throws InterruptedException {
    return post(path, MEDIA_TYPE, JSON.writeValueAsBytes(body));
  }

  /** The same with nothing to be said. */
  JsonNode post(String path) throws InterruptedException {
    return post(path, MEDIA_TYPE, NOTHING);
  }

  /**
   * All of a list, part by part.
   *
   * @param path with a query that has one parameter already
   */
  ArrayNode list(String path) throws InterruptedException {
    ArrayNode all = JSON.createArrayNode();
    String cursor = "";
    do {
      JsonNode part = get(path + cursor);
      part.path("items").forEach(all::add);
      cursor = "&cursor=" + part.path("nextCursor").asString("");
    } while (!cursor.equals("&cursor="));
    return all;
  }

  /** Changes a part of something. */
  JsonNode patch(String path, JsonNode body) throws InterruptedException {
    return exchange(
            request(path)
                .header("Content-Type", MEDIA_TYPE)
                .header("Accept", MEDIA_TYPE)
                .method("PATCH", BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build())
        .json();
  }

  /** Posts and gives the problem as well, if it is one. */
  Answer tryPost(String path, String mediaType, byte[] body) throws InterruptedException {
    return send(post(path, mediaType, body, MEDIA_TYPE));
  }

  /**
   * Puts something at a path.
   *
   * @param version of what is changed, as the server tells it; null: any
   */
  JsonNode put(String path, String mediaType, byte[] body, @Nullable String version)
      throws InterruptedException {
    return exchange(
            of(version, request(path))
                .header("Content-Type", mediaType)
                .header("Accept", MEDIA_TYPE)
                .PUT(BodyPublishers.ofByteArray(body))
                .build())
        .json();
  }

  private static HttpRequest.Builder of(@Nullable String version, HttpRequest.Builder request) {
    return version == null ? request : request.header("If-Match", '"' + version + '"');
  }

  /** Removes what is at a path. */
  void delete(String path) throws InterruptedException {
    delete(path, null);
  }

  /**
   * Removes what is at a path.
   *
   * @param version of what is changed, as the server tells it; null: any
   */
  void delete(String path, @Nullable String version) throws InterruptedException {
    exchange(of(version, request(path)).DELETE().build());
  }

  private HttpRequest post(String path, String mediaType, byte[] body, String accept) {
    return request(path)
        .header("Content-Type", mediaType)
        .header("Accept", accept)
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).timeout(PATIENCE);
  }

  /** Posts and reads the answer line by line, for as long as it takes; the caller closes it. */
  InputStream open(String path, byte[] body) throws InterruptedException {
    return open(post(path, MEDIA_TYPE, body, "application/x-ndjson"));
  }

  private InputStream open(HttpRequest request) throws InterruptedException {
    HttpResponse<InputStream> response = call(request, BodyHandlers.ofInputStream());
    if (response.statusCode() < 400) {
      return response.body();
    }
    try (InputStream problem = response.body()) {
      throw refusal(new Answer(response.statusCode(), problem.readAllBytes(), 0));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Posts a file, which is read as it is sent, however long that takes. */
  JsonNode upload(String path, Path file) throws IOException, InterruptedException {
    return exchange(
            HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
                .header("Content-Type", "application/octet-stream")
                .header("Accept", MEDIA_TYPE)
                .POST(BodyPublishers.ofFile(file))
                .build())
        .json();
  }

  /** Reads bytes as they come, for as long as it takes; the caller closes the stream. */
  InputStream download(String path) throws InterruptedException {
    return open(HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).GET().build());
  }

  private Answer exchange(HttpRequest request) throws InterruptedException {
    Answer answer = send(request);
    if (answer.status() >= 400) {
      throw refusal(answer);
    }
    return answer;
  }

  private Answer send(HttpRequest request) throws InterruptedException {
    HttpResponse<byte[]> response = call(request, BodyHandlers.ofByteArray());
    return new Answer(
        response.statusCode(),
        response.body(),
        response.headers().firstValueAsLong("Retry-After").orElse(0));
  }

  private <T> HttpResponse<T> call(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws InterruptedException {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** That a server does not answer, or no longer. */
  ServerRefusal unreachable(IOException error) {
    String why = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    return ServerRefusal.unreachable(url, why);
  }

  /** What an answer with a problem means here. */
  static ServerRefusal refusal(Answer answer) {
    return ServerRefusal.of(answer.status(), answer.json());
  }

  /**
   * What a server answered.
   *
   * @param retryAfterSeconds 0 where it says nothing of that
   */
  record Answer(int status, byte[] body, long retryAfterSeconds) {
    /** The body; an empty object if it is no JSON, such as a proxy's. */
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JacksonException e) {
        return JsonNodeFactory.instance.objectNode();
      }
    }
  }
}
