package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.DeadLetterDesk;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetterFilter;
import io.fluxcore.application.deadletter.DeadLetterPage;
import io.fluxcore.application.runtime.ReplayOutcome;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters: listed, looked at, mended, replayed, discarded. */
@RestController
@RequestMapping("/api/v1/dead-letters")
final class DeadLetterController {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;
  private static final int MAX_BULK = 100_000;
  private static final int SHOWN_PROBLEMS = 20;

  private final DeadLetterDesk desk;
  private final JobLookup jobs;

  DeadLetterController(DeadLetterDesk desk, FluxCoreService service) {
    this.desk = desk;
    this.jobs = new JobLookup(service);
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> list(
      @ModelAttribute LetterQuery query,
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor) {
    DeadLetterFilter filter = query.filter(jobs, state);
    int most = limit == null ? DEFAULT_LIMIT : Parameter.integer("limit", limit, 1, MAX_LIMIT);
    DeadLetterPage page = desk.list(filter, cursor == null ? 0 : cursor(cursor), most);
    Long next = page.next();
    return json(
        new DeadLetterPageResource(
            page.letters().stream().map(DeadLetterResource::of).toList(),
            next == null ? null : Long.toString(next),
            desk.count(filter),
            filter.job() == null ? null : desk.counts(filter.job())));
  }

  private static long cursor(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Refused.parameter(
          "cursor", "it is not a cursor of this list", "give nextCursor of the answer before");
    }
  }

  @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(@PathVariable String id) {
    return json(DeadLetterResource.of(desk.get(id(id))));
  }

  private static long id(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Refused(
          HttpStatus.NOT_FOUND,
          "FLX-DEADLETTER-0002",
          "there is no dead letter '" + text + "'",
          "list the dead letters; their ids are numbers");
    }
  }

  @PatchMapping(
      path = "/{id}",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> repair(@PathVariable String id, HttpServletRequest request)
      throws IOException {
    Repair repair = Bodies.settings(request, Repair.class);
    if (repair == null || repair.parts() == 0) {
      throw Refused.invalid(
          List.of(Problem.Fault.at("", "says nothing to mend")),
          "send text or base64 for a record, fields or timestamp for a row");
    }
    if (repair.text() != null && repair.base64() != null) {
      throw Refused.invalid(
          List.of(Problem.Fault.at("/base64", "is given beside text")), "give one of them");
    }
    long number = id(id);
    DeadLetter letter = desk.get(number);
    return json(DeadLetterResource.of(desk.repair(number, repair.of(letter))));
  }

  /**
   * How a letter is mended. A record replaces the one before; fields replace those of their names.
   *
   * @param text a record
   * @param base64 a record
   * @param timestamp event time of the row
   * @param fields of the row
   */
  record Repair(
      @Nullable String text,
      @Nullable String base64,
      @Nullable Instant timestamp,
      @Nullable Map<String, @Nullable Object> fields) {
    int parts() {
      return (text == null ? 0 : 1)
          + (base64 == null ? 0 : 1)
          + (timestamp == null ? 0 : 1)
          + (fields == null ? 0 : 1);
    }

    DeadLetter.Content of(DeadLetter letter) {
      String record = text;
      if (record != null) {
        return DeadLetter.Content.ofBytes(record.getBytes(StandardCharsets.UTF_8));
      }
      if (base64 != null) {
        return DeadLetter.Content.ofBytes(bytes(base64));
      }
      DeadLetter.Row row = letter.content().row();
      if (row == null) {
        throw Refused.invalid(
            List.of(Problem.Fault.at("/fields", "the letter is a record and has no fields")),
            "mend its text or base64");
      }
      Map<String, @Nullable Object> merged = new LinkedHashMap<>(row.fields());
      if (fields != null) {
        merged.putAll(fields);
      }
      return DeadLetter.Content.ofRow(
          new DeadLetter.Row(
              timestamp == null ? row.timestamp() : timestamp.toEpochMilli(), row.kind(), merged));
    }

    private static byte[] bytes(String text) {
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        throw Refused.invalid(
            List.of(Problem.Fault.at("/base64", "is not Base64")),
            "encode the record, or send text");
      }
    }
  }

  @DeleteMapping(path = "/{id}")
  ResponseEntity<byte[]> discard(@PathVariable String id) {
    desk.discard(id(id));
    return ResponseEntity.noContent().build();
  }

  @PostMapping(path = "/{id}/replay", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> replay(@PathVariable String id, HttpServletRequest request)
      throws IOException, InterruptedException {
    Bodies.settings(request, JobController.EmptyRequest.class);
    return json(ReplayResource.of(desk.replay(id(id))));
  }

  @PostMapping(path = "/replay", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> replayAll(
      HttpServletRequest request,
      @ModelAttribute LetterQuery query,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String dryRun)
      throws IOException, InterruptedException {
    Bodies.settings(request, JobController.EmptyRequest.class);
    boolean dry = Parameter.flag("dryRun", dryRun);
    DeadLetterFilter filter = query.filter(jobs, DeadLetter.State.WAITING.name());
    long matching = desk.count(filter);
    List<ReplayOutcome> outcomes = dry ? List.of() : desk.replay(filter, bulk(limit));
    return json(
        new BulkResource(
            dry,
            matching,
            count(outcomes, ReplayOutcome.Kind.PROCESSED),
            count(outcomes, ReplayOutcome.Kind.FAILED),
            count(outcomes, ReplayOutcome.Kind.REFUSED),
            0,
            outcomes.stream()
                .filter(outcome -> outcome.kind() != ReplayOutcome.Kind.PROCESSED)
                .limit(SHOWN_PROBLEMS)
                .map(ReplayResource::of)
                .toList()));
  }

  private static int bulk(@Nullable String limit) {
    return limit == null ? MAX_BULK : Parameter.integer("limit", limit, 1, MAX_BULK);
  }

  private static long count(List<ReplayOutcome> outcomes, ReplayOutcome.Kind kind) {
    return outcomes.stream().filter(outcome -> outcome.kind() == kind).count();
  }

  @PostMapping(path = "/discard", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> discardAll(
      HttpServletRequest request,
      @ModelAttribute LetterQuery query,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String dryRun)
      throws IOException {
    Bodies.settings(request, JobController.EmptyRequest.class);
    boolean dry = Parameter.flag("dryRun", dryRun);
    DeadLetterFilter filter = query.filter(jobs, DeadLetter.State.WAITING.name());
    long matching = desk.count(filter);
    long discarded = dry ? 0 : desk.discard(filter, bulk(limit));
    return json(new BulkResource(dry, matching, 0, 0, 0, discarded, List.of()));
  }

  private static ResponseEntity<byte[]> json(Object resource) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(Objects.requireNonNull(resource)));
  }
}
