package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.ScalarFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlBasicAggFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.jspecify.annotations.Nullable;

/**
 * The operators and functions that queries may use: those of the standard, those of the expression
 * language, and those that streams need.
 */
public final class StreamOperators {
  public static final SqlFunction PROCTIME =
      new SqlFunction(
          "PROCTIME",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.explicit(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 3),
          null,
          OperandTypes.NILADIC,
          SqlFunctionCategory.TIMEDATE) {
        @Override
        public boolean isDeterministic() {
          return false;
        }
      };

  /** Milliseconds (precision 3) or seconds (0) since the epoch, as an instant. */
  public static final SqlFunction TO_TIMESTAMP_LTZ =
      new SqlFunction(
          "TO_TIMESTAMP_LTZ",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.explicit(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 3)
              .andThen(SqlTypeTransforms.TO_NULLABLE),
          null,
          OperandTypes.or(OperandTypes.NUMERIC, OperandTypes.NUMERIC_NUMERIC),
          SqlFunctionCategory.TIMEDATE);

  /** Seconds since the epoch as a text of date and time in UTC. */
  public static final SqlFunction FROM_UNIXTIME =
      new SqlFunction(
          "FROM_UNIXTIME",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.VARCHAR_NULLABLE,
          null,
          OperandTypes.or(
              OperandTypes.NUMERIC,
              OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.CHARACTER)),
          SqlFunctionCategory.TIMEDATE);

  public static final SqlAggFunction FIRST_VALUE =
      SqlBasicAggFunction.create(
          "FIRST_VALUE", SqlKind.FIRST_VALUE, ReturnTypes.ARG0_NULLABLE_IF_EMPTY, OperandTypes.ANY);

  public static final SqlAggFunction LAST_VALUE =
      SqlBasicAggFunction.create(
          "LAST_VALUE", SqlKind.LAST_VALUE, ReturnTypes.ARG0_NULLABLE_IF_EMPTY, OperandTypes.ANY);

  public static final SqlFunction TUMBLE =
      new WindowFunction("TUMBLE", 3, 4, List.of("DATA", "TIMECOL", "SIZE", "OFFSET"));
  public static final SqlFunction HOP =
      new WindowFunction("HOP", 4, 5, List.of("DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"));
  public static final SqlFunction CUMULATE =
      new WindowFunction("CUMULATE", 4, 5, List.of("DATA", "TIMECOL", "STEP", "SIZE", "OFFSET"));
  public static final SqlFunction SESSION =
      new WindowFunction("SESSION", 3, 4, List.of("DATA", "TIMECOL", "KEY", "SIZE"));

  private static final List<SqlOperator> OWN =
      List.of(
          PROCTIME,
          TO_TIMESTAMP_LTZ,
          FROM_UNIXTIME,
          FIRST_VALUE,
          LAST_VALUE,
          TUMBLE,
          HOP,
          CUMULATE,
          SESSION);

  /** Of the standard, beside those of {@link #OWN} with the same name. */
  private static final Set<String> LEFT_OUT = Set.of("LOCALTIME", "CURRENT_TIME");

  private StreamOperators() {}

  /** All that may be used, with the functions of an expression context. */
  public static SqlOperatorTable of(ExpressionContext context) {
    List<SqlOperator> operators = new ArrayList<>(OWN);
    Set<String> names = new HashSet<>(LEFT_OUT);
    OWN.forEach(operator -> names.add(operator.getName()));
    for (SqlOperator operator : SqlStdOperatorTable.instance().getOperatorList()) {
      if (!names.contains(operator.getName().toUpperCase(Locale.ROOT))) {
        operators.add(operator);
      }
    }
    operators.forEach(operator -> names.add(operator.getName().toUpperCase(Locale.ROOT)));
    for (ScalarFunction function : context.functions().functions()) {
      if (!names.contains(function.name().toUpperCase(Locale.ROOT))) {
        operators.add(new CatalogueFunction(function, context));
      }
    }
    return new AnyCase(operators);
  }

  /** Finds functions in upper and lower case, whatever names of columns do. */
  private static final class AnyCase implements SqlOperatorTable {
    private final List<SqlOperator> all;
    private final Map<String, List<SqlOperator>> byName = new HashMap<>();

    AnyCase(List<SqlOperator> all) {
      this.all = List.copyOf(all);
      for (SqlOperator operator : all) {
        byName
            .computeIfAbsent(operator.getName().toUpperCase(Locale.ROOT), n -> new ArrayList<>())
            .add(operator);
      }
    }

    @Override
    public void lookupOperatorOverloads(
        SqlIdentifier name,
        @Nullable SqlFunctionCategory category,
        SqlSyntax syntax,
        List<SqlOperator> found,
        SqlNameMatcher matcher) {
      if (!name.isSimple()) {
        return;
      }
      String simple = name.getSimple().toUpperCase(Locale.ROOT);
      for (SqlOperator operator : byName.getOrDefault(simple, List.of())) {
        boolean isCalled = syntax == SqlSyntax.FUNCTION && operator instanceof SqlFunction;
        if (isCalled || operator.getSyntax().family == syntax.family) {
          found.add(operator);
        }
      }
    }

    @Override
    public List<SqlOperator> getOperatorList() {
      return all;
    }
  }
}
