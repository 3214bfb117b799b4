package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.ReplayRequest;
import io.fluxcore.application.StateView;
import io.fluxcore.application.StateViewId;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.domain.job.JobId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The past of jobs: replayed, and the state that they had looked at. */
@RestController
@RequestMapping("/api/v1")
final class TimeTravelController {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;

  private final FluxCoreService service;
  private final JobLookup jobs;
  private final IdempotencyKeys<OperationId> keys;

  TimeTravelController(FluxCoreService service, InstantSource time) {
    this.service = service;
    this.jobs = new JobLookup(service);
    this.keys = new IdempotencyKeys<>(time);
  }

  // --- Replay -----------------------------------------------------------------------------------

  @PostMapping(
      path = "/jobs/{job}/replay",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> replay(
      @PathVariable String job,
      HttpServletRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key)
      throws IOException {
    ReplayBody body = Bodies.settings(request, ReplayBody.class);
    if (body == null || body.from() == null) {
      throw Refused.invalid(
          List.of(Problem.Fault.at("/from", "is missing")),
          "send {\"from\": {\"savepoint\": \"sp-…\"}}, or a timestamp or offsets");
    }
    ReplayRequest wanted = body.toRequest();
    JobId id = jobs.find(job);
    if (key == null) {
      return OperationController.begun(service.replayJob(id, wanted));
    }
    OperationId begun = keys.answer(key, id + " " + body, () -> service.replayJob(id, wanted).id());
    return OperationController.begun(service.getOperation(begun));
  }

  /**
   * What is to be replayed.
   *
   * @param from where
   * @param name of the new job; null: the next that is free
   * @param sinks DISCARD or DECLARED; null: DISCARD
   * @param inPlace whether the job itself goes back; null: no
   */
  record ReplayBody(
      @Nullable FromBody from,
      @Nullable String name,
      @Nullable String sinks,
      @Nullable Boolean inPlace) {
    ReplayRequest toRequest() {
      if (name != null && name.isBlank()) {
        throw Refused.invalid(
            List.of(Problem.Fault.at("/name", "is blank")), "give a name, or leave it out");
      }
      boolean declared =
          switch (sinks == null ? "DISCARD" : sinks) {
            case "DISCARD" -> false;
            case "DECLARED" -> true;
            default ->
                throw Refused.invalid(
                    List.of(Problem.Fault.at("/sinks", "'" + sinks + "' is not known")),
                    "sinks are DISCARD or DECLARED");
          };
      ReplayRequest request = ReplayRequest.from(start());
      if (name != null) {
        request = request.as(name);
      }
      if (declared) {
        request = request.intoDeclaredSinks();
      }
      return Boolean.TRUE.equals(inPlace) ? request.goingBack() : request;
    }

    private ReplayRequest.Start start() {
      FromBody start = from;
      long given =
          start == null
              ? 0
              : Stream.of(
                      start.savepoint() != null, start.timestamp() != null, start.offsets() != null)
                  .filter(there -> there)
                  .count();
      if (start == null || given != 1) {
        throw Refused.invalid(
            List.of(Problem.Fault.at("/from", "says " + given + " places to start from")),
            "give one of savepoint, timestamp and offsets");
      }
      if (start.withState() != null && start.timestamp() == null) {
        throw Refused.invalid(
            List.of(Problem.Fault.at("/from/withState", "is for a timestamp")), "leave it out");
      }
      if (start.savepoint() != null) {
        return new ReplayRequest.Savepoint(savepoint(start.savepoint()));
      } else if (start.timestamp() != null) {
        return new ReplayRequest.Timestamp(
            start.timestamp(), Boolean.TRUE.equals(start.withState()));
      }
      return new ReplayRequest.Offsets(offsets(start.offsets()));
    }

    private static SavepointId savepoint(String text) {
      try {
        return new SavepointId(text);
      } catch (IllegalArgumentException e) {
        throw Refused.invalid(
            List.of(Problem.Fault.at("/from/savepoint", "'" + text + "' is no id of a savepoint")),
            "list the savepoints; their ids begin with sp-");
      }
    }

    private static List<ReplayRequest.Offset> offsets(@Nullable List<OffsetBody> given) {
      List<ReplayRequest.Offset> offsets = new ArrayList<>();
      for (OffsetBody offset : given == null ? List.<OffsetBody>of() : given) {
        if (offset.split() == null || offset.position() == null) {
          throw Refused.invalid(
              List.of(
                  Problem.Fault.at(
                      "/from/offsets/" + offsets.size(), "has no split or no position")),
              "give both, as the savepoints of the job show them");
        }
        offsets.add(new ReplayRequest.Offset(offset.source(), offset.split(), offset.position()));
      }
      if (offsets.isEmpty()) {
        throw Refused.invalid(
            List.of(Problem.Fault.at("/from/offsets", "is empty")), "give at least one");
      }
      return offsets;
    }
  }

  /**
   * From where: one of the first three.
   *
   * @param withState of a timestamp, whether with the state before it; null: no
   */
  record FromBody(
      @Nullable String savepoint,
      @Nullable Instant timestamp,
      @Nullable List<OffsetBody> offsets,
      @Nullable Boolean withState) {}

  /**
   * A place in a split.
   *
   * @param source null where the job has only one
   */
  record OffsetBody(@Nullable String source, @Nullable String split, @Nullable String position) {}

  // --- State as it was --------------------------------------------------------------------------

  @PostMapping(
      path = "/jobs/{job}/state-views",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> view(@PathVariable String job, HttpServletRequest request)
      throws IOException {
    ViewBody body = Bodies.settings(request, ViewBody.class);
    if (body == null || body.asOf() == null) {
      throw Refused.invalid(
          List.of(Problem.Fault.at("/asOf", "is missing")),
          "send {\"asOf\": \"2026-03-01T12:00:00Z\"}");
    }
    return OperationController.begun(service.viewStateAsOf(jobs.find(job), body.asOf()));
  }

  /** What time is to be looked at. */
  record ViewBody(@Nullable Instant asOf) {}

  @GetMapping(path = "/state-views/{view}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(@PathVariable String view) {
    return json(StateViewResource.of(service.getStateView(new StateViewId(view))));
  }

  @DeleteMapping(path = "/state-views/{view}")
  ResponseEntity<byte[]> drop(@PathVariable String view) {
    StateViewId id = new StateViewId(view);
    service.getStateView(id);
    service.dropStateView(id);
    return ResponseEntity.noContent().build();
  }

  @GetMapping(
      path = "/state-views/{view}/operators/{operator}/keys",
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> keys(
      @PathVariable String view,
      @PathVariable String operator,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor) {
    int most = limit == null ? DEFAULT_LIMIT : Parameter.integer("limit", limit, 1, MAX_LIMIT);
    int from =
        cursor == null ? 0 : Parameter.integer("cursor", cursor, 0, StateView.KeyPage.MAX_KEYS);
    StateView.KeyPage page = service.getStateView(new StateViewId(view)).keys(operator, from, most);
    int next = from + page.keys().size();
    return json(
        new StateViewResource.KeyPageResource(
            page.keys().stream().map(JobMapping.INSTANCE::state).toList(),
            next < page.total() ? Integer.toString(next) : null,
            page.total(),
            page.truncated()));
  }

  @GetMapping(
      path = "/state-views/{view}/operators/{operator}/keys/{key}",
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> key(
      @PathVariable String view, @PathVariable String operator, @PathVariable String key) {
    StateView found = service.getStateView(new StateViewId(view));
    return json(JobMapping.INSTANCE.state(found.state(operator, JobController.key(key))));
  }

  private static ResponseEntity<byte[]> json(Object resource) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(resource));
  }
}
