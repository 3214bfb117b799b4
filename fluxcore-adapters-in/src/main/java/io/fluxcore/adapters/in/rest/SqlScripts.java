package io.fluxcore.adapters.in.rest;

import io.fluxcore.adapters.in.jobfile.text.StructuredText;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.http.HttpStatus;

/** Scripts of requests, and workspaces to run them in. */
final class SqlScripts {
  /** A script as it is, without anything beside it. */
  static final String SQL = "application/sql";

  private SqlScripts() {}

  /** The statements of a request: in JSON, or as they are. */
  static SqlRequest read(HttpServletRequest request) throws IOException {
    String type = Objects.requireNonNullElse(request.getContentType(), "");
    if (type.toLowerCase(Locale.ROOT).startsWith(SQL)) {
      return new SqlRequest(Bodies.text(request, StructuredText.MAX_BYTES), null, null, null)
          .checked();
    }
    SqlRequest wanted = Bodies.settings(request, SqlRequest.class, StructuredText.MAX_BYTES);
    return (wanted == null ? new SqlRequest(null, null, null, null) : wanted).checked();
  }

  /** A workspace in which the definitions of a request stand. Runs no job and no query. */
  static SqlWorkspace workspace(FluxCoreService service, SqlRequest request) {
    SqlWorkspace workspace = service.sql();
    try {
      for (SqlStatement statement : workspace.statements(request.definitions())) {
        define(workspace, statement);
      }
    } catch (FluxCoreException e) {
      throw new FluxCoreException(
          e.category(), e.diagnostics().stream().map(found -> found.in("setup")).toList(), e);
    }
    return workspace;
  }

  private static void define(SqlWorkspace workspace, SqlStatement statement) {
    SqlOutcome outcome = workspace.understand(statement);
    if (!(outcome instanceof SqlOutcome.Done)) {
      throw new Refused(
          HttpStatus.BAD_REQUEST,
          "FLX-REST-0040",
          "setup, line "
              + statement.line()
              + ": only what defines tables, views and settings can stand there",
          "put what is to be run into sql");
    }
  }

  /**
   * Runs all statements of a script but the last, which define what that uses.
   *
   * @return what the last one means
   */
  static Last understood(SqlWorkspace workspace, String script) {
    List<SqlStatement> statements = workspace.statements(script);
    if (statements.isEmpty()) {
      throw Refused.invalid(
          List.of(Problem.Fault.at("/sql", "holds no statement")), "send {\"sql\":\"SELECT …\"}");
    }
    for (SqlStatement statement : statements.subList(0, statements.size() - 1)) {
      SqlOutcome outcome = workspace.understand(statement);
      if (!(outcome instanceof SqlOutcome.Done)) {
        throw new Refused(
            HttpStatus.BAD_REQUEST,
            "FLX-REST-0040",
            "line "
                + statement.line()
                + ": before a query only what defines tables, views and settings can stand",
            "send each query by itself; POST /api/v1/sql runs scripts of all kinds");
      }
    }
    SqlStatement last = statements.get(statements.size() - 1);
    return new Last(last, workspace.understand(last));
  }

  /** The last statement of a script and what it means. */
  record Last(SqlStatement statement, SqlOutcome outcome) {
    /**
     * Starts it, if it is a query.
     *
     * @throws Refused if it is none
     */
    SqlResult.Query query(SqlWorkspace workspace) {
      if (!(outcome instanceof SqlOutcome.Query)) {
        throw new Refused(
            HttpStatus.BAD_REQUEST,
            "FLX-REST-0041",
            "the last statement is no query",
            "end with SELECT …; POST /api/v1/sql runs statements of all kinds");
      }
      return (SqlResult.Query) workspace.perform(outcome, statement);
    }
  }

  static List<DiagnosticResource> resources(List<Diagnostic> findings) {
    return findings.stream().map(JobMapping.INSTANCE::diagnostic).toList();
  }
}
