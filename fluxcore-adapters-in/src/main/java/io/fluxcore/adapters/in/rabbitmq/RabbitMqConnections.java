package io.fluxcore.adapters.in.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import io.fluxcore.application.connector.ServerAddress;
import io.fluxcore.application.connector.TlsStores;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Connections to the server, and what it refuses for good. */
final class RabbitMqConnections {
  static final int CLOSE_MILLIS = 2_000;
  private static final int CONNECT_MILLIS = 10_000;
  private static final int HEARTBEAT_SECONDS = 10;
  private static final String REFUSED = "FLX-RABBITMQ-0001";
  private static final String NO_QUEUE = "FLX-RABBITMQ-0002";
  private static final String OTHER_QUEUE = "FLX-RABBITMQ-0003";
  private static final String UNTRUSTED = "FLX-RABBITMQ-0004";
  private static final String NO_TLS = "FLX-RABBITMQ-0015";
  private static final String OTHER_KIND = "FLX-RABBITMQ-0011";
  static final String LOST = "FLX-RABBITMQ-0012";
  static final String ANOTHER_STREAM = "FLX-RABBITMQ-0013";
  private static final String UNREACHABLE = "FLX-RABBITMQ-0006";
  private static final String POSITION = "FLX-RABBITMQ-0014";

  private RabbitMqConnections() {}

  static ThreadFactory threads(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  static ConnectionFactory factory(ServerAddress server, String virtualHost) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(server.host());
    factory.setPort(server.port());
    factory.setVirtualHost(virtualHost);
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(CONNECT_MILLIS);
    factory.setChannelRpcTimeout(CONNECT_MILLIS);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setThreadFactory(threads("rabbitmq " + server));
    factory.setExceptionHandler(new ForgivingExceptionHandler());
    return factory;
  }

  /**
   * Connects.
   *
   * @throws IOException if the server cannot be reached now
   * @throws FluxCoreException if it does not let us in
   */
  static Connection open(ConnectionFactory factory, ServerAddress server, String name)
      throws IOException {
    TlsStores tls = server.tls();
    if (tls != null && !factory.isSSL()) {
      factory.useSslProtocol(tls.context());
      if (tls.options().verifyHostname()) {
        factory.enableHostnameVerification();
      }
    }
    String user = server.user();
    String password = server.password().read();
    if (user != null) {
      factory.setUsername(user);
      factory.setPassword(password == null ? "" : password);
    }
    try {
      return factory.newConnection(name);
    } catch (AuthenticationFailureException e) {
      throw refused(
          REFUSED,
          "user",
          "the server " + server + " refuses user '" + factory.getUsername() + "'",
          "give the right user and password",
          e);
    } catch (TimeoutException e) {
      throw new IOException("the server does not answer: " + e, e);
    } catch (IOException e) {
      if (isCausedByCertificate(e)) {
        throw refused(
            UNTRUSTED,
            "tlsTrustStore",
            "the server " + server + " is not trusted: " + e.getMessage(),
            "give the certificate of who has signed the server's, which must be for this host",
            e);
      }
      if (isPlain(e)) {
        throw refused(
            NO_TLS,
            "tls",
            "the server " + server + " does not speak TLS at this port",
            "give its port for TLS, which is 5671 unless set otherwise, or leave TLS out",
            e);
      }
      Method reason = reason(e);
      if (reason instanceof AMQP.Connection.Close close
          && close.getReplyCode() == AMQP.NOT_ALLOWED
          && !close.getReplyText().contains("down")) {
        throw refused(
            REFUSED,
            "virtualHost",
            "the server " + server + " refuses: " + close.getReplyText(),
            "name a virtual host that this user may use",
            e);
      }
      throw e;
    }
  }

  /** The JDK has no other sign of it than these words. */
  private static boolean isPlain(Throwable e) {
    return e instanceof SSLException && String.valueOf(e.getMessage()).contains("SSL message");
  }

