package io.fluxcore.application.checkpoint.kit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What all requests of a test to a store pass: it writes them down, and can hold them up, break
 * them off, or answer in place of the store. The bytes themselves are passed as they are.
 */
public final class S3Gate implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Mode mode = Mode.PASS;
  private volatile String of = "";
  private volatile CountDownLatch held = new CountDownLatch(1);

  /** What becomes of requests. */
  public enum Mode {
    /** They pass. */
    PASS,
    /** They are answered with 503 SlowDown. */
    SLOW_DOWN,
    /** Their connections are closed without an answer, after their bodies were read by half. */
    BREAK_OFF,
    /** They are read, and nothing answers. */
    SILENCE,
    /** Answers are broken off after 100,000 bytes. */
    CUT_ANSWERS
  }

  private S3Gate(int target) throws IOException {
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    Thread keeper = new Thread(this::accept, "gate");
    keeper.setDaemon(true);
    keeper.start();
  }

  /** In front of a server. */
  public static S3Gate before(S3Server server) throws IOException {
    return new S3Gate(server.port());
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort());
  }

  /** Methods and paths of the requests so far, such as {@code PUT /bucket/key?partNumber=1}. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many requests began so. */
  public long count(String beginning) {
    return requests.stream().filter(request -> request.startsWith(beginning)).count();
  }

  public void forget() {
    requests.clear();
  }

  /** What becomes of all requests from here on. */
  public void set(Mode mode) {
    set(mode, "");
  }

  /** What becomes of those requests from here on whose method and path contain a text. */
  public void set(Mode next, String containing) {
    held = new CountDownLatch(1);
    of = containing;
    mode = next;
  }

  /** Waits until a request is held up in silence. */
  public void awaitHeld() throws InterruptedException {
    if (!held.await(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("no request came: " + requests);
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        open.add(client);
        Thread thread = new Thread(() -> serve(client), "gate");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      open.add(server);
      Thread answers = new Thread(() -> pump(server, client), "gate");
      answers.setDaemon(true);
      answers.start();
      InputStream in = client.getInputStream();
      byte[] head = head(in);
      while (head != null) {
        pass(head, in, client, server.getOutputStream());
        head = head(in);
      }
    } catch (IOException e) {
      // The client sees a connection that ends.
    } finally {
      open.remove(client);
    }
  }

  /** The head of the next request; null if there is none. */
  private static byte @Nullable [] head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int end = 0;
    while (end < 4) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      head.write(b);
      end = b == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : 0;
    }
    return head.toByteArray();
  }

  private void pass(byte[] head, InputStream in, Socket client, OutputStream server)
      throws IOException {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String request = text.substring(0, text.indexOf(" HTTP/"));
    requests.add(request);
    long length = length(text);
    Mode now = request.contains(of) ? mode : Mode.PASS;
    switch (now) {
      case PASS, CUT_ANSWERS -> {
        server.write(head);
        copy(in, server, length);
      }
      case SLOW_DOWN -> {
        copy(in, OutputStream.nullOutputStream(), length);
        String body =
            "<Error><Code>SlowDown</Code><Message>Please reduce your rate</Message></Error>";
        client
            .getOutputStream()
            .write(
                ("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                    .getBytes(StandardCharsets.US_ASCII));
      }
      case BREAK_OFF -> {
        copy(in, OutputStream.nullOutputStream(), length / 2);
        throw new EOFException("broken off");
      }
      case SILENCE -> {
        copy(in, OutputStream.nullOutputStream(), length);
        held.countDown();
      }
    }
  }

  private static long length(String head) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Long.parseLong(line.substring("content-length:".length()).strip());
      }
    }
    return 0;
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[64 << 10];
    for (long left = length; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException();
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  private void pump(Socket server, Socket client) {
    try (server;
        client) {
      byte[] buffer = new byte[16 << 10];
      InputStream in = server.getInputStream();
      long passed = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        passed += read;
        if (mode == Mode.CUT_ANSWERS && passed > 100_000) {
          return;
        }
        client.getOutputStream().write(buffer, 0, read);
      }
    } catch (IOException e) {
      // Either of them has gone.
    } finally {
      open.remove(server);
    }
  }

  /** Closes the door, and all connections. */
  @Override
  public void close() throws IOException {
    door.close();
    for (Socket socket : new ArrayList<>(open)) {
      socket.close();
    }
  }
}
