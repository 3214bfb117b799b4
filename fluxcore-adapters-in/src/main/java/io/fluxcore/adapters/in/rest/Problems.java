package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.publish.PublishRefused;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;

/** Makes problems of errors. */
final class Problems {
  private static final Logger LOG = System.getLogger(Problems.class.getName());

  private static final int RETRY_SECONDS = 5;

  private Problems() {}

  static Problem of(Exception error, String instance) {
    if (error instanceof Refused refused) {
      return of(refused, instance);
    }
    if (error instanceof FluxCoreException known && known.category() != ErrorCategory.BUG) {
      return of(known, instance);
    }
    return defect(error, instance);
  }

  private static Problem of(Refused refused, String instance) {
    return new Problem(
        type(refused.code()),
        title(refused.status()),
        refused.status().value(),
        refused.detail(),
        instance,
        refused.code(),
        refused.hint(),
        refused.retryAfterSeconds() > 0,
        null,
        refused.faults(),
        List.of(),
        refused.published(),
        refused.retryAfterSeconds());
  }

  private static Problem of(FluxCoreException error, String instance) {
    HttpStatus status =
        error instanceof PublishRefused ? HttpStatus.TOO_MANY_REQUESTS : status(error.category());
    int retryAfter = retryAfter(error);
    List<DiagnosticResource> diagnostics =
        error.diagnostics().stream().map(JobMapping.INSTANCE::diagnostic).toList();
    Diagnostic first = error.diagnostics().get(0);
    String detail =
        error.diagnostics().stream().map(Diagnostic::message).collect(Collectors.joining("; "));
    return new Problem(
        type(error.code()),
        title(status),
        status.value(),
        detail,
        instance,
        error.code(),
        first.remedy(),
        retryAfter > 0,
        null,
        List.of(),
        diagnostics,
        null,
        retryAfter);
  }

  /** The same error as one of the request, for what only the API can say with it. */
  static Refused refused(FluxCoreException error) {
    Diagnostic first = error.diagnostics().get(0);
    return new Refused(status(error.category()), error.code(), first.message(), first.remedy())
        .retryAfter(retryAfter(error));
  }

  private static int retryAfter(FluxCoreException error) {
    if (error instanceof PublishRefused refused) {
      return (int) Math.min(3600, Math.max(1, refused.retryAfter().toSeconds()));
    }
    return switch (error.category()) {
      case EXTERNAL, RESOURCE -> RETRY_SECONDS;
      case USER, STATE_CONFLICT, NOT_FOUND, BUG -> 0;
    };
  }

  private static HttpStatus status(ErrorCategory category) {
    return switch (category) {
      case USER -> HttpStatus.BAD_REQUEST;
      case STATE_CONFLICT -> HttpStatus.CONFLICT;
      case NOT_FOUND -> HttpStatus.NOT_FOUND;
      case EXTERNAL -> HttpStatus.BAD_GATEWAY;
      case RESOURCE -> HttpStatus.SERVICE_UNAVAILABLE;
      case BUG -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }

  /** A defect: the client gets an id, the log gets the rest. */
  private static Problem defect(Exception error, String instance) {
    String trace = UUID.randomUUID().toString();
    LOG.log(Level.ERROR, "a defect met by the REST API, trace " + trace, error);
    return new Problem(
        type("FLX-REST-0500"),
        title(HttpStatus.INTERNAL_SERVER_ERROR),
        HttpStatus.INTERNAL_SERVER_ERROR.value(),
        "the server met a defect of its own",
        instance,
        "FLX-REST-0500",
        "report it with what the server's log says under the trace id",
        false,
        trace,
        List.of(),
        List.of(),
        null,
        0);
  }

  static String type(String code) {
    return "urn:fluxcore:problem:" + code;
  }

  private static String title(HttpStatus status) {
    return switch (status) {
      case BAD_REQUEST -> "The request is not valid";
      case FORBIDDEN -> "The request may not be made";
      case NOT_FOUND -> "There is no such thing";
      case CONFLICT -> "The request does not fit the present state";
      case TOO_MANY_REQUESTS -> "Too much at the same time";
      case BAD_GATEWAY -> "Another system refused or did not answer";
      case SERVICE_UNAVAILABLE -> "Something has run out";
      case INTERNAL_SERVER_ERROR -> "A defect of the server";
      default -> status.getReasonPhrase();
    };
  }
}
