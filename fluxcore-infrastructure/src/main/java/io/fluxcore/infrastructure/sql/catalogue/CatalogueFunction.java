package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.Operand;
import io.fluxcore.domain.expression.Rows;
import io.fluxcore.domain.expression.ScalarFunction;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * A function of the expression language, callable from SQL by its name. What it takes and gives it
 * tells itself, when it is bound.
 */
public final class CatalogueFunction extends SqlFunction {
  private final ScalarFunction function;

  /**
   * A function.
   *
   * @param name as SQL calls it
   */
  CatalogueFunction(String name, ScalarFunction function, ExpressionContext context) {
    super(
        name,
        SqlKind.OTHER_FUNCTION,
        binding -> resultType(function, context, binding),
        null,
        new Operands(function, context),
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.function = function;
  }

  /** How expressions call it. */
  public String nameInExpressions() {
    return function.name();
  }

  /** Whether results of a type of SQL are nested in the expression language. */
  public boolean givesNested(RelDataType type) {
    return NestedTypes.isKnown(function.name()) || type.getSqlTypeName() == SqlTypeName.ANY;
  }

  @Override
  public boolean isDeterministic() {
    return function.isDeterministic();
  }

  private static RelDataType resultType(
      ScalarFunction function, ExpressionContext context, SqlOperatorBinding binding) {
    DataType held = bind(function, context, binding).result();
    RelDataType nested =
        held.equals(DataType.NESTED) ? NestedTypes.of(function.name(), binding) : null;
    return nested == null ? SqlTypes.of(held, binding.getTypeFactory()) : nested;
  }

  private static ScalarFunction.Binding bind(
      ScalarFunction function, ExpressionContext context, SqlOperatorBinding binding) {
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < binding.getOperandCount(); i++) {
      operands.add(
          new TypedOperand(SqlTypes.held(binding.getOperandType(i)), constant(binding, i)));
    }
    return function.bind(operands, context);
  }

  private static @Nullable Object constant(SqlOperatorBinding binding, int i) {
    if (!binding.isOperandLiteral(i, false)) {
      return null;
    }
    SqlTypeName type = binding.getOperandType(i).getSqlTypeName();
    return switch (type) {
      case CHAR, VARCHAR -> binding.getOperandLiteralValue(i, String.class);
      case TINYINT, SMALLINT, INTEGER, BIGINT -> binding.getOperandLiteralValue(i, Long.class);
      default -> null;
    };
  }

  /** An argument of which only the type, and the value of a literal, are known. */
  private record TypedOperand(DataType type, @Nullable Object value) implements Operand {
    @Override
    public boolean isConstant() {
      return value != null;
    }

    @Override
    public Object constant() {
      if (value == null) {
        throw new IllegalStateException("not a constant");
      }
      return value;
    }

    @Override
    public Column evaluate(Rows rows) {
      throw new IllegalStateException("a query is planned, not run");
    }
  }

  private record Operands(ScalarFunction function, ExpressionContext context)
      implements SqlOperandTypeChecker {
    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
      FluxCoreException refusal = refusal(binding);
      if (refusal != null && throwOnFailure) {
        throw UserOperands.refused(binding, refusal);
      }
      return refusal == null;
    }

    /** Why the function cannot be called so, or null if it can. */
    private @Nullable FluxCoreException refusal(SqlCallBinding binding) {
      try {
        List<DataType> wanted = bind(function, context, binding).parameters();
        for (int i = 0; i < Math.min(wanted.size(), binding.getOperandCount()); i++) {
          DataType given = SqlTypes.held(binding.getOperandType(i));
          boolean isNull = binding.getOperandType(i).getSqlTypeName() == SqlTypeName.NULL;
          if (!isNull && !isTaken(given, wanted.get(i))) {
            return FluxCoreException.user(
                "FLX-QUERY-0006",
                Place.WHOLE,
                "argument "
                    + (i + 1)
                    + " is a "
                    + given
                    + ", and "
                    + function.signature()
                    + " takes a "
                    + wanted.get(i),
                "cast it");
          }
        }
        return null;
      } catch (FluxCoreException e) {
        return e;
      }
    }

    @Override
    public SqlOperandCountRange getOperandCountRange() {
      return SqlOperandCountRanges.any();
    }

    @Override
    public String getAllowedSignatures(SqlOperator operator, String name) {
      return function.signature();
    }
  }

  /** Whether a value is taken without a cast: numbers for wider ones, dates for times. */
  static boolean isTaken(DataType given, DataType wanted) {
    return given.kind() == wanted.kind()
        || given.kind() == DataType.Kind.NESTED
        || (given.isNumeric() && wanted.isNumeric() && given.kind().compareTo(wanted.kind()) < 0)
        || (given.kind() == DataType.Kind.DECIMAL && wanted.kind() == DataType.Kind.DOUBLE)
        || (isTime(given) && isTime(wanted) && given.kind().compareTo(wanted.kind()) < 0);
  }

  private static boolean isTime(DataType type) {
    return switch (type.kind()) {
      case DATE, TIMESTAMP, TIMESTAMP_TZ -> true;
      default -> false;
    };
  }
}
