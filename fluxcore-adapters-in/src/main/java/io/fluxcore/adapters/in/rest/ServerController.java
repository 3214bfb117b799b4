package io.fluxcore.adapters.in.rest;

import io.fluxcore.adapters.in.jobfile.text.StructuredText;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.results.SubscribeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the server is, and what its API is. */
@RestController
@RequestMapping("/api/v1")
final class ServerController {
  private static final List<String> FEATURES =
      List.of(
          "connectors",
          "jobs",
          "jobs.dryRun",
          "jobs.graph",
          "jobs.metrics",
          "jobs.diagnosis",
          "jobs.results",
          "streams.publish",
          "streams.query",
          "streams.websocket",
          "sql",
          "queries",
          "views");

  private final ServerResource server;
  private final byte[] openApi;

  ServerController(RestSettings settings, ConnectorRegistry connectors) {
    this.server =
        new ServerResource(
            "FluxCore",
            settings.version(),
            "v1",
            FEATURES,
            new ServerResource.Limits(
                StructuredText.MAX_BYTES,
                settings.maxPublishBytes(),
                settings.maxPublishEvents(),
                settings.maxEventBytes(),
                settings.maxReadings(),
                settings.maxWaits(),
                settings.maxQueries(),
                SubscribeOptions.MAX_LATEST),
            names(connectors.sources()),
            names(connectors.sinks()));
    this.openApi = openApi();
  }

  private static List<String> names(List<ConnectorDescriptor> connectors) {
    return connectors.stream().map(ConnectorDescriptor::name).toList();
  }

  private static byte[] openApi() {
    try (InputStream in =
        Objects.requireNonNull(ServerController.class.getResourceAsStream("openapi.json"))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @GetMapping(path = "/info", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> info() {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(server));
  }

  @GetMapping(path = "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> description() {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(openApi);
  }
}
