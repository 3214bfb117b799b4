package io.fluxcore.domain.process;

import io.fluxcore.domain.transform.Collector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a keyed process function is told of the event or timer at hand, and what it may do for its
 * key. Valid during the call that received it, on its thread; used later it throws {@link
 * IllegalStateException}.
 */
public interface ProcessContext {
  /** The values of the key's fields, in the order in which the topology names them. */
  List<@Nullable Object> key();

  /** The value of a field of the key. */
  @Nullable Object key(String field);

  /**
   * The time of the event, epoch milliseconds, or {@link
   * io.fluxcore.domain.event.EventBatch#NO_TIMESTAMP}; in {@code onTimer} that of the timer.
   */
  long timestamp();

  /** The last watermark, epoch milliseconds; {@link Long#MIN_VALUE} before the first. */
  long watermark();

  /** Processing time, epoch milliseconds, as of the last few milliseconds. */
  long processingTime();

  /**
   * A declared state, for the key at hand.
   *
   * @throws IllegalArgumentException if it was not declared
   */
  <S> S state(StateDescriptor<S> descriptor);

  /**
   * Calls {@code onTimer} for this key when the watermark reaches a time. A time that it has passed
   * already is due at the next watermark. There is one timer for each key and time: setting it
   * again changes nothing.
   */
  void setEventTimer(long timestampMillis);

  /** Calls {@code onTimer} for this key when the clock reaches a time, or has. */
  void setProcessingTimer(long timestampMillis);

  /** Without effect when there is no such timer. */
  void deleteEventTimer(long timestampMillis);

  /** Without effect when there is no such timer. */
  void deleteProcessingTimer(long timestampMillis);

  /**
   * Takes rows for a declared side output.
   *
   * @throws IllegalArgumentException if it was not declared
   */
  Collector output(String sideOutput);
}
