package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.query.SqlWorkspace;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Queries in SQL: started, read, listed, cancelled. */
@RestController
@RequestMapping("/api/v1/queries")
final class QueryController {
  private final FluxCoreService service;
  private final Queries queries;

  QueryController(FluxCoreService service, Queries queries) {
    this.service = service;
    this.queries = queries;
  }

  /**
   * Starts a query. Whoever accepts rows gets them as the answer, on the request's own thread; to
   * all others it is said where they are.
   */
  @PostMapping(
      consumes = {MediaType.APPLICATION_JSON_VALUE, SqlScripts.SQL},
      produces = {
        MediaType.APPLICATION_JSON_VALUE,
        Streaming.NDJSON,
        MediaType.TEXT_EVENT_STREAM_VALUE
      })
  void start(HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    SqlRequest wanted = SqlScripts.read(request);
    SqlWorkspace workspace = SqlScripts.workspace(service, wanted);
    SqlScripts.Last last = SqlScripts.understood(workspace, wanted.script());
    OpenQuery query = queries.start(last.statement().text(), wanted, () -> last.query(workspace));
    if (Streaming.wantsRows(request)) {
      query.beginReading();
      pass(query, request, response);
      return;
    }
    response.setStatus(HttpStatus.CREATED.value());
    response.setHeader(HttpHeaders.LOCATION, "/api/v1/queries/" + query.id());
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.getOutputStream().write(Json.MAPPER.writeValueAsBytes(query.resource()));
  }

  private void pass(OpenQuery query, HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    try {
      response.setHeader("X-FluxCore-Query", query.id());
      Streaming.write(request, response, client -> query.read(client, queries.heartbeat()));
    } finally {
      query.endReading(queries.now());
    }
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> list() {
    List<QueryResource> items = queries.all().stream().map(OpenQuery::resource).toList();
    return json(new QueryResource.QueryPage(items, null, items.size()));
  }

  @GetMapping(path = "/{query}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(@PathVariable String query) {
    return json(queries.get(query).resource());
  }

  /** The rows of a query that was started before; a client that goes cancels it. */
  @GetMapping(
      path = "/{query}/results",
      produces = {Streaming.NDJSON, MediaType.TEXT_EVENT_STREAM_VALUE})
  void results(@PathVariable String query, HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    OpenQuery open = queries.get(query);
    open.beginReading();
    pass(open, request, response);
  }

  @DeleteMapping(path = "/{query}")
  ResponseEntity<Void> cancel(@PathVariable String query) {
    queries.remove(query);
    return ResponseEntity.noContent().build();
  }

  private static ResponseEntity<byte[]> json(Object resource) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(resource));
  }
}