  private static boolean isCausedByCertificate(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Looks whether we are let in, and whether the queue is there and of the kind that it is read as.
   * A server that does not answer now is none of its business.
   */
  static void check(ServerAddress server, String virtualHost, RabbitMqSource.Queue queue) {
    try {
      Connection connection = open(factory(server, virtualHost), server, "fluxcore check");
      try {
        if (!queue.declare()) {
          find(channel(connection), queue);
          checkKind(connection, queue);
        }
      } finally {
        connection.abort(CLOSE_MILLIS);
      }
    } catch (IOException | ShutdownSignalException e) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  UNREACHABLE,
                  Place.of("uri"),
                  "the server " + server + " cannot be reached now: " + e.getMessage(),
                  "see whether it runs; a job waits for it")),
          e);
    }
  }

  /** A consumer of streams takes nothing away from a stream, and is refused by other queues. */
  private static void checkKind(Connection connection, RabbitMqSource.Queue queue)
      throws IOException {
    Channel channel = channel(connection);
    try {
      channel.basicQos(1);
      channel.basicConsume(
          queue.name(),
          false,
          Map.of(StreamInflow.OFFSET_ARGUMENT, StreamPosition.LATEST.argument()),
          new DefaultConsumer(channel));
    } catch (IOException e) {
      if (!isRefusedArgument(e)) {
        throw explained(e, queue);
      }
      if (queue.isStream()) {
        throw otherKind(queue, e);
      }
      return;
    }
    if (!queue.isStream()) {
      throw otherKind(queue, null);
    }
  }

  static Channel channel(Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("the server gives no more channels");
    }
    return channel;
  }

  /**
   * Looks whether the queue is there, or makes it.
   *
   * @throws IOException if the server does not answer now
   * @throws FluxCoreException if it is not there, or another one
   */
  static void find(Channel channel, RabbitMqSource.Queue queue) throws IOException {
    try {
      if (queue.declare()) {
        channel.queueDeclare(queue.name(), queue.durable(), false, false, queue.arguments());
      } else {
        channel.queueDeclarePassive(queue.name());
      }
    } catch (IOException e) {
      throw explained(e, queue);
    }
  }

  /**
   * Begins to consume; fails as {@link #find} does, and if the queue is of the other kind.
   *
   * @param arguments those of the consumer, which queues of the other kind do not have
   */
  static void consume(
      Channel channel, RabbitMqSource.Queue queue, Map<String, Object> arguments, Consumer consumer)
      throws IOException {
    try {
      channel.basicConsume(queue.name(), false, arguments, consumer);
    } catch (IOException e) {
      if (isRefusedArgument(e)) {
        throw otherKind(queue, e);
      }
      throw explained(e, queue);
    }
  }

  private static boolean isRefusedArgument(IOException e) {
    return reason(e) instanceof AMQP.Channel.Close close
        && close.getReplyCode() == AMQP.PRECONDITION_FAILED
        && close.getReplyText().contains("invalid arg");
  }

  private static FluxCoreException otherKind(
      RabbitMqSource.Queue queue, @Nullable IOException refusal) {
    String said =
        refusal != null && reason(refusal) instanceof AMQP.Channel.Close close
            ? ": " + close.getReplyText()
            : "";
    return queue.isStream()
        ? refused(
            OTHER_KIND,
            StreamSettings.STREAM,
            "'" + queue.name() + "' is a queue, but no stream" + said,
            "leave stream out, and say by acknowledge when messages are acknowledged",
            refusal)
        : refused(
            OTHER_KIND,
            StreamSettings.STREAM,
            "'" + queue.name() + "' is a stream, which keeps messages that are acknowledged" + said,
            "set stream: true, and leave spool and acknowledge out",
            refusal);
  }

  /** What was not read is not there any more. */
  static FluxCoreException lost(String code, String what) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            code,
            Place.of("queue"),
            what,
            "set onLostOffsets to earliest or latest to go on without them, or start anew"));
  }

  static FluxCoreException noPosition(IllegalArgumentException e) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                POSITION,
                Place.of(StreamSettings.STREAM),
                String.valueOf(e.getMessage()),
                "start from a checkpoint that was made with stream: true")),
        e);
  }

  private static IOException explained(IOException e, RabbitMqSource.Queue queue) {
    if (!(reason(e) instanceof AMQP.Channel.Close close)) {
      return e;
    }
    String text = close.getReplyText();
    boolean mayPass =
        text.contains("down") || text.contains("exclusive") || text.contains("running replica");
    switch (close.getReplyCode()) {
      case AMQP.NOT_FOUND -> {
        if (!mayPass) {
          throw refused(
              NO_QUEUE,
              "queue",
              "there is no " + queue + ": " + text,
              "make it, or set declare: true",
              e);
        }
      }
      case AMQP.PRECONDITION_FAILED -> {
        if (!mayPass) {
          throw refused(
              OTHER_QUEUE,
              "declare",
              queue + " is not as it is declared here: " + text,
              "declare it as it is, or leave declare out",
              e);
        }
      }
      case AMQP.ACCESS_REFUSED -> {
        if (!mayPass) {
          throw refused(
              REFUSED,
              "queue",
              "the server refuses " + queue + ": " + text,
              "give this user the right to read it, and to configure it if it is declared",
              e);
        }
      }
      default -> {}
    }
    return e;
  }

  /** What the server says as it closes a channel or connection. */
  private static @Nullable Method reason(IOException e) {
    return e.getCause() instanceof ShutdownSignalException signal ? signal.getReason() : null;
  }

  private static FluxCoreException refused(
      String code, String option, String message, String remedy, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(Diagnostic.error(code, Place.of(option), message, remedy)),
        cause);
  }
}
