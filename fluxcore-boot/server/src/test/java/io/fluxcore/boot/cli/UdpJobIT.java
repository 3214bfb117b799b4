package io.fluxcore.boot.cli;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Datagrams are sent to a source that listens, and FluxCore is killed. */
final class UdpJobIT extends KilledSourceContract {
  @Override
  String source() {
    return """
    connector: udp
    host: 127.0.0.1
    port: %d
    """
        .formatted(port);
  }

  @Override
  void push(long fromId, long toId) throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(InetAddress.getLoopbackAddress(), port);
      awaitListener();
      for (long id = fromId; id < toId; id++) {
        byte[] bytes = ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length));
        if (id % 20 == 0) {
          TimeUnit.MILLISECONDS.sleep(10); // a small buffer of the system takes it
        }
      }
    }
  }

  /** Somebody listens when nobody else can. */
  private void awaitListener() throws InterruptedException {
    while (isFree()) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean isFree() {
    try (DatagramSocket socket = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (SocketException e) {
      return false;
    }
  }
}
