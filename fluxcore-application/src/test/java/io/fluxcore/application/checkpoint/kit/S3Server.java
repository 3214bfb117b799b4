package io.fluxcore.application.checkpoint.kit;

import io.fluxcore.application.kit.FreePort;
import io.fluxcore.application.kit.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

  private final ServerProcess process;

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

  private S3Server(Program program) {
    this.process =
        ServerProcess.start(
            program.folder(),
            (port, directory) -> command(program, port, directory),
            S3Server::answers);
  }

  /** Starts S3Proxy with an empty bucket, and returns when it answers. */
  public static S3Server start() {
    return start(Program.S3PROXY);
  }

  /** Starts one with an empty bucket, and returns when it answers. */
  public static S3Server start(Program program) {
    return new S3Server(program);
  }

  private static ProcessBuilder command(Program program, int port, Path folder) throws IOException {
    Files.createDirectories(folder.resolve("data"));
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
            jars(program) + "/*"));
    command.addAll(program == Program.S3PROXY ? s3proxy(port, folder) : s3mock(port, folder));
    return new ProcessBuilder(command);
  }

  private static List<String> s3proxy(int port, Path folder) throws IOException {
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

  private static List<String> s3mock(int port, Path folder) throws IOException {
    return List.of(
        "com.adobe.testing.s3mock.S3MockApplication",
        "--http.port=" + port,
        "--server.port=" + FreePort.next(),
        "--logging.level.root=warn",
        "--com.adobe.testing.s3mock.store.initial-buckets=" + BUCKET,
        "--com.adobe.testing.s3mock.store.retain-files-on-exit=true",
        "--com.adobe.testing.s3mock.store.root=" + folder.resolve("data"));
  }

  private static Path jars(Program program) {
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

  private static boolean answers(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1000);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() >= 0;
    }
  }

  /** Its address. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + process.port());
  }

  public int port() {
    return process.port();
  }

  /** Where S3Proxy keeps the objects of the bucket, as files. */
  public Path objects() {
    return process.directory().resolve("data").resolve(BUCKET);
  }

  /** Kills it; what it has stored stays. */
  public void kill() {
    process.kill();
  }

  /** Its connections stay, and nothing answers. */
  public void pause() {
    process.pause();
  }

  public void resume() {
    process.resume();
  }

  /** Starts it again after {@link #kill}, at the same address. */
  public void restart() {
    process.restart();
  }

  @Override
  public void close() {
    process.close();
  }
}
