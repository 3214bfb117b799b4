package io.fluxcore.adapters.in.backlog;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Messages of a broker on their way to a reader.
 *
 * @param <A> by what a message is acknowledged
 */
public interface MessageInflow<A> extends Inflow {
  /** Takes a message. Called by one thread at a time; never waits. */
  void offer(Message message, A acknowledgement);

  /** The connection has ended: what was not acknowledged may come again on the next one. */
  void forget();

  /** Tells the broker that messages are not needed any more. */
  @FunctionalInterface
  interface Acknowledger<A> {
    /**
     * Acknowledges, at once or later. Messages of a connection that has ended are passed over.
     *
     * @param acknowledgements in the order in which messages came
     * @param confirmed given, when the broker certainly knows some of them, which ones; not called
     *     if that never comes to pass
     */
    void acknowledge(List<A> acknowledgements, Consumer<Predicate<A>> confirmed);
  }
}
