package io.fluxcore.application.sql;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;

/** In the place of SQL where nobody reads it. */
final class NoSql implements SqlFrontEnd {
  static final NoSql INSTANCE = new NoSql();

  private NoSql() {}

  @Override
  public SqlSession newSession() {
    throw missing();
  }

  @Override
  public List<SqlStatement> statements(String script) {
    throw missing();
  }

  @Override
  public boolean isComplete(String text) {
    throw missing();
  }

  private static FluxCoreException missing() {
    return FluxCoreException.conflict(
        "FLX-QUERY-0044",
        Place.WHOLE,
        "SQL is not read here",
        "give the service a front end for SQL, such as CalciteFrontEnd");
  }
}
