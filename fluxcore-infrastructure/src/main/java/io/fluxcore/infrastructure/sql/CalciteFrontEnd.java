package io.fluxcore.infrastructure.sql;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.infrastructure.sql.plan.QueryContext;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import io.fluxcore.infrastructure.sql.statement.Statements;
import java.util.List;
import java.util.Set;

/** SQL by Apache Calcite. */
public final class CalciteFrontEnd implements SqlFrontEnd {
  private final QueryContext context;

  /** A front end whose queries may use this. */
  public CalciteFrontEnd(QueryContext context) {
    this.context = context;
  }

  /**
   * A front end for connectors of which none can be asked.
   *
   * @param expressions the functions that queries may call, beside those of the standard
   */
  public CalciteFrontEnd(ExpressionContext expressions) {
    this(new QueryContext(expressions, AggregateCatalogue.EMPTY, Set.of()));
  }

  @Override
  public SqlSession newSession() {
    return new CalciteSession(context);
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
