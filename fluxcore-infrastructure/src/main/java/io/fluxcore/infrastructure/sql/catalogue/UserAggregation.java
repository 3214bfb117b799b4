package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.aggregate.JavaAggregate;
import io.fluxcore.domain.event.DataType;
import java.util.Locale;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Optionality;

/** An aggregate of the application, by its class. */
public final class UserAggregation extends SqlAggFunction {
  private final JavaAggregate aggregate;

  UserAggregation(String name, JavaAggregate aggregate) {
    super(
        name.toUpperCase(Locale.ROOT),
        null,
        SqlKind.OTHER_FUNCTION,
        binding ->
            binding
                .getTypeFactory()
                .createTypeWithNullability(
                    JavaSqlTypes.of(aggregate.resultType(), binding.getTypeFactory()), true),
        null,
        new UserOperands(aggregate::parameters, name),
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        Optionality.FORBIDDEN);
    this.aggregate = aggregate;
  }

  /** The name under which topologies have it. */
  public String nameInTopologies() {
    return aggregate.name();
  }

  /** How its results are held. */
  public DataType result() {
    return aggregate.resultType(DataType.NESTED);
  }
}
