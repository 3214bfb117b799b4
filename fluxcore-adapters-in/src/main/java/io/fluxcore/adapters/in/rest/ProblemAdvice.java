package io.fluxcore.adapters.in.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Makes problems of what controllers and Spring throw for requests of the API. Leaves the other
 * paths of a server alone.
 */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {
  @ExceptionHandler
  ResponseEntity<byte[]> unexpected(Exception error, HttpServletRequest request) throws Exception {
    if (!ApiFilter.isOfApi(request)) {
      throw error;
    }
    // Bodies are all that controllers read and write: it is the client who has gone.
    Exception cause =
        error instanceof IOException
            ? new Refused(
                HttpStatus.BAD_REQUEST,
                "FLX-REST-0019",
                "the body ended before its end",
                "send all of it")
            : error;
    return entity(Problems.of(cause, request.getRequestURI()), new HttpHeaders());
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception error,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode statusCode,
      WebRequest webRequest) {
    HttpServletRequest request = ((ServletWebRequest) webRequest).getRequest();
    if (!ApiFilter.isOfApi(request)) {
      return super.handleExceptionInternal(error, body, headers, statusCode, webRequest);
    }
    Problem problem =
        statusCode.is5xxServerError()
            ? Problems.of(error, request.getRequestURI())
            : Problems.of(refused(error, statusCode), request.getRequestURI());
    ResponseEntity<byte[]> entity = entity(problem, headers);
    return new ResponseEntity<>(entity.getBody(), entity.getHeaders(), entity.getStatusCode());
  }

  private static Refused refused(Exception error, HttpStatusCode statusCode) {
    HttpStatus status = HttpStatus.valueOf(statusCode.value());
    String detail =
        error instanceof ErrorResponse response
            ? String.valueOf(response.getBody().getDetail())
            : "the request cannot be understood";
    return switch (status) {
      case NOT_FOUND ->
          new Refused(
              status, "FLX-REST-0004", "there is nothing at this path", "see /api/v1/openapi.json");
      case METHOD_NOT_ALLOWED ->
          new Refused(status, "FLX-REST-0005", detail, "the header Allow lists the methods");
      case NOT_ACCEPTABLE ->
          new Refused(status, "FLX-REST-0006", detail, "ask for one of these, or */*");
      case CONTENT_TOO_LARGE ->
          new Refused(status, "FLX-REST-0007", detail, "send less in a request");
      case UNSUPPORTED_MEDIA_TYPE ->
          new Refused(
              status,
              "FLX-REST-0008",
              detail,
              "send JSON, YAML or NDJSON, and say so in Content-Type");
      default -> new Refused(status, "FLX-REST-0018", detail, "see /api/v1/openapi.json");
    };
  }

  /** Written here, since the client's Accept need not name problems. */
  private static ResponseEntity<byte[]> entity(Problem problem, HttpHeaders headers) {
    HttpHeaders all = new HttpHeaders(headers);
    all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (problem.retryAfterSeconds() > 0) {
      all.set(HttpHeaders.RETRY_AFTER, String.valueOf(problem.retryAfterSeconds()));
    }
    return new ResponseEntity<>(
        Json.MAPPER.writeValueAsBytes(problem), all, HttpStatus.valueOf(problem.status()));
  }
}
