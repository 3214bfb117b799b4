package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.aggregate.PairStatistic;
import io.fluxcore.domain.event.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlBasicAggFunction;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.util.Optionality;

/**
 * Aggregates that the standard's operators do not have, or have with other types or without an
 * order of their own.
 */
public final class AggregateOperators {
  private static final SqlReturnTypeInference DOUBLE =
      ReturnTypes.explicit(SqlTypeName.DOUBLE).andThen(SqlTypeTransforms.FORCE_NULLABLE);

  private static final SqlOperandTypeChecker FRACTIONS =
      OperandTypes.or(
          OperandTypes.NUMERIC_NUMERIC,
          OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.ARRAY),
          OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.NUMERIC, SqlTypeFamily.INTEGER),
          OperandTypes.family(SqlTypeFamily.NUMERIC, SqlTypeFamily.ARRAY, SqlTypeFamily.INTEGER));

  /** A number for one fraction, a list of them for a list. */
  private static final SqlReturnTypeInference OF_FRACTIONS =
      binding ->
          binding.getOperandType(1).getComponentType() == null
              ? DOUBLE.inferReturnType(binding)
              : ReturnTypes.DOUBLE
                  .andThen(SqlTypeTransforms.TO_ARRAY)
                  .andThen(SqlTypeTransforms.FORCE_NULLABLE)
                  .inferReturnType(binding);

  public static final SqlAggFunction FIRST_VALUE = edge("FIRST_VALUE", SqlKind.FIRST_VALUE);
  public static final SqlAggFunction LAST_VALUE = edge("LAST_VALUE", SqlKind.LAST_VALUE);

  /** A fraction, also of whole numbers, which that of the standard's operator is not. */
  public static final SqlAggFunction PERCENTILE_CONT =
      percentile("PERCENTILE_CONT", SqlKind.PERCENTILE_CONT, DOUBLE);

  /** Of numbers and times. */
  public static final SqlAggFunction PERCENTILE_DISC =
      percentile("PERCENTILE_DISC", SqlKind.PERCENTILE_DISC, ReturnTypes.PERCENTILE_DISC_CONT);

  /** All of them. */
  static final List<SqlOperator> ALL =
      Stream.<SqlOperator>concat(
              Arrays.stream(PairStatistic.values()).map(AggregateOperators::ofPairs),
              Stream.of(
                  FIRST_VALUE,
                  LAST_VALUE,
                  inOrder( // all values of a group as a list
                      SqlBasicAggFunction.create(
                          "ARRAY_AGG",
                          SqlKind.ARRAY_AGG,
                          ReturnTypes.TO_ARRAY.andThen(SqlTypeTransforms.FORCE_NULLABLE),
                          OperandTypes.ANY)),
                  inOrder( // all texts of a group: LISTAGG by another name
                      SqlBasicAggFunction.create(
                          "STRING_AGG",
                          SqlKind.OTHER_FUNCTION,
                          ReturnTypes.VARCHAR_NULLABLE.andThen(SqlTypeTransforms.FORCE_NULLABLE),
                          OperandTypes.or(
                              OperandTypes.CHARACTER,
                              OperandTypes.family(
                                  SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER)))),
                  SqlLibraryOperators.BOOL_AND,
                  SqlLibraryOperators.BOOL_OR,
                  PERCENTILE_CONT,
                  PERCENTILE_DISC,
                  ofNumbers("MEDIAN", DOUBLE, OperandTypes.NUMERIC),
                  ofNumbers("APPROX_MEDIAN", DOUBLE, OperandTypes.NUMERIC),
                  ofNumbers("PERCENTILE", OF_FRACTIONS, FRACTIONS),
                  ofNumbers("APPROX_PERCENTILE", OF_FRACTIONS, FRACTIONS)))
          .toList();

  private AggregateOperators() {}

  private static SqlAggFunction inOrder(SqlBasicAggFunction function) {
    return function.withGroupOrder(Optionality.OPTIONAL).withAllowsNullTreatment(true);
  }

  private static SqlAggFunction edge(String name, SqlKind kind) {
    return inOrder(
        SqlBasicAggFunction.create(
            name, kind, ReturnTypes.ARG0_NULLABLE_IF_EMPTY, OperandTypes.ANY));
  }

  private static SqlAggFunction percentile(String name, SqlKind kind, SqlReturnTypeInference type) {
    return SqlBasicAggFunction.create(name, kind, type, OperandTypes.UNIT_INTERVAL_NUMERIC_LITERAL)
        .withFunctionType(SqlFunctionCategory.SYSTEM)
        .withGroupOrder(Optionality.MANDATORY)
        .withPercentile(true)
        .withAllowsFraming(false);
  }

  private static SqlAggFunction ofPairs(PairStatistic statistic) {
    return ofNumbers(
        statistic.name(),
        statistic.type().equals(DataType.LONG) ? ReturnTypes.BIGINT : DOUBLE,
        OperandTypes.NUMERIC_NUMERIC);
  }

  private static SqlAggFunction ofNumbers(
      String name, SqlReturnTypeInference type, SqlOperandTypeChecker operands) {
    return SqlBasicAggFunction.create(name, SqlKind.OTHER_FUNCTION, type, operands);
  }
}
