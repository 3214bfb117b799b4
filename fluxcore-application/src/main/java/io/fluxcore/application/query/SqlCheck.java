package io.fluxcore.application.query;

import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say about a statement that was not run.
 *
 * @param kind what it is; null where it cannot be used
 * @param columns of a query or a listing; null of others
 * @param plan in lines, for a person; null where nothing would run
 * @param diagnostics with the lines and columns of the script
 */
public record SqlCheck(
    SqlStatement statement,
    @Nullable Kind kind,
    @Nullable Schema columns,
    @Nullable String plan,
    List<Diagnostic> diagnostics) {
  /** What statements are. */
  public enum Kind {
    /** Changes the workspace: tables, views, settings. */
    DEFINITION,
    LISTING,
    QUERY,
    /** Inserts, which are a job. */
    INSERT,
    MATERIALIZED_VIEW,
    EXPLANATION
  }

  public SqlCheck {
    diagnostics = List.copyOf(diagnostics);
  }

  public boolean isValid() {
    return diagnostics.stream().noneMatch(Diagnostic::isError);
  }
}
