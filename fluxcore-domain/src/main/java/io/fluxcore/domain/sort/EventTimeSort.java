package io.fluxcore.domain.sort;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.window.WindowAggregation;
import java.util.List;

/**
 * Sorts the rows of each key by event time: the declaration that {@link #operator} compiles. Rows
 * are held until the watermark passes their timestamps. Of the same time those come first that the
 * fields put first, then those that arrived first. Immutable.
 *
 * @param key names of the fields of the key, none where all rows are put into one order
 * @param thenBy decides between rows of the same time
 * @param maxRows rows that a subtask may hold; more fail the job
 */
public record EventTimeSort(List<String> key, List<SortField> thenBy, long maxRows) {
  /** The port of rows that came after the watermark had passed them. */
  public static final int LATE_PORT = WindowAggregation.LATE_PORT;

  /** Rows that a subtask may hold unless a topology says otherwise. */
  public static final long DEFAULT_MAX_ROWS = 10_000_000;

  public EventTimeSort {
    key = List.copyOf(key);
    thenBy = List.copyOf(thenBy);
    if (maxRows < 1) {
      throw new IllegalArgumentException("maxRows is " + maxRows + ", not positive");
    }
  }

  /** Whether rows can be put in order by values of a type. */
  public static boolean canOrder(DataType type) {
    return type.kind() != DataType.Kind.NESTED;
  }

  /** Ordinals of the key's fields. */
  public int[] keyOrdinals(Schema input) {
    return key.stream().mapToInt(input::ordinal).toArray();
  }

  /** The operator for one subtask. */
  public Operator operator(Schema input) {
    return new SortOperator(this, input);
  }
}
