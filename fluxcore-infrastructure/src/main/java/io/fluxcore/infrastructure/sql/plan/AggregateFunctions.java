package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateCall.Kind;
import io.fluxcore.domain.aggregate.AggregateSettings;
import io.fluxcore.domain.aggregate.PairStatistic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;

/** The aggregates of the engine by the names that SQL has for them. */
final class AggregateFunctions {
  /** Digits that the average of a decimal has behind the point at least. */
  private static final int LEAST_SCALE = 6;

  /** Those that give something else where each value counts once. */
  private static final Set<String> SENSITIVE =
      Set.of(
          "SUM",
          "$SUM0",
          "AVG",
          "COLLECT",
          "ARRAY_AGG",
          "LISTAGG",
          "STRING_AGG",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "VAR_POP",
          "VAR_SAMP",
          "BIT_XOR",
          "MEDIAN");

  /** Those of one field that need nothing else, with the type of the field or of their own. */
  private static final Map<String, Kind> OF_A_FIELD =
      Map.ofEntries(
          Map.entry("SUM", Kind.SUM),
          Map.entry("$SUM0", Kind.SUM),
          Map.entry("AVG", Kind.AVG),
          Map.entry("MIN", Kind.MIN),
          Map.entry("MAX", Kind.MAX),
          Map.entry("BOOL_AND", Kind.MIN),
          Map.entry("EVERY", Kind.MIN),
          Map.entry("BOOL_OR", Kind.MAX),
          Map.entry("FIRST_VALUE", Kind.FIRST),
          Map.entry("SINGLE_VALUE", Kind.FIRST),
          Map.entry("ANY_VALUE", Kind.FIRST),
          Map.entry("LAST_VALUE", Kind.LAST),
          Map.entry("APPROX_COUNT_DISTINCT", Kind.APPROX_COUNT_DISTINCT),
          Map.entry("STDDEV_POP", Kind.STDDEV_POP),
          Map.entry("STDDEV_SAMP", Kind.STDDEV_SAMP),
          Map.entry("STDDEV", Kind.STDDEV_SAMP),
          Map.entry("VAR_POP", Kind.VAR_POP),
          Map.entry("VAR_SAMP", Kind.VAR_SAMP),
          Map.entry("VARIANCE", Kind.VAR_SAMP),
          Map.entry("BIT_AND", Kind.BIT_AND),
          Map.entry("BIT_OR", Kind.BIT_OR),
          Map.entry("BIT_XOR", Kind.BIT_XOR));

  /** Those of pairs have the names of the standard. */
  private static final Map<String, PairStatistic> OF_PAIRS =
      Arrays.stream(PairStatistic.values())
          .collect(Collectors.toUnmodifiableMap(PairStatistic::name, statistic -> statistic));

  /** Those that read one place, or several, of the values in their order. */
  private static final Map<String, Kind> PERCENTILES =
      Map.of(
          "PERCENTILE_CONT", Kind.PERCENTILE_CONT,
          "PERCENTILE_DISC", Kind.PERCENTILE_DISC,
          "PERCENTILE", Kind.PERCENTILE_CONT,
          "MEDIAN", Kind.PERCENTILE_CONT,
          "APPROX_PERCENTILE", Kind.QUANTILE,
          "APPROX_MEDIAN", Kind.QUANTILE);

  private static final Set<String> MEDIANS = Set.of("MEDIAN", "APPROX_MEDIAN");
  private static final double HALF = 0.5;

  private AggregateFunctions() {}

  /** A call and the type of what it gives. */
  record Computation(AggregateCall call, DataType type) {}

  /**
   * What an aggregate is of.
   *
   * @param fields the columns that it looks at; none for all rows
   * @param type of the first
   * @param fractions those of percentiles
   * @param order the order of its own, if it has one
   */
  record Arguments(
      List<String> fields, DataType type, List<Double> fractions, List<SortField> order) {
    static Arguments of(List<String> fields, DataType type) {
      return new Arguments(fields, type, List.of(), List.of());
    }
  }

  /** Whether a function gives something else where each value counts once. */
  static boolean isSensitive(String name) {
    return SENSITIVE.contains(name) || OF_PAIRS.containsKey(name);
  }

  /** Whether a function is of two columns. */
  static boolean isOfPairs(String name) {
    return OF_PAIRS.containsKey(name);
  }

  /** Whether a function is of places in the order of values. */
  static boolean isPercentile(String name) {
    return PERCENTILES.containsKey(name);
  }

