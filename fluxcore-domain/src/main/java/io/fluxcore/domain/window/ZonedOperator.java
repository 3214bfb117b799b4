package io.fluxcore.domain.window;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.LookupReading;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.StateReading;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator of windows for which it is as late as the clocks of a zone show ({@link
 * ZonedWindows}). Rows, watermarks and the host's time come to it so; its results leave with
 * instants as their times, and with the bounds of their windows as the clocks show them. What it
 * keeps is reckoned by the clocks, too.
 *
 * <p>Watermarks are translated so that no row which is yet to come is at or below one, and no
 * result at or below the watermark that has been handed on. Rows that are too late leave with the
 * times that they came with. By the host's clock it never becomes earlier: rows that are processed
 * while an hour comes again are at the end of it.
 */
public final class ZonedOperator implements Operator {
  /** No input, or no port, has such. */
  private static final int NONE = -1;

  private final Operator inner;
  private final ZoneId zone;
  private final WallClock clock;
  private final Schema results;
  private final int partialsInput;
  private final int partialsPort;
  private long passed = Long.MIN_VALUE;
  private long now = Long.MIN_VALUE;

  private ZonedOperator(
      Operator inner, ZoneId zone, Schema results, int partialsInput, int partialsPort) {
    this.inner = inner;
    this.zone = zone;
    this.clock = new WallClock(zone);
    this.results = results;
    this.partialsInput = partialsInput;
    this.partialsPort = partialsPort;
  }

  /**
   * Of rows.
   *
   * @param results fields of the results, in which the bounds of windows are of type TIMESTAMP
   */
  public static ZonedOperator of(Operator inner, ZoneId zone, Schema results) {
    return new ZonedOperator(inner, zone, results, NONE, NONE);
  }

  /** Of rows; gives partial results, whose times stay as the clocks show them. */
  static ZonedOperator ofPartials(Operator inner, ZoneId zone, Schema partials) {
    return new ZonedOperator(inner, zone, partials, NONE, Output.MAIN);
  }

  /** Of partial results, whose times are as the clocks show them, and rows. */
  static ZonedOperator ofFinal(Operator inner, ZoneId zone, Schema results) {
    return new ZonedOperator(inner, zone, results, WindowAggregation.PARTIALS_INPUT, NONE);
  }

  /** Gives results as they are outside; what is handed through has its times again. */
  private final class Outside implements Output {
    private final Output out;
    private final long @Nullable [] shown;
    private final long[] came;

    /**
     * An output while a batch is processed.
     *
     * @param shown the times that the batch was given, or null
     * @param came those that it came with
     */
    Outside(Output out, long @Nullable [] shown, long[] came) {
      this.out = out;
      this.shown = shown;
      this.came = came;
    }

    @Override
    public void emit(int port, EventBatch batch) {
      if (port == partialsPort) {
        out.emit(port, batch);
      } else if (batch.timestamps() == shown) {
        out.emit(port, batch.withTimestamps(came));
      } else {
        EventBatch result = batch.withTimestamps(instants(batch));
        out.emit(port, port == MAIN ? withBounds(result) : result);
      }
    }

    @Override
    public boolean hasCapacity() {
      return out.hasCapacity();
    }
  }

  private Output outside(Output out) {
    return new Outside(out, null, new long[0]);
  }

  /** Results of one window have one time. */
  private long[] instants(EventBatch batch) {
    long[] times = batch.timestamps();
    long[] instants = new long[batch.rowCount()];
    long last = EventBatch.NO_TIMESTAMP;
    long instant = EventBatch.NO_TIMESTAMP;
    for (int i = 0; i < instants.length; i++) {
      if (times[i] != last) {
        last = times[i];
        instant = clock.instant(last);
      }
      instants[i] = instant;
    }
    return instants;
  }

  private EventBatch withBounds(EventBatch batch) {
    Column[] columns = batch.columns().clone();
    for (int i = 0; i < columns.length; i++) {
      if (results.type(i).equals(DataType.TIMESTAMP)
          && columns[i].type().equals(DataType.TIMESTAMP_TZ)) {
        LongColumn bound = (LongColumn) columns[i];
        columns[i] =
            new LongColumn(DataType.TIMESTAMP, bound.size(), bound.values(), bound.nulls());
      }
    }
    return batch.withColumns(results, columns);
  }

  @Override
  public void open(OperatorContext context) {
    inner.open(context);
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    if (input == partialsInput) {
      inner.process(input, batch, outside(out));
      return;
    }
    long[] times = batch.timestamps();
    long[] shown = new long[batch.rowCount()];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = clock.shown(times[i]);
    }
    inner.process(input, batch.withTimestamps(shown), new Outside(out, shown, times));
  }

  @Override
  public void watermark(long watermark, Output out) {
    long shown = clock.passed(watermark);
    if (shown > passed) { // it does not rise before the clocks are set back
      passed = shown;
      inner.watermark(shown, outside(out));
    }
  }

  @Override
  public long heldWatermark() {
    return clock.heldBack(inner.heldWatermark());
  }

  @Override
  public void processingTime(long nowMillis, Output out) {
    now = Math.max(now, clock.shown(nowMillis));
    inner.processingTime(now, outside(out));
  }

  @Override
  public void flush(Output out) {
    inner.flush(outside(out));
  }

  @Override
  public void endOfInput(Output out) {
    inner.endOfInput(outside(out));
  }

  @Override
  public boolean hasMore() {
    return inner.hasMore();
  }

  @Override
  public void resume(Output out) {
    inner.resume(outside(out));
  }

  @Override
  public boolean keepsBatches() {
    return inner.keepsBatches();
  }

  @Override
  public boolean awaitsCalls() {
    return inner.awaitsCalls();
  }

  @Override
  public boolean isSaturated() {
    return inner.isSaturated();
  }

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    inner.snapshot(snapshot);
  }

  @Override
  public void restore(OperatorSnapshot snapshot) {
    inner.restore(snapshot);
  }

  @Override
  public String stateMeaning() {
    return inner.stateMeaning() + " in " + zone;
  }

  @Override
  public @Nullable WindowReading windows() {
    WindowReading reading = inner.windows();
    return reading == null
        ? null
        : new WindowReading(
            reading.processingTime(),
            clock.instant(reading.watermark()),
            reading.pending(),
            clock.instant(reading.nextFiring()));
  }

  @Override
  public @Nullable StateReading state() {
    return inner.state();
  }

  @Override
  public @Nullable LookupReading lookups() {
    return inner.lookups();
  }

  @Override
  public @Nullable List<DataType> stateKeyTypes() {
    return inner.stateKeyTypes();
  }

  @Override
  public List<KeyState> queryState(Column[] key) {
    return inner.queryState(key);
  }

  @Override
  public void close() {
    inner.close();
  }
}
