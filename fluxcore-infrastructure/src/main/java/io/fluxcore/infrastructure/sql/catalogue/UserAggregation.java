package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.aggregate.JavaAggregate;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/** An aggregate of the application, by its class or by the name under which it is registered. */
public final class UserAggregation extends SqlAggFunction {
  private final AggregateFunction<?> function;

  UserAggregation(String name, AggregateFunction<?> function) {
    super(
        name.toUpperCase(Locale.ROOT),
        null,
        SqlKind.OTHER_FUNCTION,
        binding -> resultType(function, binding),
        null,
        new UserOperands(given -> taken(function, given), name),
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        Optionality.FORBIDDEN);
    this.function = function;
  }

  private static RelDataType resultType(AggregateFunction<?> function, SqlOperatorBinding binding) {
    RelDataType type =
        function instanceof JavaAggregate java
            ? JavaSqlTypes.of(java.resultType(), binding.getTypeFactory())
            : SqlTypes.of(
                function.resultType(SqlTypes.held(binding.getOperandType(0))),
                binding.getTypeFactory());
    return binding.getTypeFactory().createTypeWithNullability(type, true);
  }

  private static List<DataType> taken(
      AggregateFunction<?> function, List<@Nullable DataType> given) {
    if (function instanceof JavaAggregate java) {
      return java.parameters(given);
    }
    DataType only = given.size() == 1 ? given.get(0) : null;
    try {
      if (only != null) {
        DataType unused = function.resultType(only);
        return List.of(only);
      }
    } catch (IllegalArgumentException e) {
      throw refused(function, String.valueOf(e.getMessage()));
    }
    throw refused(function, "it takes one argument, not " + given);
  }

  private static FluxCoreException refused(AggregateFunction<?> function, String why) {
    return FluxCoreException.user(
        "FLX-QUERY-0006",
        Place.WHOLE,
        "'" + function.name() + "': " + why,
        "give it another argument");
  }

  /** The name under which topologies have it. */
  public String nameInTopologies() {
    return function.name();
  }

  /** How its results are held. */
  public DataType result(DataType argument) {
    return function.resultType(argument);
  }
}
