package io.fluxcore.infrastructure.sql;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import io.fluxcore.infrastructure.sql.statement.Statements;
import java.util.List;

/** SQL by Apache Calcite. */
public final class CalciteFrontEnd implements SqlFrontEnd {
  private final ExpressionContext expressions;

  /**
   * A front end.
   *
   * @param expressions the functions that queries may call, beside those of the standard
   */
  public CalciteFrontEnd(ExpressionContext expressions) {
    this.expressions = expressions;
  }

  @Override
  public SqlSession newSession() {
    return new CalciteSession(expressions);
  }

  @Override
  public List<SqlStatement> statements(String script) {
    return Statements.of(SqlText.of(script)).stream()
        .map(text -> new SqlStatement(text.text(), text.line(), text.column()))
        .toList();
  }

  @Override
  public boolean isComplete(String text) {
    return Statements.isComplete(text);
  }
}
