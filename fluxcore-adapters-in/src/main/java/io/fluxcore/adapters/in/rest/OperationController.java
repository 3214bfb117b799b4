package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What takes its time: begun at a job, followed by its id. */
@RestController
@RequestMapping("/api/v1")
final class OperationController {
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private final FluxCoreService service;
  private final JobLookup jobs;
  private final Turns waits;

  OperationController(FluxCoreService service, Turns waits) {
    this.service = service;
    this.jobs = new JobLookup(service);
    this.waits = waits;
  }

  @PostMapping(path = "/jobs/{job}/suspend", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> suspend(@PathVariable String job, HttpServletRequest request)
      throws IOException {
    Bodies.settings(request, JobController.EmptyRequest.class);
    return begun(service.suspendJob(jobs.find(job)));
  }

  @PostMapping(path = "/jobs/{job}/resume", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> resume(@PathVariable String job, HttpServletRequest request)
      throws IOException {
    Bodies.settings(request, JobController.EmptyRequest.class);
    return begun(service.resumeJob(jobs.find(job)));
  }

  @PostMapping(path = "/jobs/{job}/restart", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> restart(@PathVariable String job, HttpServletRequest request)
      throws IOException {
    RestartRequest settings = Bodies.settings(request, RestartRequest.class);
    boolean withState = settings == null || settings.withState() == null || settings.withState();
    return begun(service.restartJob(jobs.find(job), withState));
  }

  @PatchMapping(path = "/jobs/{job}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> change(@PathVariable String job, HttpServletRequest request)
      throws IOException {
    ChangeRequest change = Bodies.settings(request, ChangeRequest.class);
    Integer parallelism =
        change == null || change.spec() == null ? null : change.spec().parallelism();
    if (parallelism == null) {
      throw Refused.invalid(
          List.of(Problem.Fault.at("/spec/parallelism", "is missing")),
          "send {\"spec\": {\"parallelism\": 4}}");
    }
    return begun(service.rescaleJob(jobs.find(job), parallelism));
  }

  @GetMapping(path = "/operations", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> list() {
    return json(
        new OperationPage(
            service.listOperations().stream().map(JobMapping.INSTANCE::operation).toList()));
  }

  @GetMapping(path = "/operations/{operation}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(
      @PathVariable String operation, @RequestParam(required = false) @Nullable String wait)
      throws InterruptedException {
    Duration patience = wait == null ? Duration.ZERO : Parameter.duration("wait", wait, MAX_WAIT);
    OperationId id = new OperationId(operation);
    Operation reading = service.getOperation(id);
    if (!patience.isZero() && !reading.status().isTerminal()) {
      Turns.Turn turn = waits.take();
      try {
        reading = service.awaitOperation(id, patience);
      } finally {
        turn.close();
      }
    }
    return json(JobMapping.INSTANCE.operation(reading));
  }

  @PostMapping(path = "/operations/{operation}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> cancel(@PathVariable String operation, HttpServletRequest request)
      throws IOException {
    Bodies.settings(request, JobController.EmptyRequest.class);
    return begun(service.cancelOperation(new OperationId(operation)));
  }

  /** The answer to a request that has begun an operation. */
  static ResponseEntity<byte[]> begun(Operation operation) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/operations/" + operation.id()))
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(JobMapping.INSTANCE.operation(operation)));
  }

  private static ResponseEntity<byte[]> json(Object resource) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(resource));
  }

  /**
   * How a job is to be restarted.
   *
   * @param withState whether from its state; null: yes
   */
  record RestartRequest(@Nullable Boolean withState) {}

  /** What is to be changed of a job. */
  record ChangeRequest(@Nullable ChangeSpec spec) {}

  /**
   * What is wanted.
   *
   * @param parallelism number of subtasks where a node does not say otherwise
   */
  record ChangeSpec(@Nullable Integer parallelism) {}

  /** Operations, the newest first. */
  record OperationPage(List<OperationResource> items) {
    OperationPage {
      items = List.copyOf(items);
    }
  }
}
