package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.query.SqlCheck;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say about a script.
 *
 * @param valid whether all of it could be run
 * @param statements in order; none if it could not be cut into statements
 * @param diagnostics of all statements
 */
record SqlValidationResource(
    boolean valid, List<StatementResource> statements, List<DiagnosticResource> diagnostics) {

  /**
   * A statement.
   *
   * @param line of its first character, from 1
   * @param column of its first character, from 1
   * @param kind DEFINITION, LISTING, QUERY, INSERT, MATERIALIZED_VIEW or EXPLANATION; null if it
   *     cannot be used
   * @param columns of the rows of a query, or null
   * @param plan what would run, for a person, or null
   */
  record StatementResource(
      int line,
      int column,
      @Nullable String kind,
      @Nullable List<QueryResource.ColumnResource> columns,
      @Nullable String plan,
      List<DiagnosticResource> diagnostics) {}

  static StatementResource statement(SqlCheck check) {
    SqlCheck.Kind kind = check.kind();
    Schema columns = check.columns();
    return new StatementResource(
        check.statement().line(),
        check.statement().column(),
        kind == null ? null : kind.name(),
        columns == null ? null : QueryResource.columns(columns),
        check.plan(),
        SqlScripts.resources(check.diagnostics()));
  }
}
