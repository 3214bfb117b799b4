package io.fluxcore.adapters.in.rest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it, with FluxCore's code and what helps.
 *
 * @param type a name for the kind of problem; no address
 * @param status of the response
 * @param detail what was asked, and the offending value
 * @param instance path of the request
 * @param hint what to do, if anything sensible can be said
 * @param retryable whether the same request may succeed later
 * @param traceId finds a defect in the server's log
 * @param errors the values at fault
 * @param diagnostics findings about a job file, with line and column
 * @param published what became of the events before the problem
 * @param retryAfterSeconds the header of that name; 0: none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(
    String type,
    String title,
    @JsonInclude int status,
    String detail,
    String instance,
    String code,
    @Nullable String hint,
    @JsonInclude boolean retryable,
    @Nullable String traceId,
    List<Fault> errors,
    List<DiagnosticResource> diagnostics,
    @Nullable PublishResource published,
    @JsonIgnore int retryAfterSeconds) {
  static final String MEDIA_TYPE = "application/problem+json";

  /**
   * A value at fault.
   *
   * @param pointer JSON pointer (RFC 6901) into the body, or null
   * @param parameter name in the query string or of a header, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Fault(@Nullable String pointer, @Nullable String parameter, String detail) {
    static Fault at(String pointer, String detail) {
      return new Fault(pointer, null, detail);
    }

    static Fault parameter(String name, String detail) {
      return new Fault(null, name, detail);
    }
  }
}
