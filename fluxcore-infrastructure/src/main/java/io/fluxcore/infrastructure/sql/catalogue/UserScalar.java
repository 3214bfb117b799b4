package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.expression.JavaFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;

/** A scalar function of the application, by its class. */
public final class UserScalar extends SqlFunction {
  private final JavaFunction function;
  private final String className;

  UserScalar(String name, JavaFunction function, String className) {
    super(
        name.toUpperCase(Locale.ROOT),
        SqlKind.OTHER_FUNCTION,
        binding ->
            JavaSqlTypes.of(
                function.resultType(UserOperands.types(binding)), binding.getTypeFactory()),
        null,
        new UserOperands(function::parameters, function.signature()),
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.function = function;
    this.className = className;
  }

  @Override
  public boolean isDeterministic() {
    return function.isDeterministic();
  }

  /** The call in the expression language. */
  public String call(List<String> arguments) {
    return callOf(className, arguments);
  }

  static String callOf(String className, List<String> arguments) {
    List<String> all = new ArrayList<>();
    all.add("'" + className.replace("'", "''") + "'");
    all.addAll(arguments);
    return "java(" + String.join(", ", all) + ")";
  }
}
