package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.aggregate.AggregateCall.Kind;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Hands out cells, objects and conditions while aggregates are bound. */
final class AggregateCompilation {
  /** No condition: all rows. */
  static final int ALL_ROWS = -1;

  private final Schema input;
  private final AggregateContext context;
  private final List<BoundCell> cells = new ArrayList<>();
  private final List<BoundObject> objects = new ArrayList<>();
  private final Map<Object, Integer> sharedObjects = new HashMap<>();
  private final List<Expression> conditions = new ArrayList<>();
  private int cellCount;

  /**
   * A cell kernel at work.
   *
   * @param condition which rows
   * @param first its first cell
   */
  record BoundCell(CellKernel kernel, int condition, int first) {}

  /** An object kernel at work; its column is its position. */
  record BoundObject(ObjectKernel<?> kernel, int condition) {}

  AggregateCompilation(Schema input, AggregateContext context) {
    this.input = input;
    this.context = context;
    cell(new CellKernels.CountRows(), ALL_ROWS);
  }

  List<BoundCell> cells() {
    return cells;
  }

  List<BoundObject> objects() {
    return objects;
  }

  List<CompiledPredicate> conditions() {
    return conditions.stream().map(c -> c.compilePredicate(input, context.expressions())).toList();
  }

  int cellCount() {
    return cellCount;
  }

  private int cell(CellKernel kernel, int condition) {
    for (BoundCell cell : cells) {
      if (cell.condition() == condition && cell.kernel().equals(kernel)) {
        return cell.first();
      }
    }
    int first = cellCount;
    cells.add(new BoundCell(kernel, condition, first));
    cellCount += kernel.width();
    return first;
  }

  private int object(ObjectKernel<?> kernel, int condition) {
    objects.add(new BoundObject(kernel, condition));
    return objects.size() - 1;
  }

  /** The object that aggregates of the same name, fields and condition share. */
  private int shared(
      String name, List<?> of, int condition, Supplier<? extends ObjectKernel<?>> kernel) {
    return sharedObjects.computeIfAbsent(
        List.of(name, of, condition), key -> object(kernel.get(), condition));
  }

  private int condition(AggregateCall call) {
    String text = call.settings().condition();
    if (text == null) {
      return ALL_ROWS;
    }
    Expression condition = Expression.parse(text);
    int at = conditions.indexOf(condition);
    if (at < 0) {
      at = conditions.size();
      conditions.add(condition);
    }
    return at;
  }

  AggregateResult bind(AggregateCall call) {
    String name = call.field();
    int condition = condition(call);
    int rows = cell(new CellKernels.CountRows(), condition);
    if (name == null) {
      return new AggregateResult.Count(rows, -1);
    }
    int field = input.ordinal(name);
    DataType type = input.type(field);
    return switch (call.kind()) {
      case COUNT -> new AggregateResult.Count(rows, nulls(field, condition));
      case SUM -> sum(name, field, type, condition, rows);
      case AVG -> average(field, type, condition, rows);
      case MIN, MAX -> extreme(field, type, call.kind() == Kind.MAX, condition, rows);
      case VAR_SAMP, VAR_POP, STDDEV_SAMP, STDDEV_POP ->
          new AggregateResult.OfMoments(
              cell(new MomentsKernel(field), condition),
              call.kind() == Kind.VAR_SAMP || call.kind() == Kind.STDDEV_SAMP,
              call.kind() == Kind.STDDEV_SAMP || call.kind() == Kind.STDDEV_POP);
      case BIT_AND, BIT_OR, BIT_XOR -> bits(call.kind(), field, condition, rows);
      case QUANTILE -> quantiles(call, field, condition);
      case PERCENTILE_CONT, PERCENTILE_DISC -> percentiles(call, field, type, condition);
      case COUNT_DISTINCT ->
          of(DataType.LONG, DistinctKernels.of(field, type, context.changelog()), condition);
      case APPROX_COUNT_DISTINCT ->
          of(DataType.LONG, new SketchKernels.Distinct(field, context.sketches()), condition);
      case FIRST, LAST -> edge(call, field, type, condition);
      case LIST -> ordered(call, field, DataType.NESTED, OrderedValues.Part.ALL, condition);
      case COLLECT ->
          of(
              DataType.NESTED,
              new OrderKernels.Collect(field, type, call.settings().limit()),
              condition);
      case TOP -> top(call, name, field, type, condition);
      case CUSTOM -> custom(call, field, type, condition);
      default -> pairs(call, field, condition); // and nothing else: it asks what the kind says
    };
  }

  private int nulls(int field, int condition) {
    return cell(new CellKernels.CountNulls(field), condition);
  }

  private <A> AggregateResult of(DataType result, ObjectKernel<A> kernel, int condition) {
    return new AggregateResult.OfObject<>(result, object(kernel, condition), kernel);
  }

  private AggregateResult sum(String name, int field, DataType type, int condition, int rows) {
    int nulls = nulls(field, condition);
    return switch (type.kind()) {
      case DECIMAL -> decimal(field, type, condition, rows, type.scale(), false);
      case DOUBLE ->
          new AggregateResult.OfDouble(
              cell(new CellKernels.SumDouble(field), condition), rows, nulls, false);
      default ->
          new AggregateResult.OfLong(
              type, cell(new CellKernels.SumLong(field, name), condition), rows, nulls);
    };
  }

