package io.fluxcore.application.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server is a small one of the JDK's, whose source file is run. */
@Timeout(120)
final class ServerProcessTest {
  private static final String SOURCE =
      """
      import java.io.*;
      import java.net.*;
      class Greeter {
        public static void main(String[] arguments) throws Exception {
          try (ServerSocket socket =
              new ServerSocket(Integer.parseInt(arguments[0]), 9, InetAddress.getLoopbackAddress())) {
            System.out.println("listening");
            while (true) {
              try (Socket client = socket.accept()) {
                client.getOutputStream().write('!');
              }
            }
          }
        }
      }
      """;

  private static ProcessBuilder greeter(int port, Path directory) throws IOException {
    Path source = Files.writeString(directory.resolve("Greeter.java"), SOURCE);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
        java, "-XX:TieredStopAtLevel=1", source.toString(), Integer.toString(port));
  }

  private static boolean greets(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1_000);
      return socket.getInputStream().read() == '!';
    }
  }

  @Test
  void server_isReadyWhenStarted_isKilledAndStartsAgainWhereItWas_andLeavesNothing()
      throws IOException {
    Path directory;
    int port;
    try (ServerProcess server =
        ServerProcess.start("greeter", ServerProcessTest::greeter, ServerProcessTest::greets)) {
      directory = server.directory();
      port = server.port();
      assertThat(greets(port)).isTrue();
      assertThat(server.log()).contains("listening");
      Files.writeString(directory.resolve("data"), "kept");
      server.kill();
      server.kill();
      assertThatThrownBy(() -> greets(port)).isInstanceOf(IOException.class);
      server.restart();
      assertThat(greets(port)).isTrue();
      assertThat(directory.resolve("data")).hasContent("kept");
      server.pause();
      assertThatThrownBy(() -> greets(port)).isInstanceOf(IOException.class);
      server.resume();
      assertThat(greets(port)).isTrue();
      server.pause();
    }
    assertThatThrownBy(() -> greets(port)).isInstanceOf(IOException.class);
    assertThat(directory).doesNotExist();
  }

  @Test
  void takenPort_isNotTheEnd() throws IOException {
    AtomicInteger attempts = new AtomicInteger();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerProcess server =
            ServerProcess.start(
                "greeter",
                (port, directory) ->
                    greeter(
                        attempts.getAndIncrement() == 0 ? taken.getLocalPort() : port, directory),
                ServerProcessTest::greets)) {
      assertThat(greets(server.port())).isTrue();
    }
    assertThat(attempts).hasValue(2);
  }

  @Test
  void programThatEnds_orIsMissing_saysWhy_andLeavesNothing() {
    AtomicReference<Path> used = new AtomicReference<>();
    assertThatThrownBy(
            () ->
                ServerProcess.start(
                    "broken",
                    (port, directory) -> {
                      used.set(directory);
                      return new ProcessBuilder("sh", "-c", "echo no luck; exit 3");
                    },
                    ServerProcess::accepts))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("code 3")
        .hasMessageContaining("no luck");
    assertThat(used.get()).doesNotExist();
    assertThatThrownBy(
            () ->
                ServerProcess.start(
                    "absent",
                    (port, directory) -> new ProcessBuilder("/there/is/no/such/program"),
                    ServerProcess::accepts))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("absent cannot be started here");
    assertThatThrownBy(() -> ServerProcess.program("redis", "FLUXCORE_NO_SUCH", "/no/redis"))
        .hasMessageContaining("bin/servers redis");
  }

  @Test
  void childrenOfTheProgram_endWithIt() throws IOException {
    try (ServerProcess server =
        ServerProcess.start(
            "parent",
            (port, directory) -> {
              List<String> command = greeter(port, directory).command();
              String script =
                  "sleep 1000 & echo $! > "
                      + directory.resolve("child")
                      + "; exec "
                      + String.join(" ", command);
              return new ProcessBuilder("sh", "-c", script);
            },
            ServerProcessTest::greets)) {
      long child =
          Long.parseLong(
              Files.readString(server.directory().resolve("child"), StandardCharsets.US_ASCII)
                  .strip());
      ProcessHandle handle = ProcessHandle.of(child).orElseThrow();
      assertThat(handle.isAlive()).isTrue();
      server.kill();
      while (isRunning(handle)) {
        Thread.onSpinWait();
      }
    }
  }

  /** Starts a server, says where it is, and ends without closing it. */
  static final class Careless {
    private Careless() {}

    public static void main(String[] arguments) {
      ServerProcess server =
          ServerProcess.start("greeter", ServerProcessTest::greeter, ServerProcessTest::greets);
      System.out.println(server.port() + " " + server.directory());
    }
  }

  @Test
  void serverThatNobodyCloses_endsWithTheProcessThatStartedIt() throws Exception {
    Process careless =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Careless.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(careless.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(careless.waitFor()).as(said).isZero();
    String[] place = said.strip().split(" ", 2);
    assertThatThrownBy(() -> greets(Integer.parseInt(place[0]))).isInstanceOf(IOException.class);
    assertThat(Path.of(place[1])).doesNotExist();
  }

  /** A process that nobody has asked for its exit code does not run any more. */
  private static boolean isRunning(ProcessHandle handle) throws IOException {
    Path status = Path.of("/proc/" + handle.pid() + "/stat");
    return handle.isAlive() && !(Files.exists(status) && Files.readString(status).contains(") Z "));
  }
}
