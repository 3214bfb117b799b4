package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.view.MaterializedView;
import io.fluxcore.application.view.ViewSnapshot;
import io.fluxcore.domain.event.EventRecord;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Materialised views: listed, and asked for a row by its key. */
@RestController
@RequestMapping("/api/v1/views")
final class ViewController {
  private final FluxCoreService service;

  ViewController(FluxCoreService service) {
    this.service = service;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> list() {
    List<ViewResource> items = service.listViews().stream().map(ViewController::resource).toList();
    return json(Json.MAPPER.writeValueAsBytes(new ViewPage(items, null, items.size())));
  }

  @GetMapping(path = "/{view}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(@PathVariable String view) {
    return json(Json.MAPPER.writeValueAsBytes(resource(service.view(view))));
  }

  private static ViewResource resource(MaterializedView view) {
    ViewSnapshot snapshot = view.snapshot();
    return new ViewResource(
        view.name(),
        QueryResource.columns(snapshot.schema()),
        view.key(),
        snapshot.size(),
        snapshot.version());
  }

  /** The row as it was after the last batch; its entity tag is the version of the view. */
  @GetMapping(path = "/{view}/rows/{key}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> row(
      @PathVariable String view,
      @PathVariable String key,
      @RequestHeader(name = "If-None-Match", required = false) @Nullable String known) {
    ViewSnapshot snapshot = service.view(view).snapshot();
    String tag = "\"" + snapshot.version() + "\"";
    Optional<EventRecord> row = snapshot.find(JobController.key(key));
    if (row.isEmpty()) {
      throw new Refused(
          HttpStatus.NOT_FOUND,
          "FLX-REST-0044",
          "view '" + view + "' has no row of the key " + key,
          "it may come; GET /api/v1/views/" + view + " tells the fields of the key");
    }
    if (tag.equals(known)) {
      return ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(tag).build();
    }
    return ResponseEntity.ok()
        .eTag(tag)
        .contentType(MediaType.APPLICATION_JSON)
        .body(ResultJson.write(json -> ResultJson.row(json, row.get(), snapshot.version())));
  }

  private static ResponseEntity<byte[]> json(byte[] body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }

  /**
   * A view.
   *
   * @param key the fields that name a row; none where nothing does
   * @param rows that it has now
   * @param version grows with each batch that changes it
   */
  record ViewResource(
      String name,
      List<QueryResource.ColumnResource> columns,
      List<String> key,
      long rows,
      long version) {}

  /** Views by name. */
  record ViewPage(List<ViewResource> items, @Nullable String nextCursor, int total) {}
}
