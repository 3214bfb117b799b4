package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins each row with the rows that a table outside has for its key when it is asked. The
 * declaration that {@link #operator} compiles. Immutable.
 *
 * <p>What a row finds depends on when the table is asked, and on what is remembered of former
 * answers; results are not the same from run to run. Takes insertions: a row that takes back what
 * came before would have to find what that one found, and the table may have changed meanwhile.
 *
 * <p>Rows wait for answers without keeping their subtask. The rows that wait are part of snapshots,
 * and are asked for again after a restore. Watermarks wait behind the rows that came before them.
 *
 * @param type {@link JoinType#INNER} or {@link JoinType#LEFT}
 * @param fields of results; the left input are the rows, the right one what is found
 * @param keys names of the fields of a row that are its key, as many as the table's key has
 * @param cache what is remembered of answers, or null: each key is asked for, unless it is under
 *     way
 */
public record LookupJoin(
    JoinType type,
    JoinFields fields,
    List<String> keys,
    LookupCalls calls,
    @Nullable LookupCache cache) {
  public LookupJoin {
    TableJoin.requireInnerOrLeft(type);
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a lookup join has a key");
    }
  }

  public Schema outputSchema() {
    return fields.output();
  }

  /** Rows in, joined rows out, with their times. */
  public Operator operator(Lookup lookup) {
    return new LookupJoinOperator(this, lookup);
  }

  /** What is asked of the table: the fields that are used, by the key under these names. */
  public static Schema asked(JoinFields fields) {
    return fields.keptSchema(JoinType.RIGHT_INPUT);
  }
}
