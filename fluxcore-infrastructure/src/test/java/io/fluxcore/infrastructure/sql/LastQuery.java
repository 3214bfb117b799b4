package io.fluxcore.infrastructure.sql;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the last statement of a script, a query, becomes in a session of its own. */
final class LastQuery {
  static final ExpressionContext CONTEXT = ExpressionContext.of(new LinearRegexCompiler());

  private LastQuery() {}

  static SqlOutcome.Query of(String script) {
    SqlFrontEnd frontEnd = new CalciteFrontEnd(CONTEXT);
    SqlSession session = frontEnd.newSession();
    @Nullable SqlOutcome last = null;
    for (SqlStatement statement : frontEnd.statements(script)) {
      last = session.execute(statement);
    }
    return (SqlOutcome.Query) Objects.requireNonNull(last);
  }
}
