package io.fluxcore.adapters.in.mqtt;

import io.fluxcore.adapters.in.backlog.Backlog;
import io.fluxcore.adapters.in.backlog.Inflow;
import io.fluxcore.adapters.in.backlog.KeptConnection;
import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageInflow;
import io.fluxcore.application.connector.SplitPosition;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Receives what a session is given, over one connection after another. */
final class MqttInflow implements Inflow, MqttSession.Listener {
  private static final int ANSWER_SECONDS = 15;
  private static final int CLOSE_SECONDS = 2;

  private final MqttSource source;
  private final MqttSession session;
  private final MessageInflow<Runnable> messages;
  private final KeptConnection connection;
  private volatile CompletableFuture<Throwable> end = new CompletableFuture<>();
  private boolean wasConnected;

  private MqttInflow(MqttSource source, @Nullable SplitPosition position, Runnable arrived) {
    this.source = source;
    this.messages =
        source
            .backlog()
            .open(
                source.session().toString(),
                position,
                source.session().receiveMaximum(),
                arrived,
                MqttInflow::acknowledge);
    this.session = session(source.session(), this);
    this.connection =
        new KeptConnection(
            source.session() + " at " + source.session().server(), this::receive, arrived);
  }

  static MqttInflow open(MqttSource source, @Nullable SplitPosition position, Runnable arrived) {
    MqttInflow inflow = new MqttInflow(source, position, arrived);
    inflow.session.receive();
    inflow.connection.start();
    return inflow;
  }

  private static MqttSession session(MqttSource.Session of, MqttSession.Listener listener) {
    return of.isVersion5() ? new MqttSession5(of, listener) : new MqttSession3(of, listener);
  }

  /**
   * Looks whether the broker lets us in, if it answers.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if it never will
   */
  static void look(MqttSource.Session session) {
    MqttSession passing = session(session.passing(), MqttSession.Listener.NONE);
    try {
      get(passing.connect());
      get(passing.disconnect());
    } catch (ExecutionException e) {
      throw MqttErrors.unreachable(session, MqttErrors.explained(e.getCause(), session));
    } catch (IOException e) {
      throw MqttErrors.unreachable(session, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One connection, from its beginning to its end. */
  private void receive(Runnable connected) throws IOException, InterruptedException {
    CompletableFuture<Throwable> thisEnd = new CompletableFuture<>();
    end = thisEnd;
    CompletableFuture<Boolean> connecting = session.connect();
    try {
      boolean isKnown = get(connecting);
      if (!isKnown && wasConnected) {
        session.receive();
      }
      if (!isKnown || !wasConnected) {
        get(session.subscribe());
      }
      wasConnected = true;
      connected.run();
      throw new IOException(MqttErrors.text(thisEnd.get()));
    } catch (ExecutionException e) {
      throw MqttErrors.explained(e.getCause(), source.session());
    } finally {
      leave(connecting);
    }
  }

  private static <T> T get(CompletableFuture<T> answer)
      throws IOException, InterruptedException, ExecutionException {
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the broker does not answer", e);
    }
  }

  /** Ends the connection, even if it comes later. */
  private void leave(CompletableFuture<Boolean> connecting) {
    boolean isOver = connecting.isCompletedExceptionally() || end.isDone();
    if (isOver) {
      return;
    }
    CompletableFuture<Void> left = connecting.thenCompose(isKnown -> session.disconnect());
    try {
      left.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It is over, or will be.
    }
  }

  @Override
  public void arrived(Message message, Runnable acknowledge) {
    messages.offer(message, acknowledge);
  }

  @Override
  public void disconnected(Throwable cause) {
    end.complete(cause);
  }

  /** What the broker does not hear of is acknowledged again by the client library. */
  private static void acknowledge(
      List<Runnable> acknowledgements, Consumer<Predicate<Runnable>> confirmed) {
    acknowledgements.forEach(Runnable::run);
    confirmed.accept(any -> true);
  }

  @Override
  public Backlog backlog() {
    return messages.backlog();
  }

  @Override
  public SplitPosition position() {
    return messages.position();
  }

  @Override
  public int takeDuplicates() {
    return messages.takeDuplicates();
  }

  @Override
  public void check() {
    connection.check();
    messages.check();
  }

  @Override
  public void close() {
    // First, so that what is in the spool is acknowledged on this connection still.
    messages.close();
    connection.close();
  }
}
