package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.Set;

/**
 * What queries may use beside their tables. Immutable.
 *
 * @param expressions the functions that they may call, beside those of the standard
 * @param aggregates of the application
 * @param lookups names of the connectors whose tables can be asked for the rows of a key: {@code
 *     FOR SYSTEM_TIME AS OF} a processing time asks them, others are read as streams
 */
public record QueryContext(
    ExpressionContext expressions, AggregateCatalogue aggregates, Set<String> lookups) {
  public QueryContext {
    lookups = Set.copyOf(lookups);
  }
}
