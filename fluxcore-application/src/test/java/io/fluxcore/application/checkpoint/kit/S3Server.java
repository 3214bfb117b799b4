package io.fluxcore.application.checkpoint.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real store that speaks S3, for tests, over a directory, in a process of its own, whose jars the
 * build has put into {@code test-servers/*}{@code /target/servers}. Where it cannot be started, the
 * tests fail with the reason.
 */
public final class S3Server implements AutoCloseable {
  /** The bucket that is there. */
  public static final String BUCKET = "checkpoints";

  public static final String ACCESS_KEY = "fluxcore-test";
  public static final String SECRET_KEY = "not-a-secret";

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Whose program it is. */
  public enum Program {
    /** S3Proxy, which starts in a second and checks signatures. */
    S3PROXY,
    /** Adobe's S3Mock, which takes ten, and checks less. */
    S3MOCK;

    private String folder() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Program program;
  private final Path folder;
  private final int port;
  private Process process;

  private S3Server(Program program, Path folder, int port) throws IOException {
    this.program = program;
    this.folder = folder;
    this.port = port;
    this.process = launch();
  }

  /** Starts S3Proxy with an empty bucket, and returns when it answers. */
  public static S3Server start() throws IOException, InterruptedException {
    return start(Program.S3PROXY);
  }

  /** Starts one with an empty bucket, and returns when it answers. */
  public static S3Server start(Program program) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fluxcore-s3");
    Files.createDirectories(folder.resolve("data"));
    S3Server server = new S3Server(program, folder, freePort());
    server.awaitReady();
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-DLOG_LEVEL=warn",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            jars() + "/*"));
    command.addAll(program == Program.S3PROXY ? s3proxy() : s3mock());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private List<String> s3proxy() throws IOException {
    Files.createDirectories(folder.resolve("data").resolve(BUCKET));
    Path settings = folder.resolve("s3proxy.properties");
    Files.write(
        settings,
        List.of(
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.identity=" + ACCESS_KEY,
            "s3proxy.credential=" + SECRET_KEY,
            "s3proxy.endpoint=http://127.0.0.1:" + port,
            "jclouds.provider=filesystem-nio2",
            "jclouds.identity=local",
            "jclouds.credential=local",
            "jclouds.filesystem.basedir=" + folder.resolve("data")));
    return List.of("org.gaul.s3proxy.Main", "--properties", settings.toString());
  }

  private List<String> s3mock() throws IOException {
    return List.of(
        "com.adobe.testing.s3mock.S3MockApplication",
        "--http.port=" + port,
        "--server.port=" + freePort(),
        "--logging.level.root=warn",
        "--com.adobe.testing.s3mock.store.initial-buckets=" + BUCKET,
        "--com.adobe.testing.s3mock.store.retain-files-on-exit=true",
        "--com.adobe.testing.s3mock.store.root=" + folder.resolve("data"));
  }

  private Path log() {
    return folder.resolve("server.log");
  }

  private Path jars() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("test-servers"))) {
      at = at.getParent();
      if (at == null) {
        throw new IllegalStateException("there are no test-servers above the working directory");
      }
    }
    String name = program.folder();
    Path jars = at.resolve("test-servers").resolve(name).resolve("target/servers").resolve(name);
    if (!Files.isDirectory(jars)) {
      throw new IllegalStateException(
          "there are no jars in " + jars + ": mvn -pl test-servers/" + name + " package");
    }
    return jars;
  }

  private void awaitReady() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - begun > PATIENCE_NANOS) {
        String said = Files.readString(log());
        close();
        throw new IllegalStateException(program + " does not answer at port " + port + ": " + said);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Its address. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  /** Where S3Proxy keeps the objects of the bucket, as files. */
  public Path objects() {
    return folder.resolve("data").resolve(BUCKET);
  }

  /** Kills it; what it has stored stays. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Starts it again after {@link #kill}, at the same address. */
  public void restart() throws IOException, InterruptedException {
    process = launch();
    awaitReady();
  }

  @Override
  public void close() throws IOException {
    kill();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
