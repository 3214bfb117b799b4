package io.fluxcore.adapters.in.rest;

import io.fluxcore.adapters.in.catalogue.ConnectionsView;
import io.fluxcore.adapters.in.catalogue.ConnectorList;
import io.fluxcore.adapters.in.catalogue.ConnectorView;
import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.adapters.in.jobfile.JobFileReader;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.ConnectionReport;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
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

/** What jobs can read and write here, and whether it can be reached. */
@RestController
@RequestMapping("/api/v1/connectors")
final class ConnectorController {
  private final FluxCoreService service;
  private final ConnectorRegistry connectors;
  private final JobFileReader reader;
  private final Turns waits;

  ConnectorController(
      FluxCoreService service, ConnectorRegistry connectors, JobFileReader reader, Turns waits) {
    this.service = service;
    this.connectors = connectors;
    this.reader = reader;
    this.waits = waits;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> list(@RequestParam(required = false) @Nullable String kind) {
    if (kind != null && !ConnectorView.KINDS.contains(kind)) {
      throw Refused.parameter(
          "kind", "'" + kind + "' is no kind of connector", "write source, sink or lookup");
    }
    return json(
        new ConnectorList(
            ConnectorView.all(connectors).stream()
                .filter(item -> kind == null || item.kind().equals(kind))
                .toList()));
  }

  @GetMapping(path = "/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> describe(@PathVariable String name) {
    List<ConnectorView> all = ConnectorView.all(connectors);
    List<ConnectorView> found = all.stream().filter(item -> item.name().equals(name)).toList();
    if (found.isEmpty()) {
      List<String> names = all.stream().map(ConnectorView::name).distinct().toList();
      throw new Refused(
          HttpStatus.NOT_FOUND,
          "FLX-CONN-0001",
          "there is no connector '" + name + "'",
          NearestName.remedy(name, names, "known are"));
    }
    return json(new ConnectorList(found));
  }

  @PostMapping(
      path = "/check",
      consumes = {MediaType.APPLICATION_JSON_VALUE, JobController.YAML},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> check(
      HttpServletRequest request,
      @RequestParam(name = "set", required = false) String @Nullable [] set)
      throws IOException {
    JobFile file =
        reader.parse(
            JobController.nameOf(request), Bodies.jobFile(request), JobController.parameters(set));
    Turns.Turn turn = waits.take();
    try {
      List<ConnectionReport> reports = service.checkConnections(file.topology(), file.config());
      return json(ConnectionsView.of(file, reports));
    } catch (FluxCoreException e) {
      throw file.locate(e);
    } finally {
      turn.close();
    }
  }

  private static ResponseEntity<byte[]> json(Object body) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(body));
  }
}
