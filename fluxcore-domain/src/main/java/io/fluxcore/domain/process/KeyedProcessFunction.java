package io.fluxcore.domain.process;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.transform.Collector;
import java.util.List;

/**
 * User code that sees the events of each key in order, keeps state for the key and sets timers.
 * Called on the thread of its subtask; several subtasks share one instance, so it must be stateless
 * or thread-safe: what belongs to a key is kept in states, which the context gives.
 *
 * <p>A call has effect as a whole or not at all: when it throws, the rows that it emitted, its
 * changes of state and its timers are taken back, and the event is failed by the error policy of
 * the operator. For that, values that were read from state are not to be changed in place; set a
 * new one.
 */
@FunctionalInterface
public interface KeyedProcessFunction {
  /**
   * The states that the function uses, beside those that the topology declares with it. Asked once
   * when a job is planned, and once by each subtask.
   */
  default List<StateDescriptor<?>> states() {
    return List.of();
  }

  /**
   * Takes an event.
   *
   * @param event valid during the call
   * @param context of the event and its key; valid during the call
   * @param out takes rows for the main output; valid during the call
   */
  void process(Event event, ProcessContext context, Collector out);

  /**
   * A timer of a key is due. Rows keep the timer's time unless they are given another.
   *
   * @param context of the timer and its key; valid during the call
   * @param out takes rows for the main output; valid during the call
   */
  default void onTimer(Timer timer, ProcessContext context, Collector out) {}
}
