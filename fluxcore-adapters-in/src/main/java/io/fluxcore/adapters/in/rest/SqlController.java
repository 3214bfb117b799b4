package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.query.SqlCheck;
import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.FluxCoreException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Statements of SQL: checked, and run. Each request has tables and views of its own. */
@RestController
@RequestMapping("/api/v1/sql")
final class SqlController {
  private final FluxCoreService service;
  private final Queries queries;
  private final Turns waits;

  SqlController(FluxCoreService service, Queries queries, Turns waits) {
    this.service = service;
    this.queries = queries;
    this.waits = waits;
  }

  /** Says what there is to say about each statement, and runs none. */
  @PostMapping(
      path = "/validate",
      consumes = {MediaType.APPLICATION_JSON_VALUE, SqlScripts.SQL},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> validate(HttpServletRequest request) throws IOException {
    SqlRequest wanted = SqlScripts.read(request);
    SqlWorkspace workspace;
    List<SqlCheck> checks;
    try {
      workspace = SqlScripts.workspace(service, wanted);
      checks = workspace.check(wanted.script());
    } catch (FluxCoreException e) {
      return json(
          new SqlValidationResource(false, List.of(), SqlScripts.resources(e.diagnostics())));
    }
    return json(
        new SqlValidationResource(
            checks.stream().allMatch(SqlCheck::isValid),
            checks.stream().map(SqlValidationResource::statement).toList(),
            checks.stream()
                .flatMap(check -> SqlScripts.resources(check.diagnostics()).stream())
                .toList()));
  }

  /** Runs a script; its queries are to be read at {@code /queries}. */
  @PostMapping(
      consumes = {MediaType.APPLICATION_JSON_VALUE, SqlScripts.SQL},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> run(HttpServletRequest request) throws IOException {
    SqlRequest wanted = SqlScripts.read(request);
    SqlWorkspace workspace = SqlScripts.workspace(service, wanted);
    List<SqlResultResource> results = new ArrayList<>();
    List<OpenQuery> opened = new ArrayList<>();
    Turns.Turn turn = waits.take(); // EXPLAIN ANALYZE takes its time
    try {
      for (SqlStatement statement : workspace.statements(wanted.script())) {
        results.add(run(workspace, statement, wanted, opened));
      }
    } catch (RuntimeException e) {
      opened.forEach(query -> queries.remove(query.id()));
      throw e;
    } finally {
      turn.close();
    }
    return json(new SqlResultResource.SqlRun(results));
  }

  private SqlResultResource run(
      SqlWorkspace workspace, SqlStatement statement, SqlRequest wanted, List<OpenQuery> opened) {
    SqlOutcome outcome = workspace.understand(statement);
    if (outcome instanceof SqlOutcome.Query) {
      OpenQuery query =
          queries.start(
              statement.text(),
              wanted,
              () -> (SqlResult.Query) workspace.perform(outcome, statement));
      opened.add(query);
      return SqlResultResource.query(statement, query.resource());
    }
    return SqlResultResource.of(statement, workspace.perform(outcome, statement));
  }

  private static ResponseEntity<byte[]> json(Object resource) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.MAPPER.writeValueAsBytes(resource));
  }
}
