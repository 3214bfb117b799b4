package io.fluxcore.domain.transform;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import java.util.Arrays;

/**
 * Takes the event time of rows from a column of theirs, and hands watermarks on later by as much as
 * that time may lie before the one that they came with. Without state: after a restart the
 * watermark comes again. A row without a time fails.
 */
public final class EventTimeOperator implements Operator {
  private static final String NO_TIMESTAMP = "FLX-TIME-001";
  private static final long MICROS = 1000;

  private final int column;
  private final long behindMillis;
  private OperatorContext context;
  private long watermark = Long.MIN_VALUE;

  /**
   * An operator.
   *
   * @param column of instants, in microseconds
   * @param behindMillis by how much they may lie before the time of their rows
   */
  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  public EventTimeOperator(int column, long behindMillis) {
    this.column = column;
    this.behindMillis = behindMillis;
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    LongColumn instants = (LongColumn) batch.column(column);
    long[] times = Arrays.copyOf(batch.timestamps(), batch.timestamps().length);
    int[] timed = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (instants.isNull(row)) {
        context
            .failures()
            .failed(batch, row, new RecordException(NO_TIMESTAMP, "the row has no time"));
        continue;
      }
      times[row] = Math.floorDiv(instants.value(row), MICROS);
      timed[count++] = row;
    }
    if (count > 0) {
      EventBatch all = count == batch.size() ? batch : batch.withSelection(timed, count);
      out.emit(all.withTimestamps(times));
    }
  }

  @Override
  public void watermark(long to, Output out) {
    watermark = to;
  }

  @Override
  public long heldWatermark() {
    boolean isBounded = watermark < Long.MAX_VALUE && watermark > Long.MIN_VALUE + behindMillis;
    return isBounded
        ? watermark - behindMillis
        : watermark == Long.MAX_VALUE ? Long.MAX_VALUE : Long.MIN_VALUE;
  }
}
