package io.fluxcore.domain.rank;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.row.SortField;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All rows of an input that ends, in an order, when it has ended: the declaration that {@link
 * #operator} compiles. Of rows of the same place those that came first are first. Immutable.
 *
 * @param orderBy the order; none: that in which the rows came
 * @param from the first row that is given, from 1
 * @param maxRows rows that are kept; those beyond fail
 */
public record WholeOrder(List<SortField> orderBy, long from, long maxRows) {
  /** Rows that are kept unless a topology says otherwise. */
  public static final long DEFAULT_MAX_ROWS = 10_000_000;

  public WholeOrder {
    orderBy = List.copyOf(orderBy);
    if (from < 1 || maxRows < 1) {
      throw new IllegalArgumentException(
          "rows from " + from + " on of at most " + maxRows + ": neither may be less than 1");
    }
  }

  /**
   * Rows and those that are taken back in, and at the end those that are left out.
   *
   * @param rows the fields of the input that rows leave with
   */
  public Operator operator(Schema input, Schema rows) {
    return new WholeOrderOperator(this, input, rows);
  }

  /** The order alone: what rows that are kept mean does not hang on which of them are given. */
  String meaning() {
    return "all rows"
        + (orderBy.isEmpty()
            ? " as they came"
            : orderBy.stream()
                .map(SortField::toString)
                .collect(Collectors.joining(", ", " by ", "")));
  }

  @Override
  public String toString() {
    return meaning() + (from == 1 ? "" : ", from row " + from + " on") + ", at the end";
  }
}
