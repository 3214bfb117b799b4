package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * What a function of the application takes: its class says it.
 *
 * @param parameters gives the types that it takes in place of others, or refuses them
 * @param signature for people
 */
record UserOperands(Function<List<@Nullable DataType>, List<DataType>> parameters, String signature)
    implements SqlOperandTypeChecker {
  /** How arguments are held; null for a null of no type. */
  static List<@Nullable DataType> types(SqlOperatorBinding binding) {
    List<@Nullable DataType> types = new ArrayList<>();
    for (int i = 0; i < binding.getOperandCount(); i++) {
      RelDataType type = binding.getOperandType(i);
      types.add(type.getSqlTypeName() == SqlTypeName.NULL ? null : SqlTypes.held(type));
    }
    return types;
  }

  @Override
  public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
    try {
      List<DataType> unused = parameters.apply(types(binding));
      return true;
    } catch (FluxCoreException e) {
      if (throwOnFailure) {
        throw refused(binding, e);
      }
      return false;
    }
  }

  /** A refusal with the place of the call. */
  static CalciteContextException refused(SqlCallBinding binding, FluxCoreException refusal) {
    SqlParserPos pos = binding.getCall().getParserPosition();
    return new CalciteContextException(
        String.valueOf(refusal.getMessage()),
        refusal,
        pos.getLineNum(),
        pos.getColumnNum(),
        pos.getEndLineNum(),
        pos.getEndColumnNum());
  }

  @Override
  public SqlOperandCountRange getOperandCountRange() {
    return SqlOperandCountRanges.any();
  }

  @Override
  public String getAllowedSignatures(SqlOperator operator, String name) {
    return signature;
  }
}
