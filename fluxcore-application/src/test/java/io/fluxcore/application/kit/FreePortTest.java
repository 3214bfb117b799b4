package io.fluxcore.application.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Run by itself it prints ports, and keeps them until its input ends. */
final class FreePortTest {
  private static final int MANY = 300;

  public static void main(String[] args) throws IOException {
    for (int i = 0; i < MANY; i++) {
      System.out.println(FreePort.next());
    }
    System.out.println("end");
    System.in.read();
  }

  @Test
  void portsAreGivenOnce_alsoToTwoProcesses() throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-cp",
                    System.getProperty("java.class.path"),
                    FreePortTest.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      ports.add(FreePort.next());
    }
    Set<Integer> others =
        other
            .inputReader(StandardCharsets.US_ASCII)
            .lines()
            .takeWhile(line -> !line.equals("end"))
            .map(Integer::valueOf)
            .collect(Collectors.toSet());
    other.getOutputStream().close();

    assertThat(other.waitFor()).isZero();
    assertThat(ports).hasSize(MANY).doesNotContainAnyElementsOf(others);
    assertThat(others).hasSize(MANY);
  }

  @Test
  void portInUse_isNotGiven() throws IOException {
    int port = FreePort.next();
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePort.next()).isNotEqualTo(taken.getLocalPort());
    }
    try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(again.getLocalPort()).isEqualTo(port);
    }
  }
}
