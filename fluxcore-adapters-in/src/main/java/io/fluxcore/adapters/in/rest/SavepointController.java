package io.fluxcore.adapters.in.rest;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.adapters.in.jobfile.JobFileReader;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.SavepointDesk;
import io.fluxcore.application.StateMapping;
import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Savepoints: made, looked at, restored, brought elsewhere, deleted. */
@RestController
@RequestMapping("/api/v1")
final class SavepointController {
  private static final String YAML = "application/yaml";

  private final SavepointDesk desk;
  private final FluxCoreService service;
  private final JobFileReader reader;
  private final JobLookup jobs;
  private final IdempotencyKeys<JobId> keys;

  SavepointController(
      SavepointDesk desk, FluxCoreService service, JobFileReader reader, InstantSource time) {
    this.desk = desk;
    this.service = service;
    this.reader = reader;
    this.jobs = new JobLookup(service);
    this.keys = new IdempotencyKeys<>(time);
  }

  @PostMapping(path = "/jobs/{job}/savepoints", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> create(@PathVariable String job, HttpServletRequest request)
      throws IOException {
    SavepointRequest wanted = Bodies.settings(request, SavepointRequest.class);
    String label = wanted == null ? null : wanted.label();
    boolean stop = wanted != null && Boolean.TRUE.equals(wanted.stop());
    return OperationController.begun(
        desk.create(jobs.find(job), Objects.requireNonNullElse(label, ""), stop));
  }

  @GetMapping(path = "/jobs/{job}/savepoints", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> listOfJob(@PathVariable String job) {
    JobId id = jobs.find(job);
    return page(desk.list().stream().filter(entry -> entry.job().equals(id)).toList());
  }

  @GetMapping(path = "/jobs/{job}/checkpoints", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> checkpoints(@PathVariable String job) {
    return json(
        HttpStatus.OK,
        new CheckpointPage(
            desk.checkpoints(jobs.find(job)).stream()
                .map(CheckpointPage.CheckpointItem::of)
                .toList()));
  }

  @GetMapping(path = "/savepoints", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> list() {
    return page(desk.list());
  }

  private static ResponseEntity<byte[]> page(List<CheckpointEntry> savepoints) {
    return json(
        HttpStatus.OK, new SavepointPage(savepoints.stream().map(SavepointItem::of).toList()));
  }

  @GetMapping(path = "/savepoints/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(@PathVariable String id) {
    return json(HttpStatus.OK, SavepointResource.of(desk.describe(id(id))));
  }

  private static SavepointId id(String text) {
    try {
      return new SavepointId(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(
          HttpStatus.NOT_FOUND,
          "FLX-CKPT-0003",
          "there is no savepoint '" + text + "'",
          "list the savepoints; their ids begin with sp-");
    }
  }

  @DeleteMapping(path = "/savepoints/{id}")
  ResponseEntity<byte[]> delete(@PathVariable String id) {
    desk.delete(id(id));
    return ResponseEntity.noContent().build();
  }

  /** A body that is a job file gives another topology than that of the savepoint's job. */
  @PostMapping(path = "/savepoints/{id}/restore", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> restore(
      @PathVariable String id,
      HttpServletRequest request,
      @RequestParam(required = false) @Nullable String dryRun,
      @RequestParam(name = "set", required = false) String @Nullable [] set,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key)
      throws IOException {
    boolean dry = Parameter.flag("dryRun", dryRun);
    SavepointId savepoint = id(id);
    String name = JobController.nameOf(request);
    String body = Bodies.jobFile(request);
    Map<String, String> parameters = JobController.parameters(set);
    Restoration restoration =
        isJobFile(request, body)
            ? new OfFile(savepoint, reader.parse(name, body, parameters))
            : new OfOldJob(savepoint, parallelism(body, parameters));
    if (dry) {
      return json(HttpStatus.OK, StateMappingResource.of(restoration.compare(desk)));
    }
    JobId job =
        key == null
            ? restoration.restore(desk)
            : keys.answer(
                key,
                JobController.fingerprint(id + " " + name, parameters, body),
                () -> restoration.restore(desk));
    return ResponseEntity.created(URI.create("/api/v1/jobs/" + job))
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(JobMapping.INSTANCE.job(service.getJob(job))));
  }

  private static boolean isJobFile(HttpServletRequest request, String body) {
    if (body.isEmpty()) {
      return false;
    }
    String type = Objects.requireNonNullElse(request.getContentType(), "application/json");
    if (type.startsWith(YAML)) {
      return true;
    }
    try {
      JsonNode json = Json.MAPPER.readTree(body);
      return json.has("topology") || json.has("job");
    } catch (JacksonException e) {
      return false;
    }
  }

  private static int parallelism(String body, Map<String, String> parameters) {
    if (!parameters.isEmpty()) {
      throw Refused.parameter(
          "set", "there is no job file whose parameters it could give", "send a job file");
    }
    RestoreRequest wanted = body.isEmpty() ? null : Bodies.parse(body, RestoreRequest.class);
    Integer parallelism = wanted == null ? null : wanted.parallelism();
    if (parallelism != null && parallelism < 1) {
      throw Refused.invalid(
          List.of(Problem.Fault.at("/parallelism", parallelism + " is less than 1")),
          "give the number of subtasks, or leave it out for that of the old job");
    }
    return parallelism == null ? 0 : parallelism;
  }

  /** What a new job that begins with a savepoint is to be. */
  private interface Restoration {
    JobId restore(SavepointDesk desk);

    StateMapping compare(SavepointDesk desk);
  }

  private record OfFile(SavepointId savepoint, JobFile file) implements Restoration {
    @Override
    public JobId restore(SavepointDesk desk) {
      try {
        return desk.restore(savepoint, file.topology(), file.config());
      } catch (FluxCoreException e) {
        throw file.locate(e);
      }
    }

    @Override
    public StateMapping compare(SavepointDesk desk) {
      try {
        return desk.compare(savepoint, file.topology(), file.config());
      } catch (FluxCoreException e) {
        throw file.locate(e);
      }
    }
  }

  /** The job that the savepoint was made of. */
  private record OfOldJob(SavepointId savepoint, int parallelism) implements Restoration {
    @Override
    public JobId restore(SavepointDesk desk) {
      return desk.restore(savepoint, parallelism);
    }

    @Override
    public StateMapping compare(SavepointDesk desk) {
      return desk.compare(savepoint, parallelism);
    }
  }

  /** Written on the request's own thread as it is read from the store. */
  @GetMapping(path = "/savepoints/{id}/export", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  void export(@PathVariable String id, HttpServletResponse response) throws IOException {
    SavepointId savepoint = id(id);
    long bytes = desk.exportedBytes(savepoint);
    response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    response.setContentLengthLong(bytes);
    response.setHeader(
        "Content-Disposition", "attachment; filename=\"" + savepoint + ".savepoint\"");
    ExportTarget target = new ExportTarget(response.getOutputStream());
    try {
      desk.export(savepoint, target);
    } catch (FluxCoreException e) {
      // A client that has gone is no fault of the store.
      if (!target.failed()) {
        throw e;
      }
    }
  }

  /** Read on the request's own thread, and written to the store as it comes. */
  @PostMapping(
      path = "/savepoints/import",
      consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> bring(HttpServletRequest request) throws IOException {
    ImportSource source = new ImportSource(Bodies.binary(request));
    CheckpointEntry entry;
    try {
      entry = desk.bring(source);
    } catch (FluxCoreException e) {
      source.check();
      throw e;
    }
    SavepointItem savepoint = SavepointItem.of(entry);
    return ResponseEntity.created(URI.create("/api/v1/savepoints/" + savepoint.id()))
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(savepoint));
  }

  private static ResponseEntity<byte[]> json(HttpStatus status, Object resource) {
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(resource));
  }

  /**
   * A savepoint to be made.
   *
   * @param label what it is to be called; null: nothing
   * @param stop whether the job is to be over with it; null: no
   */
  record SavepointRequest(@Nullable String label, @Nullable Boolean stop) {}

  /**
   * How the job of a savepoint is to go on.
   *
   * @param parallelism number of subtasks; null: as before
   */
  record RestoreRequest(@Nullable Integer parallelism) {}
}
