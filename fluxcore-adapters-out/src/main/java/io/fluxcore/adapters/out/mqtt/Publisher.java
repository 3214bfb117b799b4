package io.fluxcore.adapters.out.mqtt;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection that messages are published on, in one of the protocol's versions. */
abstract class Publisher implements AutoCloseable {
  private static final int CLOSE_SECONDS = 2;
  private static final int ANSWER_SECONDS = 15;

  private final MqttSink sink;
  private volatile boolean isOpen;

  Publisher(MqttSink sink) {
    this.sink = sink;
  }

  abstract CompletableFuture<?> connecting();

  abstract CompletableFuture<?> disconnecting();

  /** Publishes; fails if the broker refuses the message, or it is not known whether it has it. */
  abstract CompletableFuture<?> publish(Outgoing message);

  /**
   * Connects.
   *
   * @throws IOException if the broker cannot be reached now
   * @throws io.fluxcore.domain.error.FluxCoreException if it does not let us in
   */
  final void connect() throws IOException {
    CompletableFuture<?> connecting = connecting();
    try {
      connecting.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      isOpen = true;
    } catch (ExecutionException e) {
      throw MqttErrors.explained(e.getCause(), sink);
    } catch (TimeoutException e) {
      closeLater(connecting);
      throw new IOException("the broker does not answer", e);
    } catch (InterruptedException e) {
      closeLater(connecting);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** What comes of it later is not wanted any more. */
  private void closeLater(CompletableFuture<?> connecting) {
    CompletableFuture<?> unused =
        connecting.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                isOpen = true;
                close();
              }
            });
  }

  /** Told by the client library. */
  final void disconnected() {
    isOpen = false;
  }

  final boolean isOpen() {
    return isOpen;
  }

  /** Ends it. A second call does nothing. */
  @Override
  public final void close() {
    if (!isOpen) {
      return;
    }
    isOpen = false;
    try {
      disconnecting().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It is over, or will be.
    }
  }
}
