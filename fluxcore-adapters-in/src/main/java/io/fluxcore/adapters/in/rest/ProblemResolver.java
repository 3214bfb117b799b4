package io.fluxcore.adapters.in.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Makes problems of what controllers and Spring throw for requests of the API. Leaves the other
 * paths of an application to it.
 */
final class ProblemResolver implements HandlerExceptionResolver, Ordered {
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception error) {
    if (!ApiFilter.isOfApi(request)) {
      return null;
    }
    Problem problem = Problems.of(known(error), request.getRequestURI());
    if (!response.isCommitted()) {
      write(response, problem, error);
    } else if (response.containsHeader("Content-Length")) {
      // Less was written than was promised: the container hangs up, so that the client sees it.
      return null;
    }
    return new ModelAndView();
  }

  private static void write(HttpServletResponse response, Problem problem, Exception error) {
    if (error instanceof ErrorResponse spring) {
      spring
          .getHeaders()
          .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    }
    try {
      ApiFilter.write(response, problem);
    } catch (IOException e) {
      // The client has gone: there is nobody to be told.
      return;
    }
  }

  private static Exception known(Exception error) {
    if (error instanceof ErrorResponse spring && spring.getStatusCode().is4xxClientError()) {
      return refused(
          HttpStatus.valueOf(spring.getStatusCode().value()),
          String.valueOf(spring.getBody().getDetail()));
    }
    // Bodies are all that controllers read and write: it is the client who has gone.
    return error instanceof IOException
        ? new Refused(
            HttpStatus.BAD_REQUEST,
            "FLX-REST-0019",
            "the body ended before its end",
            "send all of it")
        : error;
  }

  private static Refused refused(HttpStatus status, String detail) {
    return switch (status) {
      case NOT_FOUND ->
          new Refused(
              status, "FLX-REST-0004", "there is nothing at this path", "see /api/v1/openapi.json");
      case METHOD_NOT_ALLOWED ->
          new Refused(status, "FLX-REST-0005", detail, "the header Allow lists the methods");
      case NOT_ACCEPTABLE -> new Refused(status, "FLX-REST-0006", detail, "ask for one of these");
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
}
