package io.fluxcore.adapters.out.http;

import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * To addresses that a rule allows. The JDK's client looks a name up by itself, so that the address
 * that was looked at need not be the one that is called; here the connection is made to the very
 * address that was looked at. Speaks as much of HTTP/1.1 (RFC 9112) as that takes, keeps one
 * connection, and reads no more of an answer than a person would.
 */
final class GuardedWay implements HttpWay {
  static final String FORBIDDEN = "FLX-WEBHOOK-0001";

  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 200;
  private static final int MAX_BODY = 64 * 1024;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final int timeoutMillis;
  private final TlsTrust tls;
  private final AddressRule rule;
  private @Nullable Connection kept;

  /** A connection, and what is read from it. */
  private record Connection(Socket socket, InputStream in, OutputStream out, String to) {
    private static Connection of(Socket socket, String to) throws IOException {
      return new Connection(
          socket,
          new BufferedInputStream(socket.getInputStream()),
          new BufferedOutputStream(socket.getOutputStream()),
          to);
    }

    private void end() {
      try {
        socket.close();
      } catch (IOException e) {
        System.getLogger(GuardedWay.class.getName())
            .log(System.Logger.Level.DEBUG, "a connection was broken already", e);
      }
    }
  }

  GuardedWay(Duration timeout, TlsTrust tls, AddressRule rule) {
    this.timeoutMillis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
    this.tls = tls;
    this.rule = rule;
  }

  @Override
  public HttpAnswer exchange(HttpCall call) throws IOException {
    String to = call.uri().getScheme() + "://" + call.uri().getRawAuthority();
    Connection connection = kept;
    kept = null;
    if (connection != null && connection.to().equals(to)) {
      try {
        return exchange(call, connection);
      } catch (StaleException e) {
        // The server had ended it meanwhile: as if it had not been kept.
      }
    } else if (connection != null) {
      connection.end();
    }
    try {
      return exchange(call, connect(call.uri(), to));
    } catch (StaleException e) {
      throw new EOFException("the server ended the connection without an answer");
    }
  }

  /** The server had ended the connection before it answered. */
  private static final class StaleException extends IOException {
    private static final long serialVersionUID = 1L;

    StaleException(@Nullable Throwable cause) {
      super(cause);
    }
  }

  private HttpAnswer exchange(HttpCall call, Connection connection) throws IOException {
    boolean isGood = false;
    try {
      String status;
      try {
        write(call, connection.out());
        status = line(connection.in());
      } catch (SocketTimeoutException e) {
        throw new HttpTimeoutException("no answer in time");
      } catch (IOException e) {
        throw new StaleException(e);
      }
      if (status == null) {
        throw new StaleException(null);
      }
      Answer answer = read(status, connection.in());
      isGood = answer.isWhole();
      if (isGood) {
        kept = connection;
      }
      return answer.answer();
    } finally {
      if (!isGood) {
        connection.end();
      }
    }
  }