  /** The columns that a call looks at: its arguments but for those that are written literally. */
  static List<Integer> fields(org.apache.calcite.rel.core.AggregateCall call) {
    List<Integer> arguments = call.getArgList();
    return switch (call.getAggregation().getName()) {
      case "PERCENTILE_CONT", "PERCENTILE_DISC" ->
          List.of(call.getCollation().getFieldCollations().get(0).getFieldIndex());
      case "PERCENTILE", "APPROX_PERCENTILE" ->
          arguments.size() < 3
              ? arguments.subList(0, 1)
              : List.of(arguments.get(0), arguments.get(2));
      case "LISTAGG", "STRING_AGG" -> arguments.subList(0, 1);
      default -> arguments;
    };
  }

  /** A call of the engine's. */
  static Computation computation(String name, boolean distinct, Arguments of, String output) {
    List<String> fields = of.fields();
    if (name.equals("COUNT") && fields.isEmpty()) {
      return new Computation(AggregateCall.countAll(output), DataType.LONG);
    }
    if (fields.isEmpty() || (distinct && isSensitive(name))) {
      throw unsupported(name, distinct);
    }
    String field = fields.get(0);
    if (isPercentile(name)) {
      return percentile(name, of, output);
    }
    PairStatistic pairs = OF_PAIRS.get(name);
    if (pairs != null && fields.size() == 2) {
      return new Computation(
          AggregateCall.of(
              Kind.of(pairs), field, AggregateSettings.NONE.withOther(fields.get(1)), output),
          pairs.type());
    }
    if (fields.size() > 1) {
      throw unsupported(name, distinct);
    }
    if (name.equals("COUNT")) {
      return new Computation(
          AggregateCall.of(distinct ? Kind.COUNT_DISTINCT : Kind.COUNT, field, output),
          DataType.LONG);
    }
    if (name.equals("COLLECT")) {
      return new Computation(
          AggregateCall.of(
              Kind.COLLECT,
              field,
              AggregateSettings.limit(AggregateSettings.MAX_COLLECTED),
              output),
          DataType.NESTED);
    }
    Kind kind = OF_A_FIELD.get(name);
    if (kind == null) {
      throw unsupported(name, distinct);
    }
    return new Computation(
        AggregateCall.of(kind, field, AggregateSettings.order(of.order()), output),
        result(kind, of.type()));
  }

  private static Computation percentile(String name, Arguments of, String output) {
    Kind kind = PERCENTILES.getOrDefault(name, Kind.QUANTILE);
    List<Double> fractions = MEDIANS.contains(name) ? List.of(HALF) : of.fractions();
    AggregateSettings settings =
        AggregateSettings.fractions(fractions)
            .withOther(of.fields().size() > 1 ? of.fields().get(1) : null)
            .withOrder(of.order());
    DataType one = kind == Kind.PERCENTILE_DISC ? of.type() : DataType.DOUBLE;
    return new Computation(
        AggregateCall.of(kind, of.fields().get(0), settings, output),
        fractions.size() == 1 ? one : DataType.NESTED);
  }

  private static DataType result(Kind kind, DataType argument) {
    return switch (kind) {
      case SUM ->
          argument.kind() == DataType.Kind.DECIMAL
              ? DataType.decimal(DataType.MAX_DECIMAL_PRECISION, argument.scale())
              : argument;
      case AVG -> average(argument);
      case APPROX_COUNT_DISTINCT -> DataType.LONG;
      case STDDEV_POP, STDDEV_SAMP, VAR_POP, VAR_SAMP -> DataType.DOUBLE;
      default -> argument;
    };
  }

  /** What averages are in the engine; SQL's type is made of it by a cast. */
  private static DataType average(DataType argument) {
    return argument.kind() == DataType.Kind.DECIMAL
        ? DataType.decimal(DataType.MAX_DECIMAL_PRECISION, Math.max(LEAST_SCALE, argument.scale()))
        : DataType.DOUBLE;
  }

  /** As a value of the type that SQL says, so that it is equal to what SQL finds equal. */
  static Column typed(Column column, RelDataType type) {
    DataType held = Tables.held(type);
    return column.type().equals(held) || held.equals(DataType.NESTED)
        ? column
        : new Column(RexText.typed(column.expression(), column.type(), type), held, Role.VALUE);
  }

  /** Of the sum that is never null, which is how SQL rewrites some sums. */
  static Column orZero(String function, Column column) {
    return function.equals("$SUM0")
        ? new Column(
            "coalesce(" + column.expression() + ", cast(0 as " + column.type() + "))",
            column.type(),
            Role.VALUE)
        : column;
  }

  static RuntimeException unsupported(String name, boolean distinct) {
    return Unsupported.of(
        "the aggregate " + name + (distinct ? " of distinct values" : " of this") + " is not there",
        "SHOW FUNCTIONS lists functions, docs/sql-functions.md says what aggregates are of");
  }
}
