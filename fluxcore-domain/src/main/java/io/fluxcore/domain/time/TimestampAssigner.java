package io.fluxcore.domain.time;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives the rows of a source their timestamps and sorts out the rows that cannot have one:
 *
 * <ul>
 *   <li>event time from a field: LONG holds epoch milliseconds; TIMESTAMP and TIMESTAMP_TZ hold
 *       microseconds, rounded down (a TIMESTAMP is taken as UTC). A row whose field is null, or
 *       {@link EventBatch#NO_TIMESTAMP}, is reported and left out;
 *   <li>event time that is computed from the fields, with the same types;
 *   <li>event time of the source's own: timestamps stay; a row without one stays without;
 *   <li>ingestion time: the time at which the rows were read;
 *   <li>processing time: none.
 * </ul>
 *
 * <p>A row of event time that lies more than {@link WatermarkStrategy#maxFuture()} ahead of the
 * clock is absurd: reported and left out, so that it cannot move the watermark. Time is passed in.
 * Not thread-safe.
 */
public final class TimestampAssigner {
  private static final String NO_TIMESTAMP = "FLX-TIME-001";
  private static final String ABSURD_FUTURE = "FLX-TIME-002";
  private static final long MICROS_PER_MILLI = 1000;

  private final TimeCharacteristic time;
  private final @Nullable String field;
  private final int ordinal;
  private final @Nullable ComputedTime computed;
  private final long maxFutureMillis;
  private long largest = EventBatch.NO_TIMESTAMP;

  /** Computes the event times of rows. */
  @FunctionalInterface
  public interface ComputedTime {
    /**
     * A column of LONG, TIMESTAMP or TIMESTAMP_TZ; null, and reported, where it cannot be computed.
     */
    Column of(EventBatch batch, RowErrors errors);
  }

  /**
   * @param field the field with the event time, or null when it is computed or the source stamps
   *     its rows
   * @throws FluxCoreException if there is no such field or its type is not a time
   */
  public TimestampAssigner(
      TimeCharacteristic time, Schema schema, @Nullable String field, WatermarkStrategy strategy) {
    this(time, schema, field, null, strategy);
  }

  /**
   * @param field the field with the event time, or null when it is computed or the source stamps
   *     its rows
   * @param computed computes it, or null
   * @throws FluxCoreException if there is no such field or its type is not a time
   */
  public TimestampAssigner(
      TimeCharacteristic time,
      Schema schema,
      @Nullable String field,
      @Nullable ComputedTime computed,
      WatermarkStrategy strategy) {
    this.time = time;
    this.field = field;
    this.computed = time == TimeCharacteristic.EVENT ? computed : null;
    this.ordinal = field == null || time != TimeCharacteristic.EVENT ? -1 : find(schema, field);
    this.maxFutureMillis =
        strategy.maxFuture() == null ? Long.MAX_VALUE : strategy.maxFuture().toMillis();
  }

  private static int find(Schema schema, String field) {
    int ordinal = schema.indexOf(field);
    if (ordinal < 0) {
      throw FluxCoreException.user(
          "FLX-TIME-003",
          Place.of("timestampField"),
          "there is no field '" + field + "' to take the event time from",
          "fields are " + schema.fieldNames());
    }
    DataType.Kind kind = schema.type(ordinal).kind();
    if (kind != DataType.Kind.LONG
        && kind != DataType.Kind.TIMESTAMP
        && kind != DataType.Kind.TIMESTAMP_TZ) {
      throw FluxCoreException.user(
          "FLX-TIME-003",
          Place.of("timestampField"),
          "field '" + field + "' is " + schema.type(ordinal) + ", not a time",
          "declare it as long (epoch milliseconds), timestamp or timestamp_tz");
    }
    return ordinal;
  }

  /**
   * The batch with its timestamps, without the rows that were reported.
   *
   * @param nowMillis when the rows were read
   * @param errors told of rows of {@code batch} that cannot have a timestamp or have an absurd one
   */
  public EventBatch assign(EventBatch batch, long nowMillis, RowErrors errors) {
    largest = EventBatch.NO_TIMESTAMP;
    return switch (time) {
      case PROCESSING -> batch;
      case INGESTION -> stamped(batch, nowMillis);
      case EVENT ->
          computed != null
              ? computed(computed, batch, nowMillis, errors)
              : ordinal < 0
                  ? checked(batch, nowMillis, errors)
                  : fromField(batch, nowMillis, errors);
    };
  }

  /** The largest timestamp of the batch that {@link #assign} gave last. */
  public long largest() {
    return largest;
  }

  private EventBatch stamped(EventBatch batch, long nowMillis) {
    long[] timestamps = new long[batch.rowCount()];
    Arrays.fill(timestamps, nowMillis);
    if (!batch.isEmpty()) {
      largest = nowMillis;
    }
    return batch.withTimestamps(timestamps);
  }

  private EventBatch computed(
      ComputedTime times, EventBatch batch, long nowMillis, RowErrors errors) {
    BitSet failed = new BitSet();
    Column column =
        times.of(
            batch,
            (row, error) -> {
              failed.set(row);
              errors.failed(row, error);
            });
    return from(
        column,
        batch,
        nowMillis,
        (row, error) -> {
          if (!failed.get(row)) { // otherwise it has been told why there is none
            errors.failed(row, error);
          }
        },
        errors);
  }

  private EventBatch fromField(EventBatch batch, long nowMillis, RowErrors errors) {
    return from(batch.column(ordinal), batch, nowMillis, errors, errors);
  }

  private EventBatch from(
      Column column, EventBatch batch, long nowMillis, RowErrors absent, RowErrors errors) {
    if (!(column instanceof LongColumn longs)) {
      throw new IllegalArgumentException("the event time came as " + column.type());
    }
    long[] values = longs.values();
    long[] timestamps =
        column.type().kind() == DataType.Kind.LONG ? values : millis(values, batch.rowCount());
    EventBatch present = withoutNulls(batch, timestamps, longs.nulls(), absent);
    return checked(present.withTimestamps(timestamps), nowMillis, errors);
  }

  private static long[] millis(long[] micros, int rows) {
    long[] millis = new long[rows];
    for (int row = 0; row < rows; row++) {
      millis[row] = Math.floorDiv(micros[row], MICROS_PER_MILLI);
    }
    return millis;
  }

  private EventBatch withoutNulls(
      EventBatch batch, long[] timestamps, long @Nullable [] nulls, RowErrors errors) {
    if (nulls == null && !anyAbsent(batch, timestamps)) {
      return batch;
    }
    int[] kept = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (NullBits.isSet(nulls, row) || timestamps[row] == EventBatch.NO_TIMESTAMP) {
        errors.failed(
            row,
            new RecordException(
                NO_TIMESTAMP,
                field == null
                    ? "the event time that is computed of it is null"
                    : "field '" + field + "', which holds the event time, is null"));
      } else {
        kept[count++] = row;
      }
    }
    return count == batch.size() ? batch : batch.withSelection(kept, count);
  }

  private static boolean anyAbsent(EventBatch batch, long[] timestamps) {
    boolean absent = false;
    int size = batch.size();
    int[] selection = batch.selection();
    for (int i = 0; i < size; i++) {
      absent |= timestamps[selection == null ? i : selection[i]] == EventBatch.NO_TIMESTAMP;
    }
    return absent;
  }

  private EventBatch checked(EventBatch batch, long nowMillis, RowErrors errors) {
    long limit = saturatedSum(nowMillis, maxFutureMillis);
    largest = WatermarkGenerator.largest(batch);
    if (largest <= limit) {
      return batch;
    }
    long[] timestamps = batch.timestamps();
    int[] kept = new int[batch.size()];
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (timestamps[row] > limit) {
        errors.failed(row, absurd(timestamps[row], nowMillis));
      } else {
        kept[count++] = row;
      }
    }
    EventBatch sane = batch.withSelection(kept, count);
    largest = WatermarkGenerator.largest(sane);
    return sane;
  }

  private RecordException absurd(long timestamp, long nowMillis) {
    return new RecordException(
        ABSURD_FUTURE,
        "timestamp "
            + Instant.ofEpochMilli(timestamp)
            + " is more than "
            + maxFutureMillis
            + " ms ahead of the clock, "
            + Instant.ofEpochMilli(nowMillis));
  }

  private static long saturatedSum(long a, long b) {
    return b > 0 && a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
