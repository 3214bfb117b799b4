package io.fluxcore.domain.rank;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.ExpiringOperator;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Lets the first row of each key by. Within a time, a row is a duplicate of the last one that was
 * let by until that time has passed after it; rows that are older than that one are its duplicates,
 * too. A row that is so late that what came before it may have been forgotten is not judged: it is
 * counted as late and leaves by {@link #LATE_PORT}. Duplicates are counted as filtered, and leave
 * by {@link #DUPLICATES_PORT}.
 *
 * <p>State is the time of the row that was let by, of each key. It is forgotten when no row that is
 * in time can be its duplicate any more.
 */
final class FirstRowOperator extends ExpiringOperator {
  static final int LATE_PORT = 1;
  static final int DUPLICATES_PORT = 2;

  private static final String STATE = "first";
  private static final long NONE = Long.MIN_VALUE;

  /** Cell of a slot: the time of the row that was let by. */
  private static final int TIME = 1;

  private final int[] keyOrdinals;
  private final List<DataType> keyTypes;
  private final Deduplication deduplication;
  private final long within;
  private final boolean isEventTime;
  private ExpiringTable first;

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  FirstRowOperator(Deduplication deduplication, Schema input) {
    this.deduplication = deduplication;
    this.keyOrdinals = deduplication.key().stream().mapToInt(input::ordinal).toArray();
    this.keyTypes = Arrays.stream(keyOrdinals).mapToObj(input::type).toList();
    TimeToLive life = deduplication.within();
    this.within = life == null ? 0 : life.duration().toMillis();
    this.isEventTime = life != null && life.time() == TimeCharacteristic.EVENT;
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext newContext) {
    super.open(newContext);
    TimeToLive life = deduplication.within();
    first =
        table(
            new StateLayout(STATE, keyTypes, new long[] {StateClock.NEVER, NONE}, List.of()),
            0,
            life == null ? null : held(life));
  }

  /** Twice as long: a row in time may be as old as the watermark less one life. */
  private static TimeToLive held(TimeToLive life) {
    return life.time() == TimeCharacteristic.EVENT
        ? TimeToLive.ofEventTime(life.duration().multipliedBy(2))
        : life;
  }

  @Override
  public void process(int input, EventBatch arrived, Output out) {
    EventBatch batch = isEventTime ? withoutLate(arrived, out) : arrived;
    if (batch.size() == 0) {
      return;
    }
    KeyChunk keys = KeyChunk.of(batch, keyOrdinals);
    int[] rows = new int[keys.count()];
    int[] duplicates = new int[keys.count()];
    int kept = choose(batch.timestamps(), keys, rows, duplicates);
    int others = keys.count() - kept;
    context().ledger().filtered(others);
    first.endBatch(keys);
    out.emit(batch.withSelection(rows, kept));
    out.emit(DUPLICATES_PORT, batch.withSelection(duplicates, others));
  }

  /** The rows that are let by, and the others. */
  private int choose(long[] times, KeyChunk keys, int[] chosen, int[] duplicates) {
    int[] slots = first.resolve(keys);
    long[] cells = first.table().cells();
    int kept = 0;
    for (int i = 0; i < keys.count(); i++) {
      int cell = first.at(slots[i], TIME);
      int row = keys.rows()[i];
      long time = timeOf(times, row);
      if (cells[cell] == NONE || (within > 0 && time >= cells[cell] + within)) {
        cells[cell] = time;
        chosen[kept++] = row;
        first.used(slots[i], i, time);
      } else {
        duplicates[i - kept] = row;
      }
    }
    return kept;
  }

  private long timeOf(long[] times, int row) {
    if (isEventTime) {
      return times[row];
    }
    return within == 0 ? 0 : clock().processingTime();
  }

  private EventBatch withoutLate(EventBatch batch, Output out) {
    if (watermark() == Long.MIN_VALUE) {
      return batch;
    }
    long[] times = batch.timestamps();
    int[] inTime = new int[batch.size()];
    int[] late = new int[batch.size()];
    int count = 0;
    int lateCount = 0;
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (times[row] + within <= watermark()) {
        late[lateCount++] = row;
      } else {
        inTime[count++] = row;
      }
    }
    if (lateCount == 0) {
      return batch;
    }
    context().ledger().late(lateCount);
    out.emit(LATE_PORT, batch.withSelection(Arrays.copyOf(late, lateCount), lateCount));
    return batch.withSelection(inTime, count);
  }

  @Override
  public String stateMeaning() {
    return deduplication.toString();
  }

  @Override
  public List<DataType> stateKeyTypes() {
    return keyTypes;
  }

  @Override
  public List<KeyState> queryState(Column[] key) {
    int slot = first.find(KeyChunk.of(key, 1))[0];
    Object time = null;
    if (slot >= 0 && !first.isOver(slot)) {
      long last = first.table().cells()[first.at(slot, TIME)];
      time = within == 0 ? true : Instant.ofEpochMilli(last);
    }
    context().state().commit();
    return List.of(KeyState.of(STATE, "value", time));
  }
}
