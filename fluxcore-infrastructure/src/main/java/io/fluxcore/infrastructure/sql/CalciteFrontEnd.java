package io.fluxcore.infrastructure.sql;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import io.fluxcore.infrastructure.sql.statement.Statements;
import java.util.List;
import java.util.Set;

/** SQL by Apache Calcite. */
public final class CalciteFrontEnd implements SqlFrontEnd {
  private final ExpressionContext expressions;
  private final Set<String> lookups;

  /**
   * A front end.
   *
   * @param expressions the functions that queries may call, beside those of the standard
   * @param lookups names of the connectors whose tables can be asked for the rows of a key: {@code
   *     FOR SYSTEM_TIME AS OF} a processing time asks them, others are read as streams
   */
  public CalciteFrontEnd(ExpressionContext expressions, Set<String> lookups) {
    this.expressions = expressions;
    this.lookups = Set.copyOf(lookups);
  }

  /** A front end for connectors of which none can be asked. */
  public CalciteFrontEnd(ExpressionContext expressions) {
    this(expressions, Set.of());
  }

  @Override
  public SqlSession newSession() {
    return new CalciteSession(expressions, lookups);
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
