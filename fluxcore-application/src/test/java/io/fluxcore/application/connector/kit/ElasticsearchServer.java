package io.fluxcore.application.connector.kit;

import io.fluxcore.application.kit.FreePort;
import io.fluxcore.application.kit.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Elasticsearch or OpenSearch for tests, in a process and a directory of its own, whose jars
 * the build has put into {@code test-servers/*}{@code /target/servers}. It has neither security nor
 * scripts. Where it cannot be started, the tests fail with the reason.
 */
public final class ElasticsearchServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FIRST_OF_NEW_JDKS = 21;
  private static final Path OTHER_JDKS = Path.of("/usr/lib/jvm");
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** Whose program it is. */
  public enum Program {
    /** For every JDK that FluxCore is built with. */
    ELASTICSEARCH_8,
    /** For JDK 21 and later. */
    ELASTICSEARCH_9,
    /** For JDK 21 and later. */
    OPENSEARCH;

    private String folder() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private boolean needsNewJdk() {
      return this != ELASTICSEARCH_8;
    }
  }

  private final Program program;
  private final ServerProcess process;

  private ElasticsearchServer(Program program, ServerProcess process) {
    this.program = program;
    this.process = process;
  }

  /** The programs for which this machine has a JDK: version 8 always is one of them. */
  public static List<Program> available() {
    boolean hasNewJdk = newJdk() != null;
    return Arrays.stream(Program.values())
        .filter(program -> hasNewJdk || !program.needsNewJdk())
        .toList();
  }

  /** Starts an Elasticsearch 8, and returns when it answers. */
  public static ElasticsearchServer start() {
    return start(Program.ELASTICSEARCH_8);
  }

  /**
   * Starts one, and returns when it answers.
   *
   * @param settings of the node, as {@code name=value}
   */
  public static ElasticsearchServer start(Program program, String... settings) {
    return new ElasticsearchServer(
        program,
        ServerProcess.start(
            program.folder(),
            (port, directory) -> command(program, port, directory, settings),
            ElasticsearchServer::answers));
  }

  /**
   * The program {@code java} of the JDK that runs the tests, or of a newer one; null: there is
   * none.
   */
  private static @Nullable Path newJdk() {
    if (Runtime.version().feature() >= FIRST_OF_NEW_JDKS) {
      return ownJava();
    }
    if (!Files.isDirectory(OTHER_JDKS)) {
      return null;
    }
    try (Stream<Path> homes = Files.list(OTHER_JDKS)) {
      return homes
          .filter(home -> feature(home) >= FIRST_OF_NEW_JDKS)
          .map(home -> home.resolve("bin/java"))
          .filter(Files::isExecutable)
          .sorted()
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path ownJava() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** The number of the version that a JDK's {@code release} tells; 0: it tells none. */
  private static int feature(Path home) {
    try {
      return Files.readAllLines(home.resolve("release")).stream()
          .filter(line -> line.startsWith("JAVA_VERSION=\""))
          .map(line -> line.substring(14).split("[.\"-]", 2)[0])
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static ProcessBuilder command(
      Program program, int port, Path directory, String... settings) throws IOException {
    Path java = program.needsNewJdk() ? newJdk() : ownJava();
    if (java == null) {
      throw new IllegalStateException(
          program
              + " needs JDK "
              + FIRST_OF_NEW_JDKS
              + " or later, and there is none in "
              + OTHER_JDKS);
    }
    Path home = home(program);
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(
        List.of(
            "-Xms256m",
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + directory));
    if (program == Program.OPENSEARCH) {
      command.addAll(List.of("-cp", home.resolve("lib") + "/*"));
    } else {
      command.addAll(
          List.of(
              "-Des.path.home=" + home,
              "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
              "--module-path",
              home.resolve("lib").toString(),
              "--add-modules=jdk.net",
              "--add-modules=ALL-MODULE-PATH"));
    }
    command.add(sources(program).resolve("src/launcher/Launcher.java").toString());
    command.addAll(
        List.of(
            home.toString(),
            home.resolve("config").toString(),
            directory.resolve("data").toString(),
            Integer.toString(port),
            Integer.toString(FreePort.next())));
    command.addAll(List.of(settings));
    return new ProcessBuilder(command);
  }

  /** The module that gets the program. */
  private static Path sources(Program program) {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("test-servers"))) {
      at = at.getParent();
      if (at == null) {
        throw new IllegalStateException("there are no test-servers above the working directory");
      }
    }
    return at.resolve("test-servers").resolve(program.folder());
  }

  private static Path home(Program program) {
    Path home = sources(program).resolve("target/servers").resolve(program.folder());
    if (!Files.isDirectory(home.resolve("lib"))) {
      throw new IllegalStateException(
          "there are no jars in "
              + home
              + ": mvn -pl test-servers/"
              + program.folder()
              + " package");
    }
    return home;
  }

  private static boolean answers(int port) throws IOException {
    return exchange(port, "GET", "/_cluster/health?wait_for_status=yellow&timeout=1s", "")
            .statusCode()
        == 200;
  }

  private static HttpResponse<String> exchange(int port, String method, String path, String body)
      throws IOException {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .method(
                  method,
                  body.isEmpty()
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(body, StandardCharsets.UTF_8))
              .build(),
          BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The answer to a request, whatever its status. */
  public String send(String method, String path, String body) {
    try {
      return exchange(process.port(), method, path, body).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + process.port();
  }

  public int port() {
    return process.port();
  }

  /** Kills it; what it has stored stays. */
  public void kill() {
    process.kill();
  }

  /** Starts it again after {@link #kill}, at the same address, and returns when it answers. */
  public void restart() {
    process.restart();
  }

  /** Stops it, so that it takes connections and answers nothing, until {@link #resume}. */
  public void pause() {
    process.pause();
  }

  /** Lets it go on after {@link #pause}. */
  public void resume() {
    process.resume();
  }

  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return program + " at " + url();
  }
}
