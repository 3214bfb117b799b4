package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.JavaFunction;
import io.fluxcore.domain.expression.ScalarFunction;
import io.fluxcore.infrastructure.sql.statement.ReservedFunctions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlBasicAggFunction;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
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

  /** The watermark at a time of events, of the type of that column. */
  public static final SqlFunction CURRENT_WATERMARK =
      new SqlFunction(
          "CURRENT_WATERMARK",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.ARG0_FORCE_NULLABLE,
          null,
          OperandTypes.family(SqlTypeFamily.TIMESTAMP),
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

  /** Where a text begins in another one: the arguments of {@code instr} the other way round. */
  public static final SqlFunction LOCATE =
      new SqlFunction(
          "LOCATE",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.INTEGER_NULLABLE,
          null,
          OperandTypes.or(
              OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER),
              OperandTypes.family(
                  SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER)),
          SqlFunctionCategory.STRING);

  /** Seconds since the epoch: of now, or of a text. */
  public static final SqlFunction UNIX_TIMESTAMP =
      new SqlFunction(
          "UNIX_TIMESTAMP",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.BIGINT_NULLABLE,
          null,
          OperandTypes.or(
              OperandTypes.NILADIC,
              OperandTypes.CHARACTER,
              OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER)),
          SqlFunctionCategory.TIMEDATE) {
        @Override
        public boolean isDeterministic() {
          return false;
        }
      };

  public static final SqlFunction TUMBLE =
      new WindowFunction("TUMBLE", 3, 5, List.of("DATA", "TIMECOL", "SIZE", "OFFSET", "TIMEZONE"));
  public static final SqlFunction HOP =
      new WindowFunction(
          "HOP", 4, 6, List.of("DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET", "TIMEZONE"));
  public static final SqlFunction CUMULATE =
      new WindowFunction(
          "CUMULATE", 4, 6, List.of("DATA", "TIMECOL", "STEP", "SIZE", "OFFSET", "TIMEZONE"));
  public static final SqlFunction SESSION =
      new WindowFunction("SESSION", 3, 5, List.of("DATA", "TIMECOL", "KEY", "SIZE", "TIMEZONE"));

  /**
   * Sessions that are separate where they touch: what {@link #SESSION} with {@code TOUCHING =>
   * 'separate'} becomes.
   */
  public static final SqlFunction SEPARATE_SESSION =
      new WindowFunction(
          "SESSION SEPARATE", 3, 5, List.of("DATA", "TIMECOL", "KEY", "SIZE", "TIMEZONE"));

  /** What hints of state become. */
  public static final SqlFunction STATE_LIFE = new StateLifeFunction();

  /**
   * What is known of a window that is grouped by beside its start, {@code TUMBLE_END} and so on:
   * they are told of a whole group, as aggregates are.
   */
  private static final List<SqlOperator> BOUNDS =
      Stream.of("TUMBLE", "HOP", "SESSION")
          .flatMap(window -> Stream.of("_END", "_ROWTIME", "_PROCTIME").map(window::concat))
          .<SqlOperator>map(
              name ->
                  SqlBasicAggFunction.create(
                      name, SqlKind.OTHER_FUNCTION, ReturnTypes.ARG0, OperandTypes.ANY))
          .toList();

  private static final List<SqlOperator> OWN =
      Stream.concat(
              Stream.of(
                  PROCTIME,
                  CURRENT_WATERMARK,
                  TO_TIMESTAMP_LTZ,
                  FROM_UNIXTIME,
                  LOCATE,
                  UNIX_TIMESTAMP,
                  SqlLibraryOperators.TRY_CAST,
                  TUMBLE,
                  HOP,
                  CUMULATE,
                  SESSION),
              AggregateOperators.ALL.stream())
          .toList();

  /**
   * Of the standard, beside those of {@link #OWN} with the same name. Jobs have no user and no
   * session: words such as USER name columns.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "TYPEOF",
          "CONTAINS",
          "USER",
          "CURRENT_USER",
          "SESSION_USER",
          "SYSTEM_USER",
          "CURRENT_ROLE",
          "CURRENT_PATH",
          "CURRENT_CATALOG",
          "CURRENT_SCHEMA");

  /** What the parser makes of {@code TRANSLATE}. */
  private static final String TRANSLATE = "TRANSLATE3";

  /** Functions of the expression language by the names that Flink SQL has for them. */
  private static final Map<String, String> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("REGEXP", "regexp_like"),
          Map.entry("SUBSTR", "substring"),
          Map.entry("BTRIM", "trim"),
          Map.entry("STARTSWITH", "starts_with"),
          Map.entry("ENDSWITH", "ends_with"),
          Map.entry("IFNULL", "coalesce"),
          Map.entry("TO_TIMESTAMP", "try_to_timestamp"),
          Map.entry("TO_DATE", "try_to_date"),
          Map.entry(TRANSLATE, "translate"),
          Map.entry("CURRENT_ROW_TIMESTAMP", "now"));

  /** Those of the standard that can be computed, beside operators. */
  private static final List<String> STANDARD =
      List.of(
          "ABS",
          "ACOS",
          "ASIN",
          "ATAN",
          "ATAN2",
          "AVG",
          "BIT_AND",
          "BIT_OR",
          "BIT_XOR",
          "CARDINALITY",
          "CAST",
          "CBRT",
          "CEIL",
          "CHARACTER_LENGTH",
          "CHAR_LENGTH",
          "COALESCE",
          "COLLECT",
          "COS",
          "COT",
          "COUNT",
          "CURRENT_DATE",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "DEGREES",
          "DENSE_RANK",
          "ELEMENT",
          "EVERY",
          "EXP",
          "EXTRACT",
          "FLOOR",
          "GROUPING",
          "GROUPING_ID",
          "GROUP_ID",
          "HOUR",
          "INITCAP",
          "JSON_ARRAY",
          "APPROX_COUNT_DISTINCT",
          "JSON_ARRAYAGG",
          "JSON_OBJECTAGG",
          "LISTAGG",
          "JSON_EXISTS",
          "JSON_OBJECT",
          "JSON_QUERY",
          "JSON_VALUE",
          "LAG",
          "LEAD",
          "LN",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "LOG10",
          "LOWER",
          "MAX",
          "MIN",
          "MINUTE",
          "MOD",
          "MONTH",
          "NULLIF",
          "OVERLAY",
          "PI",
          "POSITION",
          "POWER",
          "QUARTER",
          "RADIANS",
          "RAND",
          "RAND_INTEGER",
          "RANK",
          "REPLACE",
          "ROUND",
          "ROW_NUMBER",
          "SECOND",
          "SIGN",
          "SIN",
          "SQRT",
          "STDDEV",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "SUBSTRING",
          "SUM",
          "TAN",
          "TIMESTAMPADD",
          "TIMESTAMPDIFF",
          "TRIM",
          "TRUNCATE",
          "UPPER",
          "VARIANCE",
          "VAR_POP",
          "VAR_SAMP",
          "WEEK",
          "YEAR",
          "DAYOFMONTH",
          "DAYOFWEEK",
          "DAYOFYEAR");

  private StreamOperators() {}

  /** The names of the functions that queries may call, in order. */
  public static SortedSet<String> names(SqlOperatorTable operators) {
    SortedSet<String> names = new TreeSet<>(STANDARD);
    for (SqlOperator operator : operators.getOperatorList()) {
      boolean isOwn =
          OWN.contains(operator)
              || operator instanceof CatalogueFunction
              || operator instanceof UserScalar
              || operator instanceof UserMacro
              || operator instanceof UserTable
              || operator instanceof UserAggregation;
      if (isOwn) {
        names.add(operator.getName());
      }
    }
    names.remove(TRANSLATE);
    return names;
  }

  /** All that may be used, with the functions of an expression context and these aggregates. */
  public static SqlOperatorTable of(ExpressionContext context, AggregateCatalogue aggregates) {
    List<SqlOperator> operators = new ArrayList<>(OWN);
    operators.addAll(BOUNDS);
    operators.add(STATE_LIFE);
    operators.add(SEPARATE_SESSION);
    Set<String> names = new HashSet<>();
    operators.forEach(operator -> names.add(operator.getName()));
    for (SqlOperator operator : SqlStdOperatorTable.instance().getOperatorList()) {
      String name = operator.getName().toUpperCase(Locale.ROOT);
      if (!names.contains(name) && !LEFT_OUT.contains(name)) {
        operators.add(operator);
      }
    }
    operators.forEach(operator -> names.add(operator.getName().toUpperCase(Locale.ROOT)));
    for (ScalarFunction function : context.functions().functions()) {
      String name = function.name().toUpperCase(Locale.ROOT);
      if (names.contains(name) || OTHER_NAMES.containsKey(name)) {
        continue;
      }
      operators.add(
          function instanceof JavaFunction java && java.isTable()
              ? new UserTable(name, java, null)
              : new CatalogueFunction(name, function, context));
    }
    OTHER_NAMES.forEach(
        (name, of) -> {
          ScalarFunction function = context.functions().find(of);
          if (function != null) {
            operators.add(new CatalogueFunction(name, function, context));
          }
        });
    for (String name : aggregates.names()) {
      AggregateFunction<?> function = aggregates.find(name);
      if (function != null && !names.contains(name.toUpperCase(Locale.ROOT))) {
        operators.add(new UserAggregation(name, function));
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
      String simple = ReservedFunctions.name(name.getSimple().toUpperCase(Locale.ROOT));
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
