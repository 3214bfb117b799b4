package io.fluxcore.infrastructure.sql.catalogue;

import java.util.Collections;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlWindowTableFunction;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.Static;

/**
 * A table function that gives each row the windows that it is in: its columns and {@code
 * window_start}, {@code window_end}, {@code window_time}.
 */
public final class WindowFunction extends SqlWindowTableFunction {
  public static final String START = "window_start";
  public static final String END = "window_end";
  public static final String TIME = "window_time";

  private static final int TIME_COLUMN = 1;

  WindowFunction(String name, int fewest, int most, List<String> parameters) {
    super(name, new Operands(fewest, most, parameters));
  }

  @Override
  public SqlReturnTypeInference getRowTypeInference() {
    return WindowFunction::rowType;
  }

  private static RelDataType rowType(SqlOperatorBinding binding) {
    RelDataTypeFactory factory = binding.getTypeFactory();
    RelDataType input = binding.getOperandType(0);
    RelDataType time = timeType(binding, factory);
    RelDataType bound =
        hasZone(binding) ? factory.createSqlType(SqlTypeName.TIMESTAMP, time.getPrecision()) : time;
    return factory
        .builder()
        .kind(input.getStructKind())
        .addAll(input.getFieldList())
        .add(START, bound)
        .add(END, bound)
        .add(TIME, time)
        .build();
  }

  /** Whether the clocks of a zone cut the windows, so that bounds are what they show. */
  private static boolean hasZone(SqlOperatorBinding binding) {
    return SqlTypeUtil.isCharacter(binding.getOperandType(binding.getOperandCount() - 1));
  }

  /** Window bounds are of the type of the time column, unless the clocks of a zone cut windows. */
  private static RelDataType timeType(SqlOperatorBinding binding, RelDataTypeFactory factory) {
    RelDataType type = binding.getOperandType(TIME_COLUMN);
    RelDataType column =
        type.isStruct() && !type.getFieldList().isEmpty()
            ? type.getFieldList().get(0).getType()
            : type;
    SqlTypeName name =
        column.getSqlTypeName() == SqlTypeName.TIMESTAMP
            ? SqlTypeName.TIMESTAMP
            : SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
    if (binding instanceof SqlCallBinding call
        && call.operand(TIME_COLUMN).getKind() == SqlKind.DESCRIPTOR) {
      RelDataType found = descriptor(call, binding.getOperandType(0));
      if (found != null && found.getSqlTypeName() == SqlTypeName.TIMESTAMP) {
        name = SqlTypeName.TIMESTAMP;
      } else if (found != null) {
        name = SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
      }
    }
    return factory.createSqlType(name, 3);
  }

  private static @org.jspecify.annotations.Nullable RelDataType descriptor(
      SqlCallBinding call, RelDataType input) {
    SqlNode column = ((SqlCall) call.operand(TIME_COLUMN)).operand(0);
    if (!(column instanceof SqlIdentifier name)) {
      return null;
    }
    var field = input.getField(name.names.get(name.names.size() - 1), true, false);
    return field == null ? null : field.getType();
  }

  /** A table, the descriptor of its time column, intervals, and a time zone. */
  private record Operands(int fewest, int most, List<String> parameters)
      implements SqlOperandMetadata {
    @Override
    public List<RelDataType> paramTypes(RelDataTypeFactory factory) {
      return Collections.nCopies(most, factory.createSqlType(SqlTypeName.ANY));
    }

    @Override
    public List<String> paramNames() {
      return parameters;
    }

    @Override
    public boolean isOptional(int i) {
      return i >= fewest;
    }

    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
      boolean right = binding.operand(TIME_COLUMN).getKind() == SqlKind.DESCRIPTOR;
      if (right) {
        RelDataType input = binding.getOperandType(0);
        RelDataType time = descriptor(binding, input);
        if (time == null) {
          if (!throwOnFailure) {
            return false;
          }
          SqlNode column = ((SqlCall) binding.operand(TIME_COLUMN)).operand(0);
          throw binding
              .getValidator()
              .newValidationError(column, Static.RESOURCE.unknownIdentifier(column.toString()));
        }
      }
      right &= binding.operands().size() == binding.getOperandCount(); // else a name is unknown
      for (int i = TIME_COLUMN + 1; right && i < binding.getOperandCount(); i++) {
        RelDataType type = binding.getOperandType(i);
        SqlKind kind = binding.operand(i).getKind();
        boolean isZone = i == binding.getOperandCount() - 1 && SqlTypeUtil.isCharacter(type);
        right &=
            SqlTypeUtil.isInterval(type)
                || kind == SqlKind.DESCRIPTOR
                || kind == SqlKind.DEFAULT
                || isZone;
      }
      if (!right && throwOnFailure) {
        throw binding.newValidationSignatureError();
      }
      return right;
    }

    @Override
    public SqlOperandCountRange getOperandCountRange() {
      return SqlOperandCountRanges.between(fewest, most);
    }

    @Override
    public String getAllowedSignatures(SqlOperator op, String name) {
      return name
          + "(TABLE table, DESCRIPTOR(time column), "
          + String.join(", ", parameters.subList(2, parameters.size()))
          + ")";
    }

    @Override
    public Consistency getConsistency() {
      return Consistency.NONE;
    }
  }
}
