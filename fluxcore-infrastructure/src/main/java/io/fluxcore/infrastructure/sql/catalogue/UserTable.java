package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.code.JavaTypes;
import io.fluxcore.domain.expression.JavaFunction;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlTableFunction;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.jspecify.annotations.Nullable;

/** A table function of the application: {@code LATERAL TABLE(name(…))}. */
public final class UserTable extends SqlFunction implements SqlTableFunction {
  /** The only column of rows that have no names for theirs, as Flink calls it. */
  public static final String ONLY_COLUMN = "f0";

  private final JavaFunction function;
  private final @Nullable String className;

  /**
   * A table function.
   *
   * @param className null where it is registered under its name
   */
  UserTable(String name, JavaFunction function, @Nullable String className) {
    super(
        name.toUpperCase(Locale.ROOT),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.CURSOR,
        null,
        new UserOperands(function::parameters, function.signature()),
        SqlFunctionCategory.USER_DEFINED_TABLE_FUNCTION);
    this.function = function;
    this.className = className;
  }

  @Override
  public boolean isDeterministic() {
    return function.isDeterministic();
  }

  @Override
  public SqlReturnTypeInference getRowTypeInference() {
    return this::rowType;
  }

  private RelDataType rowType(SqlOperatorBinding binding) {
    Type row = JavaTypes.elementTypes(function.resultType(UserOperands.types(binding))).get(0);
    RelDataTypeFactory factory = binding.getTypeFactory();
    RelDataType type = JavaSqlTypes.of(row, factory);
    return JavaSqlTypes.isRow(row)
        ? factory.builder().addAll(type.getFieldList()).build()
        : factory.builder().add(ONLY_COLUMN, type).build();
  }

  /** Whether its rows have names for their columns, rather than being a value each. */
  public boolean givesRows(RelDataType rowType) {
    return rowType.getFieldCount() != 1
        || !rowType.getFieldList().get(0).getName().equals(ONLY_COLUMN);
  }

  /** The call in the expression language, which gives a list. */
  public String call(List<String> arguments) {
    return className == null
        ? function.name() + "(" + String.join(", ", arguments) + ")"
        : UserScalar.callOf(className, arguments);
  }
}
