package io.fluxcore.domain.keyed;

import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.Horizon;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators have in common whose keys are forgotten when they have not been used for a time:
 * watermarks and the clock move on, some of what is over is forgotten between batches and all of it
 * before a snapshot, and what has been reached is part of snapshots.
 */
public abstract class ExpiringOperator implements Operator {
  private final StateClock clock = new StateClock();
  private final List<ExpiringTable> tables = new ArrayList<>();
  private OperatorContext context;
  private long watermark = Long.MIN_VALUE;

  /** An operator without tables; it makes them when it is opened. */
  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  protected ExpiringOperator() {}

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
  }

  protected final OperatorContext context() {
    return context;
  }

  protected final StateClock clock() {
    return clock;
  }

  /** What the watermark has reached. */
  protected final long watermark() {
    return watermark;
  }

  /**
   * A table of this operator, after {@link #open}; see {@link ExpiringTable}.
   *
   * @param endCell the cell of the end of a slot's life
   * @param life null: slots stay until they are removed
   */
  protected final ExpiringTable table(StateLayout layout, int endCell, @Nullable TimeToLive life) {
    ExpiringTable table = new ExpiringTable(context.state(), layout, endCell, life, clock);
    tables.add(table);
    return table;
  }

  @Override
  public final void watermark(long newWatermark, Output out) {
    if (newWatermark <= watermark) {
      return; // after a restore the stage begins below what was reached
    }
    watermark = newWatermark;
    if (newWatermark != Long.MAX_VALUE) {
      clock.eventTime(newWatermark);
      expire(ExpiringTable.LOOKS);
    }
  }

  @Override
  public final void processingTime(long nowMillis, Output out) {
    clock.processingTime(nowMillis);
    expire(ExpiringTable.LOOKS);
  }

  @Override
  public final void flush(Output out) {
    expire(Long.MAX_VALUE);
  }

  private void expire(long looks) {
    tables.forEach(table -> table.expire(looks));
  }

  @Override
  public final void snapshot(OperatorSnapshot.Builder snapshot) {
    Horizon.write(snapshot, context.keyGroups(), watermark);
  }

  @Override
  public final void restore(OperatorSnapshot snapshot) {
    watermark = Horizon.read(snapshot, context.keyGroups());
    if (watermark != Long.MAX_VALUE) {
      clock.eventTime(watermark);
    }
  }
}
