package io.fluxcore.application.connector;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Bindings that the application around has to message brokers, by name, whatever broker is behind
 * them. Thread-safe.
 */
public interface MessageBindings {
  /**
   * What keeps a binding from ever being used; null: nothing.
   *
   * @param name of the binding
   */
  @Nullable String problem(String name);

  /** Whether messages are kept for this binding while nobody is bound. */
  boolean isLasting(String name);

  /**
   * Has messages handed over, until what is returned is closed. While the broker cannot be reached
   * that is tried again by itself.
   */
  Bound bind(String name, Receiver receiver);

  /** Whether {@link #send} tells when the broker has a message. */
  boolean isConfirmed(String name);

  /**
   * Sends a message.
   *
   * @param headers by name: texts; {@code contentType} says what the bytes are
   * @return completed when the broker has it, exceptionally if it has not
   * @throws RuntimeException if it cannot be sent now
   */
  CompletionStage<?> send(String name, byte[] bytes, Map<String, String> headers);

  /** A binding that messages come from. */
  interface Bound extends AutoCloseable {
    /** Ends it; waits for messages at hand, as long as the application has it. */
    @Override
    void close();
  }

  /** Takes messages, from several threads at once. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Returns when the messages are safe, so that they may be acknowledged.
     *
     * @throws InterruptedException if they are not, and are to come again
     */
    void receive(List<Received> messages) throws InterruptedException;
  }

  /**
   * A message of a binding.
   *
   * @param bytes its payload
   * @param headers by name, as the broker's library gives them
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Received(byte[] bytes, Map<String, ?> headers) {}
}
