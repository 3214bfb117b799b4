package io.fluxcore.adapters.in.socket;

import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import io.fluxcore.adapters.in.backlog.MessageProperties.Flaw;
import io.fluxcore.adapters.in.backlog.PushInflow;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one connection to its end. While there is no room for records it does not read on. */
final class Peer {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int MICROS_PER_MILLI = 1000;

  private final SocketSettings settings;
  private final PushInflow messages;
  private final Socket socket;
  private final MessageProperties properties;

  Peer(SocketSettings settings, PushInflow messages, Socket socket) {
    this.settings = settings;
    this.messages = messages;
    this.socket = socket;
    this.properties = new MessageProperties(null, address(socket), Map.of());
  }

  private static String address(Socket socket) {
    return socket.getRemoteSocketAddress() instanceof InetSocketAddress peer
        ? peer.getAddress().getHostAddress() + ":" + peer.getPort()
        : "";
  }

  static void prepare(Socket socket, SocketSettings settings) throws SocketException {
    socket.setKeepAlive(true);
    socket.setSoTimeout(settings.silenceMillis());
  }

  /**
   * Returns when the other side has ended the connection.
   *
   * @param received run when the first bytes have come
   * @throws IOException if it has broken
   * @throws InterruptedException if no more records are wanted
   */
  void read(Runnable received) throws IOException, InterruptedException {
    Framer framer = settings.framing().framer(settings.maxRecordBytes(), this::take);
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream in = socket.getInputStream();
      boolean isFirst = true;
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (isFirst) {
          isFirst = false;
          received.run();
        }
        framer.take(chunk, 0, read);
      }
    } catch (SocketTimeoutException e) {
      String why = "silent for " + settings.silence().toMillis() + " ms";
      framer.end(why);
      throw new IOException(why, e);
    } catch (IOException e) {
      framer.end(String.valueOf(e.getMessage()));
      throw e;
    }
    framer.end(null);
  }

  private void take(byte[] bytes, @Nullable Flaw flaw) throws InterruptedException {
    long micros = System.currentTimeMillis() * MICROS_PER_MILLI;
    // What is not taken is counted there; the connection is closed by then.
    messages.put(new Message(bytes, micros, flaw == null ? properties : properties.with(flaw)));
  }

  /** Its address. */
  @Override
  public String toString() {
    return String.valueOf(properties.key());
  }
}