  private AggregateResult average(int field, DataType type, int condition, int rows) {
    return type.kind() == DataType.Kind.DECIMAL
        ? decimal(field, type, condition, rows, Math.max(6, type.scale()), true)
        : new AggregateResult.Mean(
            cell(new CellKernels.SumDouble(field), condition), rows, nulls(field, condition));
  }

  private AggregateResult decimal(
      int field, DataType type, int condition, int rows, int scale, boolean mean) {
    int sum =
        shared("sum", List.of(field), condition, () -> new ObjectKernels.DecimalSum(field, type));
    DataType result = DataType.decimal(DataType.MAX_DECIMAL_PRECISION, scale);
    return new AggregateResult.OfDecimal(result, sum, rows, nulls(field, condition), mean);
  }

  private AggregateResult extreme(int field, DataType type, boolean max, int condition, int rows) {
    if (context.changelog()) {
      return of(type, new CountedExtreme(field, type, max), condition);
    }
    if (type.isLongBacked()) {
      int cell = cell(new CellKernels.ExtremeLong(field, max), condition);
      return new AggregateResult.OfLong(type, cell, rows, nulls(field, condition));
    }
    if (type.kind() == DataType.Kind.DOUBLE) {
      int cell = cell(new CellKernels.ExtremeDouble(field, max), condition);
      return new AggregateResult.OfDouble(cell, rows, nulls(field, condition), true);
    }
    return of(type, new ObjectKernels.ExtremeValue(field, type, max), condition);
  }

  private AggregateResult edge(AggregateCall call, int field, DataType type, int condition) {
    boolean isLast = call.kind() == Kind.LAST;
    return call.settings().order().isEmpty()
        ? of(type, new OrderKernels.Edge(field, type, isLast), condition)
        : ordered(
            call,
            field,
            type,
            isLast ? OrderedValues.Part.LAST : OrderedValues.Part.FIRST,
            condition);
  }

  private AggregateResult ordered(
      AggregateCall call, int field, DataType result, OrderedValues.Part part, int condition) {
    return of(
        result,
        new OrderedValues(field, input, call.settings().order(), part, context.changelog()),
        condition);
  }

  private AggregateResult pairs(AggregateCall call, int field, int condition) {
    PairStatistic statistic = call.kind().ofPairs();
    int other = other(call);
    if (statistic == null || other < 0) {
      throw new IllegalStateException(call + " is of no pairs");
    }
    return new AggregateResult.OfPairs(
        statistic, cell(new PairMomentsKernel(field, other), condition));
  }

  private AggregateResult bits(Kind kind, int field, int condition, int rows) {
    int nulls = nulls(field, condition);
    if (context.changelog() && kind != Kind.BIT_XOR) {
      int cell = cell(new BitCountsKernel(field), condition);
      return new AggregateResult.OfBitCounts(cell, kind == Kind.BIT_AND, rows, nulls);
    }
    BitsKernel.Operation operation =
        kind == Kind.BIT_AND
            ? BitsKernel.Operation.AND
            : kind == Kind.BIT_OR ? BitsKernel.Operation.OR : BitsKernel.Operation.XOR;
    int cell = cell(new BitsKernel(field, operation), condition);
    return new AggregateResult.OfLong(DataType.LONG, cell, rows, nulls);
  }

  /** The second field; negative for none. */
  private int other(AggregateCall call) {
    String other = call.settings().other();
    return other == null ? -1 : input.ordinal(other);
  }

  private AggregateResult percentiles(AggregateCall call, int field, DataType type, int condition) {
    int weight = other(call);
    int values =
        shared(
            "values",
            List.of(field, weight),
            condition,
            () -> new Percentiles(field, type, weight));
    List<Double> fractions = call.settings().fractions();
    boolean isContinuous = call.kind() == Kind.PERCENTILE_CONT;
    DataType one = isContinuous ? DataType.DOUBLE : type;
    return new AggregateResult.OfPercentiles(
        fractions.size() == 1 ? one : DataType.NESTED,
        values,
        new Percentiles.Reading(fractions, isContinuous, call.settings().isDescending()));
  }

  private AggregateResult quantiles(AggregateCall call, int field, int condition) {
    List<Double> fractions = call.settings().fractions();
    int weight = other(call);
    int sketch =
        shared(
            "quantiles",
            List.of(field, weight),
            condition,
            () -> new SketchKernels.Quantiles(field, weight, context.sketches()));
    DataType result = fractions.size() == 1 ? DataType.DOUBLE : DataType.NESTED;
    return new AggregateResult.OfQuantiles(result, sketch, fractions);
  }

  private AggregateResult top(
      AggregateCall call, String name, int field, DataType type, int condition) {
    String label = call.settings().label();
    int labelField = label == null ? -1 : input.ordinal(label);
    return of(
        DataType.NESTED,
        new RankKernel(
            field,
            type,
            call.settings().limit(),
            labelField,
            label == null ? null : input.type(labelField),
            label == null ? List.of() : List.of(label, name)),
        condition);
  }

  private AggregateResult custom(AggregateCall call, int field, DataType type, int condition) {
    AggregateFunction<?> function = call.function();
    if (function == null) {
      throw new IllegalStateException(call + " has no function");
    }
    return of(function.resultType(type), new ObjectKernels.Custom<>(field, function), condition);
  }
}
