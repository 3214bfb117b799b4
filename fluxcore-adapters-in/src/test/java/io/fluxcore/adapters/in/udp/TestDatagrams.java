package io.fluxcore.adapters.in.udp;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;

/** Sends datagrams to a port of this machine, no faster than a small buffer takes them. */
final class TestDatagrams implements AutoCloseable {
  private static final int AT_ONCE = 20;

  private final int port;
  private final DatagramSocket socket;
  private int sent;

  TestDatagrams(int port) {
    this.port = port;
    try {
      socket = new DatagramSocket();
    } catch (SocketException e) {
      throw new IllegalStateException(e);
    }
  }

  void send(byte[] bytes) {
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
      if (++sent % AT_ONCE == 0) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
