package io.fluxcore.adapters.in.rest;

import io.fluxcore.adapters.in.jobfile.RuleText;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.RuleDesk;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.pattern.PatternRule;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The rules of patterns of running jobs. Their entity tag is the version of the job, which each
 * change moves on.
 */
@RestController
@RequestMapping("/api/v1/jobs/{job}/patterns/{node}/rules")
final class RuleController {
  private static final Pattern TAG = Pattern.compile("(?:W/)?\"(.*)\"");

  private final RuleDesk desk;
  private final JobLookup jobs;
  private final RuleText texts = new RuleText();

  RuleController(RuleDesk desk, FluxCoreService service) {
    this.desk = desk;
    this.jobs = new JobLookup(service);
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> list(@PathVariable String job, @PathVariable String node) {
    RuleDesk.NodeRules rules = desk.rules(jobs.find(job), node);
    return tagged(HttpStatus.OK, rules.version())
        .body(
            Json.MAPPER.writeValueAsBytes(
                new RulePage(
                    rules.version(), rules.rules().stream().map(RuleText::words).toList())));
  }

  @GetMapping(path = "/{rule}", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(
      @PathVariable String job, @PathVariable String node, @PathVariable String rule) {
    RuleDesk.NodeRules rules = desk.rules(jobs.find(job), node);
    PatternRule found = rules.find(rule);
    if (found == null) {
      throw new Refused(
          HttpStatus.NOT_FOUND,
          "FLX-PATTERN-0024",
          "node '" + node + "' has no rule '" + rule + "'",
          "its rules are " + rules.rules().stream().map(PatternRule::id).toList());
    }
    return tagged(HttpStatus.OK, rules.version()).body(json(found));
  }

  /** What is so already is left as it is: the same request may be made again. */
  @PutMapping(
      path = "/{rule}",
      consumes = {MediaType.APPLICATION_JSON_VALUE, JobController.YAML},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> put(
      @PathVariable String job,
      @PathVariable String node,
      @PathVariable String rule,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      HttpServletRequest request)
      throws IOException {
    String version = version(ifMatch);
    PatternRule wanted = texts.parse(JobController.nameOf(request), Bodies.jobFile(request), rule);
    JobId id = jobs.find(job);
    RuleDesk.RuleChange change = change(() -> desk.put(id, node, wanted, version));
    boolean isNew = change.before().find(rule) == null;
    ResponseEntity.BodyBuilder answer =
        tagged(isNew ? HttpStatus.CREATED : HttpStatus.OK, change.after().version());
    if (isNew) {
      answer.location(
          URI.create(
              "/api/v1/jobs/" + id + "/patterns/" + encode(node) + "/rules/" + encode(rule)));
    }
    return answer.body(json(wanted));
  }

  @DeleteMapping(path = "/{rule}")
  ResponseEntity<byte[]> delete(
      @PathVariable String job,
      @PathVariable String node,
      @PathVariable String rule,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
    String version = version(ifMatch);
    JobId id = jobs.find(job);
    RuleDesk.RuleChange change = change(() -> desk.remove(id, node, rule, version));
    return ResponseEntity.noContent().eTag(tag(change.after().version())).build();
  }

  private static RuleDesk.RuleChange change(Supplier<RuleDesk.RuleChange> change) {
    try {
      return change.get();
    } catch (FluxCoreException e) {
      if (!e.code().equals(RuleDesk.OTHER_VERSION)) {
        throw e;
      }
      Refused conflict = Problems.refused(e);
      throw new Refused(
          HttpStatus.PRECONDITION_FAILED, conflict.code(), conflict.detail(), conflict.hint());
    }
  }

  /** The version of an entity tag; null: any. */
  private static @Nullable String version(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.strip().equals("*")) {
      return null;
    }
    Matcher tag = TAG.matcher(ifMatch.strip());
    if (!tag.matches()) {
      throw Refused.parameter(
          "If-Match",
          "'" + ifMatch + "' is not one entity tag",
          "send the ETag of the rules as it came, or leave the header out");
    }
    return tag.group(1);
  }

  private static ResponseEntity.BodyBuilder tagged(HttpStatus status, String version) {
    return ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON).eTag(tag(version));
  }

  private static String tag(String version) {
    return '"' + version + '"';
  }

  private static byte[] json(PatternRule rule) {
    return Json.MAPPER.writeValueAsBytes(RuleText.words(rule));
  }

  private static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * The rules of a node.
   *
   * @param version of the job
   * @param items with the words of job files
   */
  record RulePage(String version, List<Map<String, Object>> items) {}
}
