package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.PairTestEvaluator.PairTest;
import io.fluxcore.domain.expression.kernel.Comparisons;
import io.fluxcore.domain.expression.kernel.TextPairs;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Comparisons of two columns of one type: equal or less, as such, exchanged or denied. */
final class PairTests {
  private PairTests() {}

  static PairTest of(BinaryOperator operator, DataType type) {
    PairTest equal = equal(type);
    return switch (operator) {
      case EQUAL -> equal;
      case NOT_EQUAL -> (a, b, wanted, s, n, out) -> equal.select(a, b, !wanted, s, n, out);
      case LESS -> less(type);
      case GREATER -> exchanged(less(type), true);
      case GREATER_OR_EQUAL -> {
        PairTest less = less(type);
        yield (a, b, wanted, s, n, out) -> less.select(a, b, !wanted, s, n, out);
      }
      default -> exchanged(less(type), false);
    };
  }

  private static PairTest exchanged(PairTest less, boolean affirmative) {
    return (a, b, wanted, s, n, out) -> less.select(b, a, wanted == affirmative, s, n, out);
  }

  static PairTest equal(DataType type) {
    if (type.isLongBacked() || Decimals.isCompact(type)) {
      return (a, b, wanted, s, n, out) ->
          Comparisons.equal(Comparison.longs(a), Comparison.longs(b), wanted, s, n, out);
    }
    return switch (type.kind()) {
      case DOUBLE ->
          (a, b, wanted, s, n, out) ->
              Comparisons.equal(
                  ((DoubleColumn) a).values(), ((DoubleColumn) b).values(), wanted, s, n, out);
      case BOOLEAN ->
          (a, b, wanted, s, n, out) ->
              Comparisons.equal(
                  ((BooleanColumn) a).values(), ((BooleanColumn) b).values(), wanted, s, n, out);
      case STRING ->
          (a, b, wanted, s, n, out) ->
              TextPairs.equal((StringColumn) a, (StringColumn) b, wanted, s, n, out);
      case NESTED ->
          (a, b, wanted, s, n, out) ->
              byRow(a, b, wanted, s, n, out, row -> Objects.equals(a.get(row), b.get(row)));
      default -> {
        RowComparator comparator = comparator(type);
        yield (a, b, wanted, s, n, out) ->
            byRow(a, b, wanted, s, n, out, row -> comparator.compare(a, b, row) == 0);
      }
    };
  }

  private static PairTest less(DataType type) {
    if (type.isLongBacked() || Decimals.isCompact(type)) {
      return (a, b, wanted, s, n, out) ->
          Comparisons.less(Comparison.longs(a), Comparison.longs(b), wanted, s, n, out);
    }
    return switch (type.kind()) {
      case DOUBLE ->
          (a, b, wanted, s, n, out) ->
              Comparisons.less(
                  ((DoubleColumn) a).values(), ((DoubleColumn) b).values(), wanted, s, n, out);
      case BOOLEAN ->
          (a, b, wanted, s, n, out) ->
              Comparisons.less(
                  ((BooleanColumn) a).values(), ((BooleanColumn) b).values(), wanted, s, n, out);
      case STRING ->
          (a, b, wanted, s, n, out) ->
              TextPairs.less((StringColumn) a, (StringColumn) b, wanted, s, n, out);
      default -> {
        RowComparator comparator = comparator(type);
        yield (a, b, wanted, s, n, out) ->
            byRow(a, b, wanted, s, n, out, row -> comparator.compare(a, b, row) < 0);
      }
    };
  }

  private interface RowComparator {
    int compare(Column a, Column b, int row);
  }

  private static RowComparator comparator(DataType type) {
    Comparator<byte[]> bytes = Arrays::compareUnsigned;
    return type.kind() == DataType.Kind.BYTES
        ? (a, b, row) -> bytes.compare(((BytesColumn) a).value(row), ((BytesColumn) b).value(row))
        : (a, b, row) -> Decimals.value(a, row).compareTo(Decimals.value(b, row));
  }

  private static int byRow(
      Column a,
      Column b,
      boolean wanted,
      int @Nullable [] selection,
      int count,
      int[] out,
      IntPredicate test) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      if (!a.isNull(row) && !b.isNull(row) && test.test(row) == wanted) {
        out[found++] = row;
      }
    }
    return found;
  }
}
