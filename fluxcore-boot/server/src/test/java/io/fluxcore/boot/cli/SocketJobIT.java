package io.fluxcore.boot.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A client calls a source that listens, and FluxCore is killed. */
final class SocketJobIT extends KilledSourceContract {
  @Override
  String source() {
    return """
    connector: socket
    mode: server
    host: 127.0.0.1
    port: %d
    """
        .formatted(port);
  }

  @Override
  void push(long fromId, long toId) throws Exception {
    try (Socket socket = call()) {
      OutputStream out = socket.getOutputStream();
      for (long id = fromId; id < toId; id++) {
        out.write(("{\"id\":" + id + "}\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private Socket call() throws InterruptedException {
    while (true) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(50); // the job has not begun
      }
    }
  }
}
