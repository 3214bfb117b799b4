package io.fluxcore.application.query;

import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.Diagnostic;
import java.util.ArrayList;
import java.util.List;

/**
 * Where statements are run one after another: tables, views and settings last as long as it does,
 * jobs that were started and materialised views go on beyond. Not thread-safe; it holds nothing
 * that would have to be closed.
 */
public interface SqlWorkspace {
  /**
   * The statements of a script.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if a quote or comment is
   *     not closed
   */
  List<SqlStatement> statements(String script);

  /** Whether a text ends with a whole statement, so that nothing more of it is to come. */
  boolean isComplete(String text);

  /**
   * Runs a statement.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER with line and column if it
   *     cannot be understood or run; as {@link io.fluxcore.application.FluxCoreService#submitJob}
   *     does for one that starts a job
   */
  default SqlResult execute(SqlStatement statement) {
    return perform(understand(statement), statement);
  }

  /**
   * Takes a statement without running anything: what it defines is defined.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER with line and column if it
   *     cannot be understood
   */
  SqlOutcome understand(SqlStatement statement);

  /**
   * Runs what a statement means.
   *
   * @param outcome of {@link #understand}
   * @throws io.fluxcore.domain.error.FluxCoreException as {@link #execute} does
   */
  SqlResult perform(SqlOutcome outcome, SqlStatement statement);

  /**
   * Runs the statements of a script until one cannot be run. What those before have come to stays,
   * except that queries which they have started are closed.
   *
   * @return what each has come to
   */
  default List<SqlResult> run(String script) {
    List<SqlResult> results = new ArrayList<>();
    try {
      for (SqlStatement statement : statements(script)) {
        results.add(execute(statement));
      }
      return List.copyOf(results);
    } catch (RuntimeException e) {
      close(results);
      throw e;
    }
  }

  /**
   * Whether the rows of a query are only added, none is changed or taken back.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if it cannot be planned
   */
  boolean addsOnly(SqlOutcome.Query query);

  /**
   * What is worth a warning of a query or of inserts before they run; of others nothing.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if it cannot be planned
   */
  List<Diagnostic> warnings(SqlOutcome outcome);

  /**
   * Checks the statements of a script, all of them, without running any. What they define counts
   * for those that follow, and stays.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if a quote or comment is
   *     not closed
   */
  List<SqlCheck> check(String script);

  /** The names of the tables and views that statements can use now. */
  List<String> tables();

  /** The names of the columns of a table or view, in order; none if there is none of this name. */
  List<String> columns(String table);

  /** Lets go of queries that nobody will read. */
  static void close(List<SqlResult> results) {
    for (SqlResult result : results) {
      if (result instanceof SqlResult.Query query) {
        query.close();
      }
    }
  }
}
