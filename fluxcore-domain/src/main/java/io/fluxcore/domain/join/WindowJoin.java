package io.fluxcore.domain.join;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.window.TimeWindows;
import io.fluxcore.domain.window.WindowAggregation;
import io.fluxcore.domain.window.ZonedOperator;
import io.fluxcore.domain.window.ZonedWindows;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins the rows of both inputs that are in the same window: the declaration that {@link #operator}
 * compiles. A window gives its results once, when the watermark has passed its end by the allowed
 * lateness; that holds the watermark behind the join back by as much, so results are never late. A
 * row is late when the last of its windows has given its results. Immutable.
 *
 * @param window windows of event time
 * @param lateness how long after its end a window waits for rows
 * @param emitsBounds whether results have the window's bounds, behind the other fields
 * @param zone whose clocks cut the windows ({@link ZonedWindows}); null: they are cut in UTC
 */
public record WindowJoin(
    EquiJoin join,
    TimeWindows window,
    Lateness lateness,
    boolean emitsBounds,
    @Nullable ZoneId zone) {
  /** In UTC. */
  public WindowJoin(EquiJoin join, TimeWindows window, Lateness lateness, boolean emitsBounds) {
    this(join, window, lateness, emitsBounds, null);
  }

  /** The joined fields and, if wanted, the window's bounds. */
  public Schema outputSchema() {
    List<Field> fields = new ArrayList<>(join.fields().output().fields());
    if (emitsBounds) {
      DataType bound = zone == null ? DataType.TIMESTAMP_TZ : DataType.TIMESTAMP;
      fields.add(new Field(WindowAggregation.WINDOW_START, bound));
      fields.add(new Field(WindowAggregation.WINDOW_END, bound));
    }
    return Schema.of(fields);
  }

  /**
   * Rows of two inputs in, results out; late rows leave by the ports of {@link EquiJoin}. The
   * timestamp of a result is its window's end − 1 ms.
   *
   * @param condition what else must be true of a pair, compiled for {@link JoinFields#pairs}; null:
   *     nothing
   */
  public Operator operator(@Nullable CompiledPredicate condition) {
    Operator operator = new WindowJoinOperator(this, condition);
    return zone == null ? operator : ZonedOperator.of(operator, zone, outputSchema());
  }

  /** Whether a window has given its results. */
  boolean isWindowClosed(long windowEnd, long watermark) {
    return lateness.isOver(windowEnd - 1, watermark);
  }

  /** Whether all windows of a slice have given their results. */
  boolean isClosed(long slice, long watermark) {
    return isWindowClosed(window.lastEnd(slice), watermark);
  }
}
