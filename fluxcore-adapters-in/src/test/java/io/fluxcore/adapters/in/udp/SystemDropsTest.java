package io.fluxcore.adapters.in.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SystemDropsTest {
  @TempDir private Path directory;

  /** On this machine, of a socket that nobody reads. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
  @Timeout(60)
  void datagramsThatTheSystemThrewAway_areCountedExactly(String host) throws Exception {
    int sent = 2_000;
    try (DatagramSocket receiver = new DatagramSocket(null);
        DatagramSocket sender = new DatagramSocket()) {
      receiver.setReceiveBufferSize(20_000);
      receiver.bind(new InetSocketAddress(host, 0));
      InetSocketAddress address = new InetSocketAddress(host, receiver.getLocalPort());
      SystemDrops drops = new SystemDrops(address);
      assertThat(drops.count()).isZero();
      byte[] bytes = new byte[500];
      for (int i = 0; i < sent; i++) {
        sender.send(
            new DatagramPacket(
                bytes, bytes.length, InetAddress.getLoopbackAddress(), receiver.getLocalPort()));
      }
      long dropped = drops.count();
      assertThat(dropped).isPositive();
      receiver.setSoTimeout(200);
      for (long i = dropped; i < sent; i++) {
        receiver.receive(new DatagramPacket(new byte[500], 500));
      }
      assertThatThrownBy(() -> receiver.receive(new DatagramPacket(new byte[500], 500)))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void withoutTables_orWithOthersInThem_nothingIsKnown() throws Exception {
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", 5140);
    Path table = directory.resolve("udp");
    assertThat(new SystemDrops(List.of(table), address).count()).isEqualTo(-1);
    Files.writeString(table, "  sl  local_address rem_address drops\n 1: 0100007F:0035 0 7\n\n");
    assertThat(new SystemDrops(List.of(table), address).count()).isEqualTo(-1);
    Files.writeString(table, "nonsense\n 1: 0100007F:1414 x y\n");
    assertThat(new SystemDrops(List.of(table), address).count()).isEqualTo(-1);
  }
}
