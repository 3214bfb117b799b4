package io.fluxcore.domain.operator;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a stage, run for one subtask. All calls come from one thread at a time, in this
 * order: {@link #open}, at most one {@link #restore}, then any number of the others, then {@link
 * #close}. An operator starts no thread, reads no clock and never blocks; time and completions of
 * asynchronous work arrive as calls. While {@link #hasMore()} is true only {@link #resume}, {@link
 * #close} are called.
 *
 * <p>Whatever an operator throws, other than what it hands to {@link OperatorContext#failures()},
 * fails the job.
 */
public interface Operator extends AutoCloseable {
  /** Binds the operator to its subtask; keyed state is declared here. */
  void open(OperatorContext context);

  /**
   * Takes a batch, which is not empty.
   *
   * @param input which of the operator's inputs; 0 unless it has several (a join)
   */
  void process(int input, EventBatch batch, Output out);

  /**
   * No row with a timestamp at or below the watermark will come any more, late ones excepted. Rises
   * strictly. {@link Long#MAX_VALUE} at the end of a bounded input.
   */
  default void watermark(long watermark, Output out) {}

  /**
   * No row of one input with a timestamp at or below this will come any more, late ones excepted,
   * whatever the other inputs do. Told where the host knows it, of inputs that come from other
   * stages; {@link #watermark} is behind it or follows. Rises; not part of snapshots.
   */
  default void inputWatermark(int input, long watermark) {}

  /**
   * Whether a batch, or an array of one, may be held by this operator or in what it emitted after
   * {@link #process} has returned. Where no operator of a stage keeps any, readers may use their
   * arrays again. What is emitted as the same batch with another selection or other columns counts
   * as the same batch, not as kept.
   */
  default boolean keepsBatches() {
    return true;
  }

  /** The largest watermark that may be handed on now; less than the received one holds it back. */
  default long heldWatermark() {
    return Long.MAX_VALUE;
  }

  /**
   * The processing time, epoch milliseconds, non-decreasing; comes at least once before the first
   * batch and about every few milliseconds or batches.
   */
  default void processingTime(long nowMillis, Output out) {}

  /** Emit what is held back for batching alone: a barrier follows. */
  default void flush(Output out) {}

  /** No input will come any more; comes after the last watermark. Not called on cancel. */
  default void endOfInput(Output out) {}

  /** Whether the last call stopped early for lack of {@link Output#hasCapacity()}. */
  default boolean hasMore() {
    return false;
  }

  /** Goes on where the last call stopped. */
  default void resume(Output out) {}

  /**
   * Whether rows wait for completions of {@link AsyncCalls}. Snapshots are taken meanwhile, but the
   * operators behind this one are not told of the end of input before it says no.
   */
  default boolean awaitsCalls() {
    return false;
  }

  /**
   * Whether so many rows wait for completions that no more should come until one of them has. What
   * comes all the same is to be taken: a barrier may be behind it.
   */
  default boolean isSaturated() {
    return false;
  }

  /** Adds operator-wide entries to a snapshot; keyed state is added by the state backend. */
  default void snapshot(OperatorSnapshot.Builder snapshot) {}

  /** Takes over operator-wide entries; keyed state has been restored already. */
  default void restore(OperatorSnapshot snapshot) {}

  /**
   * What the numbers in the operator's state mean, where their shape does not tell: {@code tumbling
   * 1000 ms by user: sum(price)}. Snapshots hold it, so that a sum is not taken for a maximum in a
   * topology that was changed. Empty where the shape tells all. Any thread.
   */
  default String stateMeaning() {
    return "";
  }

  /**
   * What the operator's windows wait for, or null if it has none that wait for time. Asked on the
   * operator's thread about every few milliseconds, so it is to be cheap.
   */
  default @Nullable WindowReading windows() {
    return null;
  }

  /**
   * What is known of the operator's own states, or null if it has none. Asked on the operator's
   * thread a few times a second.
   */
  default @Nullable StateReading state() {
    return null;
  }

  /** How it gets on with a table outside, or null if it asks none; as {@link #state()}. */
  default @Nullable LookupReading lookups() {
    return null;
  }

  /**
   * The types of the key by which {@link #queryState} can be asked, or null if it cannot. Any
   * thread.
   */
  default @Nullable List<DataType> stateKeyTypes() {
    return null;
  }

  /**
   * The state of one key, by {@link #stateKeyTypes}; changes nothing. Asked on the operator's
   * thread, between two calls, for a key of its key groups.
   *
   * @param key columns of one row
   */
  default List<KeyState> queryState(Column[] key) {
    return List.of();
  }

  @Override
  default void close() {}
}
