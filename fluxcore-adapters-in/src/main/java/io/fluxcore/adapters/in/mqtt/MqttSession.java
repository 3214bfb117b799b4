package io.fluxcore.adapters.in.mqtt;

import io.fluxcore.adapters.in.backlog.Message;
import java.util.concurrent.CompletableFuture;

/**
 * A session at a broker, in one of the protocol's versions. It outlives its connections: messages
 * that were handed over on one are acknowledged on the next.
 */
interface MqttSession {
  /**
   * Connects.
   *
   * @return whether the broker knew the session
   */
  CompletableFuture<Boolean> connect();

  /** Asks for the messages of all filters. */
  CompletableFuture<Void> subscribe();

  /** Has messages handed over, from now on. Before the first connection, and in a new session. */
  void receive();

  CompletableFuture<Void> disconnect();

  /** What is told of a session. */
  interface Listener {
    /** Nobody is told. */
    Listener NONE =
        new Listener() {
          @Override
          public void arrived(Message message, Runnable acknowledge) {}

          @Override
          public void disconnected(Throwable cause) {}
        };

    /**
     * A message has come. Called by one thread.
     *
     * @param acknowledge to be run when it is not needed any more
     */
    void arrived(Message message, Runnable acknowledge);

    /** A connection has ended, or could not be made. */
    void disconnected(Throwable cause);
  }
}
