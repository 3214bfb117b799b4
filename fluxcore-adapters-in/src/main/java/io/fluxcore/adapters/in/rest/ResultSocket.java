package io.fluxcore.adapters.in.rest;

import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * Results over WebSocket. A client subscribes with a message, several times if it likes, and tells
 * the answers apart by the id that it gave. A client that does not take what it asked for is given
 * up.
 */
final class ResultSocket extends TextWebSocketHandler implements AutoCloseable {
  static final String PATH = "/api/v1/streams/ws";

  /** Longer messages of a client close its connection. */
  static final int MAX_MESSAGE_BYTES = 1 << 13;

  private static final int MAX_SUBSCRIPTIONS = 8;
  private static final int MAX_WAITING_BYTES = 1 << 19;
  private static final int MAX_ID_LENGTH = 64;

  private final Readings readings;

  /** As many threads as there are readings, which are limited. */
  private final ExecutorService threads;

  private final int sendTimeoutMillis;
  private final Map<String, Connection> connections = new ConcurrentHashMap<>();

  ResultSocket(Readings readings, RestSettings settings) {
    this.readings = readings;
    this.threads = Executors.newCachedThreadPool(ResultSocket::thread);
    this.sendTimeoutMillis = Math.toIntExact(settings.sendTimeout().toMillis());
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "fluxcore-socket-reading");
    thread.setDaemon(true);
    return thread;
  }

  /** Ends all readings. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  @Override
  public void afterConnectionEstablished(WebSocketSession session) {
    session.setTextMessageSizeLimit(MAX_MESSAGE_BYTES);
    connections.put(
        session.getId(),
        new Connection(
            new ConcurrentWebSocketSessionDecorator(
                session, sendTimeoutMillis, MAX_WAITING_BYTES)));
  }

  @Override
  public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
    Connection connection = connections.remove(session.getId());
    if (connection != null) {
      connection.close();
    }
  }

  @Override
  protected void handleTextMessage(WebSocketSession session, TextMessage message)
      throws IOException {
    Connection connection = connections.get(session.getId());
    if (connection == null) {
      return;
    }
    String id = "";
    try {
      Message wanted = Bodies.parse(message.getPayload(), Message.class);
      id = wanted.id() == null ? "" : wanted.id();
      connection.accept(id, wanted);
    } catch (Refused | FluxCoreException e) {
      connection.tell(id, e);
    }
  }

  /**
   * What a client says.
   *
   * @param type subscribe or unsubscribe
   * @param id what the client calls the subscription; null: an empty string
   */
  record Message(
      @Nullable String type,
      @Nullable String id,
      @Nullable String job,
      @Nullable String node,
      @Nullable Integer latest,
      @Nullable Long limit,
      @Nullable Long timeoutMs) {}

  /** One client. */
  private final class Connection {
    private final WebSocketSession session;
    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private boolean closed;

    Connection(WebSocketSession session) {
      this.session = session;
    }

    void accept(String id, Message wanted) {
      if (id.length() > MAX_ID_LENGTH) {
        throw invalid("/id", "is longer than " + MAX_ID_LENGTH + " characters");
      }
      if ("subscribe".equals(wanted.type())) {
        subscribe(id, wanted);
      } else if ("unsubscribe".equals(wanted.type())) {
        Subscription subscription = subscriptions.get(id);
        if (subscription == null) {
          throw invalid("/id", "there is no subscription '" + id + "'");
        }
        subscription.unsubscribe();
      } else {
        throw invalid("/type", "there is no type '" + wanted.type() + "'");
      }
    }

    private static Refused invalid(String pointer, String detail) {
      return Refused.invalid(
          List.of(Problem.Fault.at(pointer, detail)),
          "send {\"type\":\"subscribe\",\"id\":\"a\",\"job\":\"name\"}");
    }

    private synchronized void subscribe(String id, Message wanted) {
      if (subscriptions.containsKey(id)) {
        throw invalid("/id", "there is a subscription '" + id + "' already");
      }
      if (subscriptions.size() == MAX_SUBSCRIPTIONS) {
        throw Refused.busy("a connection has at most " + MAX_SUBSCRIPTIONS + " subscriptions");
      }
      Readings.Open open =
          readings.open(
              new ReadingRequest(
                  null,
                  wanted.job(),
                  wanted.node(),
                  wanted.latest(),
                  wanted.limit(),
                  wanted.timeoutMs()));
      Subscription subscription = new Subscription(id, open);
      if (closed) {
        open.close();
        return;
      }
      subscriptions.put(id, subscription);
      try {
        threads.execute(() -> run(subscription));
      } catch (RejectedExecutionException e) {
        subscriptions.remove(id);
        open.close();
        throw new Refused(
            HttpStatus.SERVICE_UNAVAILABLE,
            "FLX-REST-0012",
            "the server is being stopped",
            "connect again later");
      }
    }

    private void run(Subscription subscription) {
      try {
        SocketClient client =
            new SocketClient(session, subscription.id(), subscription::isUnsubscribed);
        subscription.open().reading().run(client);
      } catch (IOException | IllegalStateException e) {
        close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        tellQuietly(subscription.id(), e);
      } finally {
        subscriptions.remove(subscription.id());
        subscription.open().close();
      }
    }

    private void tellQuietly(String id, RuntimeException error) {
      try {
        tell(id, error);
      } catch (IOException e) {
        close();
      }
    }

    void tell(String id, RuntimeException error) throws IOException {
      Problem problem = Problems.of(error, PATH);
      session.sendMessage(
          new TextMessage(Json.MAPPER.writeValueAsString(new Failure(id, problem))));
    }

    synchronized void close() {
      closed = true;
      subscriptions.values().forEach(subscription -> subscription.open().close());
      try {
        session.close();
      } catch (IOException e) {
        // It is gone already, which is all that was wanted.
      }
    }
  }

  /** What a client is told when its message cannot be followed, or a reading ends in trouble. */
  record Failure(String type, String id, Problem problem) {
    Failure(String id, Problem problem) {
      this("error", id, problem);
    }
  }

  /** One reading of a client. */
  private static final class Subscription {
    private final String id;
    private final Readings.Open open;
    private volatile boolean unsubscribed;

    Subscription(String id, Readings.Open open) {
      this.id = id;
      this.open = open;
    }

    String id() {
      return id;
    }

    Readings.Open open() {
      return open;
    }

    /** Wakes the reader, which then finds its results at an end. */
    void unsubscribe() {
      unsubscribed = true;
      open.results().close();
    }

    boolean isUnsubscribed() {
      return unsubscribed;
    }
  }
}
