package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.aggregate.JavaAggregate;
import io.fluxcore.domain.code.JavaMethods;
import io.fluxcore.domain.code.UserAggregate;
import io.fluxcore.domain.code.UserFunction;
import io.fluxcore.domain.expression.JavaFunction;
import java.util.List;
import org.apache.calcite.sql.SqlFunction;
import org.jspecify.annotations.Nullable;

/**
 * A function that the session has defined.
 *
 * @param name as it was written; it is found in any case
 * @param className of what computes it; null where it is an expression of SQL
 * @param operator what queries call
 */
public record CatalogueUserFunction(String name, @Nullable String className, SqlFunction operator) {
  /**
   * A function by its class.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if there is no such class,
   *     or it is no function
   */
  public static CatalogueUserFunction of(String name, String className) {
    Class<?> type = JavaMethods.find(className, List.of(UserFunction.class, UserAggregate.class));
    return new CatalogueUserFunction(name, className, operator(name, className, type));
  }

  private static SqlFunction operator(String name, String className, Class<?> type) {
    if (UserAggregate.class.isAssignableFrom(type)) {
      return new UserAggregation(name, JavaAggregate.ofClass(className));
    }
    JavaFunction function = JavaFunction.ofClass(className);
    return function.isTable()
        ? new UserTable(name, function, className)
        : new UserScalar(name, function, className);
  }
}
