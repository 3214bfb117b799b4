package io.fluxcore.adapters.in.rest;

import io.fluxcore.adapters.in.jobfile.JobFile;
import io.fluxcore.adapters.in.jobfile.JobFileReader;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.SavepointDesk;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Jobs: submitted, listed, looked at, ended. */
@RestController
@RequestMapping("/api/v1/jobs")
final class JobController {
  static final String YAML = "application/yaml";
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private final FluxCoreService service;
  private final SavepointDesk savepoints;
  private final JobFileReader reader;
  private final JobLookup jobs;
  private final Turns waits;
  private final IdempotencyKeys<JobId> keys;

  JobController(
      FluxCoreService service,
      SavepointDesk savepoints,
      JobFileReader reader,
      Turns waits,
      InstantSource time) {
    this.service = service;
    this.savepoints = savepoints;
    this.reader = reader;
    this.jobs = new JobLookup(service);
    this.waits = waits;
    this.keys = new IdempotencyKeys<>(time);
  }

  @PostMapping(
      consumes = {MediaType.APPLICATION_JSON_VALUE, YAML},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> submit(
      HttpServletRequest request,
      @RequestParam(required = false) @Nullable String dryRun,
      @RequestParam(name = "set", required = false) String @Nullable [] set,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key)
      throws IOException {
    boolean dry = Parameter.flag("dryRun", dryRun);
    String text = Bodies.jobFile(request);
    Map<String, String> parameters = parameters(set);
    if (dry) {
      return json(check(nameOf(request), text, parameters));
    }
    JobId id =
        key == null
            ? submit(nameOf(request), text, parameters)
            : keys.answer(
                key,
                fingerprint(nameOf(request), parameters, text),
                () -> submit(nameOf(request), text, parameters));
    return ResponseEntity.created(URI.create("/api/v1/jobs/" + id))
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(job(id)));
  }

  /** Short, since it is kept; and as good as the request itself. */
  static String fingerprint(String name, Map<String, String> parameters, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((name + "\n" + parameters + "\n" + text).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private JobId submit(String name, String text, Map<String, String> parameters) {
    JobFile file = reader.parse(name, text, parameters);
    try {
      return service.submitJob(file.topology(), file.config());
    } catch (FluxCoreException e) {
      throw file.locate(e);
    }
  }

  @PostMapping(
      path = "/validate",
      consumes = {MediaType.APPLICATION_JSON_VALUE, YAML},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> validate(
      HttpServletRequest request,
      @RequestParam(name = "set", required = false) String @Nullable [] set)
      throws IOException {
    return json(check(nameOf(request), Bodies.jobFile(request), parameters(set)));
  }

  private ValidationResource check(String name, String text, Map<String, String> parameters) {
    JobFile file;
    try {
      file = reader.parse(name, text, parameters);
    } catch (FluxCoreException e) {
      return new ValidationResource(false, null, resources(e.diagnostics()), null);
    }
    List<Diagnostic> findings =
        service.validate(file.topology(), file.config()).stream().map(file::locate).toList();
    boolean valid = findings.stream().noneMatch(Diagnostic::isError);
    return new ValidationResource(
        valid,
        file.config().name(),
        resources(findings),
        valid ? service.explain(file.topology(), file.config()) : null);
  }

  private static List<DiagnosticResource> resources(List<Diagnostic> findings) {
    return findings.stream().map(JobMapping.INSTANCE::diagnostic).toList();
  }

  /** The name that messages give to a body; its end says how it is read. */
  static String nameOf(HttpServletRequest request) {
    String type = Objects.requireNonNullElse(request.getContentType(), "");
    return type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_JSON_VALUE)
        ? "body.json"
        : "body.yaml";
  }

  /** The values of the parameters of a job file, by name. */
  static Map<String, String> parameters(String @Nullable [] set) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String assignment : set == null ? List.<String>of() : Arrays.asList(set)) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw Refused.parameter(
            "set", "'" + assignment + "' gives no parameter a value", "write set=name=value");
      }
      parameters.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    return parameters;
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> list(
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(required = false) @Nullable String q,
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String sort) {
    JobQuery query = new JobQuery(limit, cursor, q, state, sort);
    return json(query.of(service.listJobs().stream().map(JobMapping.INSTANCE::item).toList()));
  }

  @GetMapping(path = "/{job}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(
      @PathVariable String job, @RequestParam(required = false) @Nullable String wait)
      throws InterruptedException {
    Duration patience = wait == null ? Duration.ZERO : Parameter.duration("wait", wait, MAX_WAIT);
    JobId id = jobs.find(job);
    if (!patience.isZero()) {
      Turns.Turn turn = waits.take();
      try {
        service.awaitEnd(id, patience);
      } finally {
        turn.close();
      }
    }
    return json(job(id));
  }

