package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A problem that a server told, or that it cannot be reached. */
final class ServerRefusal extends FluxCoreException {
  @Serial private static final long serialVersionUID = 1L;

  private final String title;
  private final int exitCode;

  private ServerRefusal(
      String title, int exitCode, ErrorCategory category, List<Diagnostic> findings) {
    super(category, findings, null);
    this.title = title;
    this.exitCode = exitCode;
  }

  /** The meaning of an RFC 9457 problem. */
  static ServerRefusal of(int status, JsonNode problem) {
    String detail = problem.path("detail").asString("the server answered with status " + status);
    List<Diagnostic> findings = new ArrayList<>();
    for (JsonNode finding : problem.path("diagnostics")) {
      findings.add(diagnostic(finding));
    }
    if (findings.isEmpty()) {
      String trace = problem.path("traceId").asString("");
      findings.add(
          Diagnostic.error(
              problem.path("code").asString("HTTP-" + status),
              Place.WHOLE,
              trace.isEmpty() ? detail : detail + " (trace " + trace + ")",
              problem.path("hint").asString("")));
    }
    return new ServerRefusal(
        problem.path("title").asString("the server refuses this"),
        exitCode(status),
        ErrorCategory.EXTERNAL,
        findings);
  }

  /** A finding as the API writes it. */
  static Diagnostic diagnostic(JsonNode finding) {
    Diagnostic.Severity severity =
        finding.path("severity").asString("").equals("WARNING")
            ? Diagnostic.Severity.WARNING
            : Diagnostic.Severity.ERROR;
    return new Diagnostic(
        severity,
        finding.path("code").asString(""),
        new Place(
            finding.path("path").asString(""),
            finding.path("line").asInt(0),
            finding.path("column").asInt(0)),
        finding.path("message").asString(""),
        finding.path("hint").asString(""));
  }

  private static int exitCode(int status) {
    return switch (status) {
      case 400, 413, 415, 422 -> ExitCode.USAGE;
      case 401, 403 -> ExitCode.AUTHORISATION;
      case 404 -> ExitCode.NOT_FOUND;
      case 409, 412 -> ExitCode.CONFLICT;
      default -> ExitCode.FAILURE;
    };
  }

  static ServerRefusal unreachable(String url, String why) {
    return new ServerRefusal(
        "the server cannot be reached",
        ExitCode.UNREACHABLE,
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                "FLX-CLI-0003",
                Place.WHOLE,
                url + " does not answer: " + why,
                "start it, or name another with --server or FLUXCORE_SERVER")));
  }

  String title() {
    return title;
  }

  int exitCode() {
    return exitCode;
  }
}
