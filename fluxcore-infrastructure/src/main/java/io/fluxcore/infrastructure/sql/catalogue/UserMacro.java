package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.ReturnTypes;
import org.jspecify.annotations.Nullable;

/** A function that is an expression of SQL: a call of it is written out. */
public final class UserMacro extends SqlFunction {
  private final List<RelDataType> parameters;
  private final RelDataType returns;
  private final RexNode body;

  /**
   * A function.
   *
   * @param body over the parameters, which are input columns
   */
  public UserMacro(String name, List<RelDataType> parameters, RelDataType returns, RexNode body) {
    super(
        name.toUpperCase(Locale.ROOT),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.explicit(returns),
        null,
        new UserOperands(given -> taken(name, parameters, given), name + parameters),
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.parameters = List.copyOf(parameters);
    this.returns = returns;
    this.body = body;
  }

  private static List<DataType> taken(
      String name, List<RelDataType> parameters, List<@Nullable DataType> given) {
    List<DataType> wanted = parameters.stream().map(SqlTypes::held).toList();
    boolean fits = wanted.size() == given.size();
    for (int i = 0; fits && i < wanted.size(); i++) {
      DataType type = given.get(i);
      fits = type == null || CatalogueFunction.isTaken(type, wanted.get(i));
    }
    if (!fits) {
      throw FluxCoreException.user(
          "FLX-QUERY-0006",
          Place.WHOLE,
          name + " takes " + wanted + ", not " + given,
          "cast the arguments");
    }
    return wanted;
  }

  /** What a call of it stands for. */
  public RexNode expanded(List<RexNode> operands, RexBuilder builder) {
    List<RexNode> arguments = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      arguments.add(builder.makeCast(parameters.get(i), operands.get(i), true, false));
    }
    RexNode expanded =
        body.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef ref) {
                return arguments.get(ref.getIndex());
              }
            });
    return builder.makeCast(returns, expanded, true, false);
  }
}
