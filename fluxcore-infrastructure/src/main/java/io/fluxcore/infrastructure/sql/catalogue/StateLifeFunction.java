package io.fluxcore.infrastructure.sql.catalogue;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWindowTableFunction;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A table function that says of rows how long state of theirs is kept, and gives them as they are:
 * what hints of state become. Nobody can write it.
 */
public final class StateLifeFunction extends SqlWindowTableFunction {
  StateLifeFunction() {
    super("$STATE_LIFE", new Operands());
  }

  @Override
  public SqlReturnTypeInference getRowTypeInference() {
    return binding -> binding.getOperandType(0);
  }

  /** A table and milliseconds. */
  private record Operands() implements SqlOperandMetadata {
    @Override
    public List<RelDataType> paramTypes(RelDataTypeFactory factory) {
      RelDataType any = factory.createSqlType(SqlTypeName.ANY);
      return List.of(any, any);
    }

    @Override
    public List<String> paramNames() {
      return List.of("DATA", "MILLIS");
    }

    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
      return true;
    }

    @Override
    public SqlOperandCountRange getOperandCountRange() {
      return SqlOperandCountRanges.of(2);
    }

    @Override
    public String getAllowedSignatures(SqlOperator op, String name) {
      return name + "(TABLE table, milliseconds)";
    }

    @Override
    public Consistency getConsistency() {
      return Consistency.NONE;
    }
  }
}
