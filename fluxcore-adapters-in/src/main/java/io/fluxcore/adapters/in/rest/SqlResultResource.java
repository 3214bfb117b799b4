package io.fluxcore.adapters.in.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.sql.SqlStatement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement has come to; of the members that are not of its kind there are none.
 *
 * @param line of its first character, from 1
 * @param kind DONE, LISTING, PLAN, JOB or QUERY
 * @param message of DONE
 * @param columns of LISTING: names
 * @param rows of LISTING: a text for each column
 * @param plan of PLAN, for a person
 * @param jobId of JOB
 * @param jobName of JOB
 * @param query of QUERY: to be read at {@code /queries/ID/results}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SqlResultResource(
    int line,
    String kind,
    @Nullable String message,
    @Nullable List<String> columns,
    @Nullable List<List<String>> rows,
    @Nullable String plan,
    @Nullable String jobId,
    @Nullable String jobName,
    @Nullable QueryResource query,
    List<DiagnosticResource> warnings) {

  /** What the statements of a script have come to. */
  record SqlRun(List<SqlResultResource> results) {}

  static SqlResultResource query(SqlStatement statement, QueryResource query) {
    return new SqlResultResource(
        statement.line(), "QUERY", null, null, null, null, null, null, query, query.warnings());
  }

  static SqlResultResource of(SqlStatement statement, SqlResult result) {
    int line = statement.line();
    List<DiagnosticResource> warnings =
        SqlScripts.resources(result.warnings().stream().map(statement::located).toList());
    if (result instanceof SqlResult.Listing listing) {
      return new SqlResultResource(
          line,
          "LISTING",
          null,
          listing.columns(),
          listing.cells(),
          null,
          null,
          null,
          null,
          warnings);
    } else if (result instanceof SqlResult.Plan plan) {
      return new SqlResultResource(
          line, "PLAN", null, null, null, plan.text(), null, null, null, warnings);
    } else if (result instanceof SqlResult.Submitted job) {
      return new SqlResultResource(
          line, "JOB", null, null, null, null, job.jobId().value(), job.jobName(), null, warnings);
    } else if (result instanceof SqlResult.Done done) {
      return new SqlResultResource(
          line, "DONE", done.message(), null, null, null, null, null, null, warnings);
    }
    throw new IllegalArgumentException("queries are told by themselves: " + statement);
  }
}
