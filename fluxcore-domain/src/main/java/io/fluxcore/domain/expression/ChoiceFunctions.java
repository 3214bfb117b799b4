package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.BOOLEAN;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.PairTestEvaluator.PairTest;
import io.fluxcore.domain.expression.kernel.ColumnAssembler;
import io.fluxcore.domain.expression.kernel.RowLists;
import io.fluxcore.domain.expression.kernel.RowMarks;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import java.util.Collections;
import java.util.List;

/** Functions that give one of their arguments, or null. */
final class ChoiceFunctions {
  private ChoiceFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        StandardFunction.choice(
            "coalesce(value, …) → value",
            "The first that is not null; those after it are not evaluated.",
            1,
            Integer.MAX_VALUE,
            List.of(),
            ChoiceFunctions::bindCoalesce),
        StandardFunction.choice(
            "nullif(value, other) → value",
            "Null if both are equal, else the first.",
            2,
            2,
            List.of(),
            ChoiceFunctions::bindNullIf),
        StandardFunction.choice(
            "if(condition, value, otherwise) → value",
            "The second if the first is true, else the third; the other is not evaluated.",
            3,
            3,
            List.of(BOOLEAN),
            ChoiceFunctions::bindIf),
        StandardFunction.choice(
            "greatest(value, …) → value",
            "The greatest; null if one is null.",
            1,
            Integer.MAX_VALUE,
            List.of(),
            extremeBy(BinaryOperator.GREATER)),
        StandardFunction.choice(
            "least(value, …) → value",
            "The least; null if one is null.",
            1,
            Integer.MAX_VALUE,
            List.of(),
            extremeBy(BinaryOperator.LESS)));
  }

  private static ScalarFunction.Binding bindCoalesce(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    DataType type = common(function, arguments);
    return new ScalarFunction.Binding(
        type,
        Collections.nCopies(arguments.size(), type),
        (rows, operands) -> coalesce(rows, operands, type));
  }

  private static StandardFunction.Binder extremeBy(BinaryOperator better) {
    return (function, arguments, context) -> {
      DataType type = common(function, arguments);
      if (type.kind() == DataType.Kind.NESTED) {
        throw Arguments.mismatch(function, "needs values that have an order, not nested ones");
      }
      return new ScalarFunction.Binding(
          type, Collections.nCopies(arguments.size(), type), extreme(type, better));
    };
  }

  private static DataType common(ScalarFunction function, List<? extends Operand> arguments) {
    DataType type = Coercion.common(arguments);
    if (type == null) {
      List<String> types = arguments.stream().map(Coercion::describe).toList();
      throw Arguments.mismatch(
          function, "needs values of one type, not " + String.join(", ", types));
    }
    return type;
  }

  private static Column coalesce(Rows rows, List<Operand> arguments, DataType type) {
    Column first = arguments.get(0).evaluate(rows);
    if (first.nulls() == null) {
      return first;
    }
    ColumnAssembler result = new ColumnAssembler(type, rows.rowCount());
    int[] open = new int[rows.count()];
    Rows left = rows;
    for (int i = 0; i < arguments.size() && left.count() > 0; i++) {
      Column column = i == 0 ? first : arguments.get(i).evaluate(left);
      result.copy(column, left.selection(), left.count());
      int rest = RowLists.selectNulls(column.nulls(), true, left.selection(), left.count(), open);
      left = rows.only(open, rest);
    }
    return result.build();
  }

  /** Exact numbers are compared as they are, so that the first keeps its type. */
  private static ScalarFunction.Binding bindNullIf(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    DataType first = arguments.get(0).type();
    DataType second = arguments.get(1).type();
    boolean nulls = arguments.stream().anyMatch(Coercion::isUntypedNull);
    if (!nulls && Decimals.isExact(first) && Decimals.isExact(second)) {
      PairTest equal = PairTests.equal(first.equals(second) ? first : Decimals.WIDEST);
      return new ScalarFunction.Binding(first, List.of(first, second), nullIf(equal));
    }
    DataType type = common(function, arguments);
    return new ScalarFunction.Binding(type, List.of(type, type), nullIf(PairTests.equal(type)));
  }

  private static ScalarFunction.Body nullIf(PairTest equal) {
    return (rows, arguments) -> {
      Column value = arguments.get(0).evaluate(rows);
      Column other = arguments.get(1).evaluate(rows);
      int[] same = new int[rows.count()];
      int count = equal.select(value, other, true, rows.selection(), rows.count(), same);
      count = RowLists.dropNulls(same, count, other.nulls());
      NullsBuilder nulls = new NullsBuilder(value.nulls(), rows.rowCount());
      for (int i = 0; i < count; i++) {
        nulls.set(same[i]);
      }
      return Columns.withNulls(value, nulls.bits(), rows);
    };
  }

  private static ScalarFunction.Binding bindIf(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    DataType type = common(function, arguments.subList(1, 3));
    return new ScalarFunction.Binding(
        type,
        List.of(BOOLEAN, type, type),
        (rows, operands) -> {
          BooleanColumn condition = (BooleanColumn) operands.get(0).evaluate(rows);
          int[] taken = new int[rows.count()];
          int count =
              RowLists.selectBooleans(
                  condition.values(),
                  condition.nulls(),
                  true,
                  rows.selection(),
                  rows.count(),
                  taken);
          int[] rest = new int[rows.count()];
          RowMarks marks = new RowMarks();
          marks.reset(rows.rowCount());
          marks.add(taken, count);
          int restCount = marks.select(false, rows.selection(), rows.count(), rest);
          ColumnAssembler result = new ColumnAssembler(type, rows.rowCount());
          result.copy(operands.get(1).evaluate(rows.only(taken, count)), taken, count);
          result.copy(operands.get(2).evaluate(rows.only(rest, restCount)), rest, restCount);
          return result.build();
        });
  }

  /** Takes the next argument in each row in which it compares so with the best before it. */
  private static ScalarFunction.Body extreme(DataType type, BinaryOperator better) {
    return (rows, arguments) -> {
      Column best = arguments.get(0).evaluate(rows);
      int[] found = new int[rows.count()];
      for (Operand argument : arguments.subList(1, arguments.size())) {
        Column next = argument.evaluate(rows);
        PairTest test = PairTests.of(better, type);
        ColumnAssembler result = new ColumnAssembler(type, rows.rowCount());
        int[] present = new int[rows.count()];
        int count =
            RowLists.selectNulls(best.nulls(), false, rows.selection(), rows.count(), present);
        count = RowLists.dropNulls(present, count, next.nulls());
        result.copy(best, present, count);
        result.copy(next, found, test.select(next, best, true, present, count, found));
        best = result.build();
      }
      return best;
    };
  }
}
