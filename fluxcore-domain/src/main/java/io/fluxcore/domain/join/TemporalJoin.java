package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.Operator;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Joins each row of the left input with the version of a table that was valid at the row's time:
 * SQL's {@code for system_time as of}. The right input are the changes of the table, whose primary
 * key is the key of the join, each valid from its time on: insertions and new values begin a
 * version, deletions end one, and former values say nothing. Of changes of one time the one that
 * comes last counts. The declaration that {@link #operator} compiles. Immutable.
 *
 * <p>Rows of the left input wait until the watermark has passed them by the allowed lateness, so
 * that it does not matter in which order rows and changes come; those that come later are late. A
 * change that comes so late still counts for the rows behind it, unless a newer one has come of
 * which that is certain; then it is late. Versions that no row can ask for any more are forgotten.
 *
 * @param join of type {@link JoinType#INNER} or {@link JoinType#LEFT}
 * @param life how long a version is valid if nothing ends it before, and so how long it is kept;
 *     null: for ever
 */
public record TemporalJoin(EquiJoin join, Lateness lateness, @Nullable Duration life) {
  public TemporalJoin {
    TableJoin.requireInnerOrLeft(join.type());
  }

  public Schema outputSchema() {
    return join.fields().output();
  }

  /**
   * Rows of the left input and changes of the table in, joined rows out, with the times of the left
   * ones; late rows and changes leave by the ports of {@link EquiJoin}.
   *
   * @param condition what else must be true of a pair, compiled for {@link JoinFields#pairs}; null:
   *     nothing
   */
  public Operator operator(@Nullable CompiledPredicate condition) {
    return new TemporalJoinOperator(this, condition);
  }

  /** Whether a version of a time is valid at another one, if nothing has ended it before. */
  boolean lives(long version, long time) {
    return life == null || time - version < life.toMillis();
  }
}
