package io.fluxcore.infrastructure.sql.catalogue;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * The types of results, as Flink SQL has them: sums of whole numbers are BIGINT, averages have the
 * type of what they average, texts have no length.
 */
final class StreamTypeSystem extends RelDataTypeSystemImpl {
  static final StreamTypeSystem INSTANCE = new StreamTypeSystem();

  /** Microseconds. */
  private static final int TIME_PRECISION = 6;

  private static final int MAX_DECIMAL = 38;

  private StreamTypeSystem() {}

  @Override
  public int getMaxPrecision(SqlTypeName type) {
    return switch (type) {
      case DECIMAL -> MAX_DECIMAL;
      case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> TIME_PRECISION;
      case CHAR, VARCHAR, BINARY, VARBINARY -> Integer.MAX_VALUE;
      default -> super.getMaxPrecision(type);
    };
  }

  @Override
  public int getMaxScale(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? MAX_DECIMAL : super.getMaxScale(type);
  }

  @Override
  public int getDefaultPrecision(SqlTypeName type) {
    return switch (type) {
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> TIME_PRECISION;
      case VARCHAR, VARBINARY -> Integer.MAX_VALUE;
      case DECIMAL -> MAX_DECIMAL;
      default -> super.getDefaultPrecision(type);
    };
  }

  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
    RelDataType type =
        switch (argument.getSqlTypeName()) {
          case TINYINT, SMALLINT, INTEGER, BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
          case FLOAT, REAL, DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
          case DECIMAL ->
              factory.createSqlType(SqlTypeName.DECIMAL, MAX_DECIMAL, argument.getScale());
          default -> argument;
        };
    return factory.createTypeWithNullability(type, argument.isNullable());
  }

  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
    if (!SqlTypeUtil.isDecimal(argument)) {
      return argument;
    }
    int scale = Math.min(MAX_DECIMAL, Math.max(argument.getScale(), TIME_PRECISION));
    return factory.createTypeWithNullability(
        factory.createSqlType(SqlTypeName.DECIMAL, MAX_DECIMAL, scale), argument.isNullable());
  }
}
