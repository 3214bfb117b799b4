package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Joins each row with the rows of its key in a table outside that is held in memory as a whole. The
 * declaration that {@link #operators} compiles. Immutable.
 *
 * <p>Nothing is asked of the outside for a row, and nothing is kept of one, so that rows may be on
 * any subtask, in any order. The subtasks of a process share one copy of the table. What a row
 * finds depends on when the table was read. Takes insertions, as a {@link LookupJoin} does.
 *
 * @param type {@link JoinType#INNER} or {@link JoinType#LEFT}
 * @param fields of results; the left input are the rows, the right one what is found
 * @param keys names of the fields of a row that are its key, in the order of the table's
 * @param mostRows that the table may have
 * @param reload how long after it was read the table is read again, or null: never
 */
public record FullLookupJoin(
    JoinType type, JoinFields fields, List<String> keys, int mostRows, @Nullable Duration reload) {
  /** A reading takes as long as it takes; what hangs longer than this is begun anew. */
  public static final Duration LONGEST_READING = Duration.ofHours(1);

  public FullLookupJoin {
    TableJoin.requireInnerOrLeft(type);
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a lookup join has a key");
    }
  }

  public Schema outputSchema() {
    return fields.output();
  }

  /**
   * Makes operators, of one subtask each, that share what is read of a table.
   *
   * @param asked what the table was asked to give
   */
  public Supplier<Operator> operators(WholeTable table, LookupTable asked) {
    TableCopy copy = new TableCopy(table, asked, mostRows);
    return () -> new FullLookupJoinOperator(this, copy);
  }
}
