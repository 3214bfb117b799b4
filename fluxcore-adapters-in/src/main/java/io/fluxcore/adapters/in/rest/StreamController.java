package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.publish.PublishStreams;
import io.fluxcore.domain.error.NearestName;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Streams: events go in, results come out. */
@RestController
@RequestMapping("/api/v1/streams")
final class StreamController {
  private static final String NDJSON = Streaming.NDJSON;

  private final PublishStreams streams;
  private final Readings readings;
  private final ViewQueries standing;
  private final RestSettings settings;

  StreamController(
      PublishStreams streams, Readings readings, ViewQueries standing, RestSettings settings) {
    this.standing = standing;
    this.streams = streams;
    this.readings = readings;
    this.settings = settings;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> list() {
    List<StreamPage.StreamItem> items = streams.names().stream().sorted().map(this::item).toList();
    return json(HttpStatus.OK, new StreamPage(items, null, items.size()));
  }

  private StreamPage.StreamItem item(String name) {
    return new StreamPage.StreamItem(
        name, !streams.challenges(name).isEmpty(), streams.refused(name));
  }

  @PostMapping(
      path = "/publish",
      consumes = {MediaType.APPLICATION_JSON_VALUE, NDJSON},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> publish(
      @RequestParam(required = false) @Nullable String stream,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    if (stream == null) {
      throw Refused.parameter("stream", "is missing", "name the stream: ?stream=…");
    }
    return publishTo(stream, request, response);
  }

  @PostMapping(
      path = "/{name}/events",
      consumes = {MediaType.APPLICATION_JSON_VALUE, NDJSON},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> events(
      @PathVariable String name, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    return publishTo(name, request, response);
  }

  private ResponseEntity<byte[]> publishTo(
      String stream, HttpServletRequest request, HttpServletResponse response) throws IOException {
    List<String> names = streams.names();
    if (!names.contains(stream)) {
      throw new Refused(
          HttpStatus.NOT_FOUND,
          "FLX-REST-0020",
          "no running job has a stream '" + stream + "'",
          names.isEmpty()
              ? "submit a job with a source that takes published events"
              : NearestName.remedy(stream, names, "streams are"));
    }
    if (!streams.admits(stream, request.getHeader("Authorization"))) {
      streams.challenges(stream).forEach(c -> response.addHeader("WWW-Authenticate", c));
      throw new Refused(
          HttpStatus.UNAUTHORIZED,
          "FLX-REST-0022",
          "stream '" + stream + "' takes events of those only who show its secret",
          "send the header Authorization with the stream's token, or with user and password");
    }
    String type = Objects.requireNonNullElse(request.getContentType(), "");
    boolean lines = type.toLowerCase(Locale.ROOT).startsWith(NDJSON);
    PublishResource result =
        new Publication(streams, stream, settings)
            .publish(
                new EventSplitter(
                    Bodies.open(request, settings.maxPublishBytes()),
                    lines,
                    settings.maxEventBytes()));
    Refused nothingTaken = Publication.nothingTaken(result);
    if (nothingTaken != null) {
      throw nothingTaken;
    }
    return json(HttpStatus.ACCEPTED, result);
  }

  /** Written on the request's own thread: a slow client holds nothing else. */
  @PostMapping(
      path = "/query",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = {NDJSON, MediaType.TEXT_EVENT_STREAM_VALUE})
  void query(HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    ReadingRequest wanted = Bodies.settings(request, ReadingRequest.class);
    if (wanted == null) {
      wanted = new ReadingRequest(null, null, null, null, null, null);
    }
    wanted.check();
    String sql = wanted.query();
    if (sql != null) {
      standing.pass(sql, wanted, request, response);
      return;
    }
    try (Readings.Open open = readings.open(wanted)) {
      Streaming.write(request, response, client -> open.reading().run(client));
    }
  }

  private static ResponseEntity<byte[]> json(HttpStatus status, Object resource) {
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(resource));
  }
}
