package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** A client for tests, which holds each answer against the description of the API. */
final class Api {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final OpenApi description;

  Api(String url) throws IOException, InterruptedException {
    this.url = url;
    this.description = new OpenApi(read(request("/api/v1/openapi.json").build()).json());
  }

  OpenApi description() {
    return description;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  Answer post(String path, String type, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** Sends, reads and checks. */
  Answer send(HttpRequest request) throws IOException, InterruptedException {
    Answer answer = read(request);
    String type = answer.header("Content-Type");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    if (answer.status() >= 400) {
      assertThat(type).isEqualTo(Problem.MEDIA_TYPE);
      assertThat(answer.json().get("status").asInt()).isEqualTo(answer.status());
    }
    if (!type.contains("ndjson") && !type.contains("event-stream")) {
      description.check(
          request.method(), request.uri().getPath(), answer.status(), type, answer.json());
    }
    return answer;
  }

  private Answer read(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(response);
  }

  /** Sends, and leaves the reading to the test. */
  HttpResponse<InputStream> open(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  /** What a server answered. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String body() {
      return response.body();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
      return Json.MAPPER.readTree(response.body());
    }

    /** A value by its JSON pointer, as text. */
    String at(String pointer) {
      return json().at(pointer).asString();
    }
  }
}
