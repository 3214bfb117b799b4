package io.fluxcore.domain.rank;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of each key in an order, of rows of the same place those that came first.
 * Immutable.
 *
 * @param key names of the fields whose rows are ranked together; none: all rows
 * @param orderBy the order, of which the first row has rank 1
 * @param from the first rank that is given, from 1
 * @param to the last one
 * @param rankField the name of the field that holds a row's rank, behind the others; null: ranks
 *     are not given
 * @param life how long the rows of a key are remembered after the last one came; null: for ever
 */
public record TopN(
    List<String> key,
    List<SortField> orderBy,
    long from,
    long to,
    @Nullable String rankField,
    @Nullable TimeToLive life) {
  /** Most rows of a key that can be ranked. */
  public static final long MAX_ROWS = RankedRows.MAX_ROWS;

  public TopN {
    key = List.copyOf(key);
    orderBy = List.copyOf(orderBy);
  }

  /** The index of the first row of a key that is asked for. */
  int fromIndex() {
    return Math.toIntExact(from) - 1;
  }

  /** The index behind the last one. */
  int toIndex() {
    return Math.toIntExact(to);
  }

  /** The fields of a row, and its rank where that is given. */
  public Schema outputSchema(Schema rows) {
    if (rankField == null) {
      return rows;
    }
    List<Field> fields = new ArrayList<>(rows.fields());
    fields.add(new Field(rankField, DataType.LONG));
    return Schema.of(fields);
  }

  /**
   * Rows in, changes of ranks out.
   *
   * @param rows the fields of the input that rows leave with
   * @param retracts whether rows are taken back, so that those behind the last rank are kept, too
   */
  public Operator operator(Schema input, Schema rows, boolean retracts) {
    return new TopNOperator(this, input, rows, retracts);
  }

  /**
   * Rows in, and when a window's end has passed its rows of these ranks out. Rows that come later
   * leave by the port 1.
   *
   * @param windowEnd the field of the key that holds the end of a row's window
   */
  public Operator operator(Schema input, Schema rows, String windowEnd) {
    return new WindowTopNOperator(this, input, rows, windowEnd);
  }

  @Override
  public String toString() {
    return "top "
        + (from == 1 ? to : from + " to " + to)
        + orderBy.stream().map(SortField::toString).collect(Collectors.joining(", ", " by ", ""))
        + (key.isEmpty() ? "" : " per " + String.join(", ", key))
        + (rankField == null ? "" : " with rank as " + rankField)
        + (life == null ? "" : " (state lives " + life + ")");
  }
}