  private JobResource job(JobId id) {
    return JobMapping.INSTANCE.job(service.getJob(id));
  }

  @GetMapping(path = "/{job}/graph", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> graph(@PathVariable String job) {
    return json(JobMapping.INSTANCE.graph(service.getGraph(jobs.find(job))));
  }

  @GetMapping(path = "/{job}/metrics", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> metrics(@PathVariable String job) {
    return json(JobMapping.INSTANCE.metrics(service.getMetrics(jobs.find(job))));
  }

  @GetMapping(path = "/{job}/diagnosis", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> diagnosis(@PathVariable String job) {
    return json(JobMapping.INSTANCE.diagnosis(service.diagnose(jobs.find(job))));
  }

  @GetMapping(path = "/{job}/state/{operator}/{key}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> state(
      @PathVariable String job,
      @PathVariable String operator,
      @PathVariable String key,
      @RequestParam(required = false) @Nullable String asOf)
      throws InterruptedException {
    JobId id = jobs.find(job);
    if (asOf == null) {
      return json(JobMapping.INSTANCE.state(service.queryState(id, operator, key(key))));
    }
    Instant time = Parameter.time("asOf", asOf);
    Turns.Turn turn = waits.take();
    try {
      return json(JobMapping.INSTANCE.state(service.stateAsOf(id, time, operator, key(key))));
    } finally {
      turn.close();
    }
  }

  /** The text of a key of one field, or an array of the values of several. */
  static @Nullable Object[] key(String text) {
    if (!text.startsWith("[")) {
      return new Object[] {text};
    }
    try {
      JsonNode array = Json.MAPPER.readTree(text);
      @Nullable Object[] values = new Object[array.size()];
      for (int i = 0; i < values.length; i++) {
        JsonNode value = array.get(i);
        values[i] = value.isNull() ? null : value.asString();
      }
      return values;
    } catch (JacksonException e) {
      throw new Refused(
          HttpStatus.BAD_REQUEST,
          "FLX-REST-0030",
          "'" + text + "' is not an array of the values of a key",
          "write the value of the one field of the key, or an array such as [\"de\",7]");
    }
  }

  @GetMapping(path = "/{job}/results", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> results(
      @PathVariable String job,
      @RequestParam(required = false) @Nullable String node,
      @RequestParam(required = false) @Nullable String limit)
      throws InterruptedException {
    int most =
        limit == null ? 20 : Parameter.integer("limit", limit, 1, SubscribeOptions.MAX_LATEST);
    JobId id = jobs.find(job);
    SubscribeOptions options =
        SubscribeOptions.of(Objects.requireNonNullElse(node, "")).withLatest(most);
    try (ResultSubscription results = service.subscribe(id, options)) {
      return body(ResultJson.latest(results, results.poll(most, Duration.ZERO)));
    }
  }

  @PostMapping(path = "/{job}/stop", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> stop(@PathVariable String job, HttpServletRequest request)
      throws IOException {
    StopRequest settings = Bodies.settings(request, StopRequest.class);
    String mode = settings == null || settings.mode() == null ? "DRAIN" : settings.mode();
    JobId id = jobs.find(job);
    switch (mode) {
      case "DRAIN" -> service.stopJob(id);
      case "CANCEL" -> service.cancelJob(id);
      case "SAVEPOINT" -> {
        return OperationController.begun(savepoints.create(id, "", true));
      }
      default ->
          throw Refused.invalid(
              List.of(Problem.Fault.at("/mode", "there is no mode '" + mode + "'")),
              "modes are CANCEL, DRAIN and SAVEPOINT");
    }
    return ending(id);
  }

  @PostMapping(path = "/{job}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> cancel(@PathVariable String job, HttpServletRequest request)
      throws IOException {
    Bodies.settings(request, EmptyRequest.class);
    JobId id = jobs.find(job);
    service.cancelJob(id);
    return ending(id);
  }

  /** The job itself tells how far its end is: its state, and {@code ?wait=}. */
  private ResponseEntity<byte[]> ending(JobId id) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/jobs/" + id))
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(job(id)));
  }

  private static ResponseEntity<byte[]> json(Object resource) {
    return body(Json.MAPPER.writeValueAsBytes(resource));
  }

  private static ResponseEntity<byte[]> body(byte[] json) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json);
  }

  /**
   * How a job is to be stopped.
   *
   * @param mode CANCEL, DRAIN or SAVEPOINT; null: DRAIN
   */
  record StopRequest(@Nullable String mode) {}

  /** Says nothing. */
  record EmptyRequest() {}
}
