package io.fluxcore.adapters.out.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import io.fluxcore.application.connector.ServerAddress;
import io.fluxcore.application.connector.TlsStores;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Connections to the server, and what it refuses for good. */
final class RabbitMqConnections {
  static final int CLOSE_MILLIS = 2_000;
  private static final int CONNECT_MILLIS = 10_000;
  private static final int HEARTBEAT_SECONDS = 10;
  private static final String REFUSED = "FLX-RABBITMQ-0001";
  private static final String UNTRUSTED = "FLX-RABBITMQ-0004";
  private static final String NO_TLS = "FLX-RABBITMQ-0015";
  private static final String NO_EXCHANGE = "FLX-RABBITMQ-0005";
  private static final String UNREACHABLE = "FLX-RABBITMQ-0006";
  private static final String NOT_TAKEN = "FLX-RABBITMQ-0010";

  private RabbitMqConnections() {}

  /** The client library's own recovery is off: it would lose what the writer keeps track of. */
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
    factory.setThreadFactory(
        task -> {
          Thread thread = new Thread(task, "rabbitmq " + server);
          thread.setDaemon(true);
          return thread;
        });
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
      if (reason(e) instanceof AMQP.Connection.Close close
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

  static Channel channel(Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("the server gives no more channels");
    }
    return channel;
  }

  /**
   * Looks whether the exchange is there.
   *
   * @throws IOException if the server does not answer now
   * @throws FluxCoreException if it is not there
   */
  static void find(Connection connection, String exchange) throws IOException {
    if (exchange.isEmpty()) {
      return;
    }
    Channel channel = channel(connection);
    try {
      channel.exchangeDeclarePassive(exchange);
    } catch (IOException e) {
      if (reason(e) instanceof AMQP.Channel.Close close
          && (close.getReplyCode() == AMQP.NOT_FOUND
              || close.getReplyCode() == AMQP.ACCESS_REFUSED)) {
        throw refused(close, exchange, e);
      }
      throw e;
    } finally {
      channel.abort();
    }
  }

  /** The server has closed a channel because of what was asked of it. */
  static FluxCoreException refused(AMQP.Channel.Close close, String exchange, Throwable cause) {
    String text = close.getReplyText();
    return switch (close.getReplyCode()) {
      case AMQP.NOT_FOUND ->
          refused(
              NO_EXCHANGE,
              "exchange",
              "there is no exchange '" + exchange + "': " + text,
              "make it, or name another one",
              cause);
      case AMQP.ACCESS_REFUSED ->
          refused(
              REFUSED,
              "exchange",
              "the server refuses exchange '" + exchange + "': " + text,
              "give this user the right to write to it",
              cause);
      default ->
          refused(
              NOT_TAKEN,
              "exchange",
              "the server takes no messages for exchange '" + exchange + "': " + text,
              "see what it says; for messages that are too large lower maxMessageBytes",
              cause);
    };
  }

  /** What the server says as it closes a channel or connection. */
  private static @Nullable Object reason(IOException e) {
    return e.getCause() instanceof ShutdownSignalException signal ? signal.getReason() : null;
  }

  /** The end of a connection is as any other failure of it. */
  static IOException asIo(ShutdownSignalException e) {
    return new IOException(e.getMessage(), e);
  }

  static TransientSinkException unreachable(
      String message, String remedy, @Nullable Throwable cause) {
    return new TransientSinkException(
        Diagnostic.error(UNREACHABLE, Place.of("uri"), message, remedy), 0, cause);
  }

  private static FluxCoreException refused(
      String code, String option, String message, String remedy, Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(Diagnostic.error(code, Place.of(option), message, remedy)),
        cause);
  }
}
