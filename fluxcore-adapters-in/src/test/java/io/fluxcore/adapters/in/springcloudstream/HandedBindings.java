package io.fluxcore.adapters.in.springcloudstream;

import io.fluxcore.application.connector.MessageBindings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Bindings whose messages a test hands over, as the threads of a binder do. */
final class HandedBindings implements MessageBindings {
  volatile @Nullable String problem;
  volatile boolean lasting = true;
  volatile @Nullable Receiver receiver;

  @Override
  public @Nullable String problem(String name) {
    return problem;
  }

  @Override
  public boolean isLasting(String name) {
    return lasting;
  }

  @Override
  public Bound bind(String name, Receiver to) {
    receiver = to;
    return () -> receiver = null;
  }

  /** Returns when they are safe. */
  void hand(Received... messages) throws InterruptedException {
    Receiver to = receiver;
    if (to == null) {
      throw new IllegalStateException("nobody is bound");
    }
    to.receive(List.of(messages));
  }

  @Override
  public boolean isConfirmed(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<?> send(String name, byte[] bytes, Map<String, String> headers) {
    throw new UnsupportedOperationException();
  }
}