  private Connection connect(URI uri, String to) throws IOException {
    String host = hostOf(uri);
    boolean isSecure = "https".equals(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : isSecure ? HTTPS : HTTP;
    InetAddress[] addresses = InetAddress.getAllByName(host);
    for (InetAddress address : addresses) {
      if (!rule.allows(host, address)) {
        throw FluxCoreException.user(
            FORBIDDEN,
            Place.of("url"),
            "'" + host + "' is at the internal address " + address.getHostAddress(),
            "name it in 'allowedHosts' if it is to be called, or set allowInternal");
      }
    }
    IOException last = new UnknownHostException(host);
    for (InetAddress address : addresses) {
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(timeoutMillis);
        socket.connect(new InetSocketAddress(address, port), timeoutMillis);
        return Connection.of(isSecure ? secure(socket, host, port) : socket, to);
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last;
  }

  private static String hostOf(URI uri) {
    String host = String.valueOf(uri.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private Socket secure(Socket plain, String host, int port) throws IOException {
    SSLContext context = tls.context();
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
    if (!tls.insecure()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    return socket;
  }

  private static void write(HttpCall call, OutputStream out) throws IOException {
    String path = call.uri().getRawPath();
    String query = call.uri().getRawQuery();
    StringBuilder head = new StringBuilder(call.method()).append(' ');
    head.append(path == null || path.isEmpty() ? "/" : path);
    if (query != null) {
      head.append('?').append(query);
    }
    head.append(" HTTP/1.1\r\n");
    header(head, "Host", call.uri().getRawAuthority());
    header(head, "Content-Length", Integer.toString(call.body().length));
    call.headers().forEach((name, value) -> header(head, name, value));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    out.write(call.body());
    out.flush();
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /** A line without its end; null: there is none. */
  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        if (line.size() == 0) {
          return null;
        }
        throw new EOFException("the answer ends amid a line");
      }
      if (line.size() == MAX_LINE) {
        throw new ProtocolException("the answer has a line of more than " + MAX_LINE + " bytes");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /**
   * What was read.
   *
   * @param isWhole whether the connection can be used again
   */
  private record Answer(HttpAnswer answer, boolean isWhole) {}

  private static Answer read(String statusLine, InputStream in) throws IOException {
    String[] words = statusLine.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[0-9]{3}")) {
      throw new ProtocolException("no answer of HTTP: " + statusLine);
    }
    int status = Integer.parseInt(words[1]);
    Map<String, String> headers = headers(in);
    if (status < 200) {
      String next = line(in);
      if (next == null) {
        throw new EOFException("the answer ends after status " + status);
      }
      return read(next, in);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean isWhole = status == 204 || status == 304 || body(headers, in, body);
    boolean staysOpen =
        !words[0].equals("HTTP/1.0")
            && !"close".equalsIgnoreCase(headers.getOrDefault("connection", ""));
    return new Answer(
        new HttpAnswer(status, headers, body.toString(StandardCharsets.UTF_8)),
        isWhole && staysOpen);
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; ; i++) {
      String line = line(in);
      if (line == null) {
        throw new EOFException("the answer ends amid its headers");
      }
      if (line.isEmpty()) {
        return headers;
      }
      if (i == MAX_HEADERS) {
        throw new ProtocolException("the answer has more than " + MAX_HEADERS + " headers");
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.putIfAbsent(
            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      }
    }
  }

  /** Reads a body, or its beginning; whether it is whole and the next answer follows. */
  private static boolean body(
      Map<String, String> headers, InputStream in, ByteArrayOutputStream body) throws IOException {
    if (headers
        .getOrDefault("transfer-encoding", "")
        .toLowerCase(Locale.ROOT)
        .endsWith("chunked")) {
      return chunks(in, body);
    }
    String length = headers.get("content-length");
    if (length == null) {
      body.writeBytes(in.readNBytes(MAX_BODY));
      return false;
    }
    long wanted = number(length, 10);
    body.writeBytes(in.readNBytes((int) Math.min(MAX_BODY, wanted)));
    if (body.size() < Math.min(MAX_BODY, wanted)) {
      throw new EOFException("the answer ends amid its body");
    }
    return body.size() == wanted;
  }

  private static boolean chunks(InputStream in, ByteArrayOutputStream body) throws IOException {
    while (true) {
      String line = line(in);
      if (line == null) {
        throw new EOFException("the answer ends amid its body");
      }
      long size = number(line.split(";", 2)[0].strip(), 16);
      if (size == 0) {
        headers(in);
        return true;
      }
      if (body.size() + size > MAX_BODY) {
        return false;
      }
      body.writeBytes(in.readNBytes((int) size));
      line(in);
    }
  }

  private static long number(String text, int radix) throws IOException {
    try {
      long number = Long.parseLong(text, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below with those that are negative.
    }
    throw new ProtocolException("the answer gives '" + text + "' as a length");
  }

  @Override
  public void close() {
    Connection connection = kept;
    kept = null;
    if (connection != null) {
      connection.end();
    }
  }
}
