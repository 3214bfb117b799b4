package io.fluxcore.application.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server for tests: a program in a process of its own, at a free port of the loopback address and
 * in a directory of its own, which is deleted in the end. Where it cannot be started, the exception
 * says why. Processes that the program starts end with it, unless they leave it as daemons do. One
 * that nobody has closed ends with this process, unless that is killed. With {@code
 * FLUXCORE_TEST_SERVERS=testcontainers} those that come from packages of Debian come from images
 * instead. For one thread at a time.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int LOOK_EVERY_MILLIS = 20;
  private static final int PORTS_TO_TRY = 5;
  private static final int CONNECT_MILLIS = 1_000;
  private static final Pattern PORT_TAKEN =
      Pattern.compile("address already in use|eaddrinuse", Pattern.CASE_INSENSITIVE);
  private static final Set<ServerProcess> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ServerProcess::closeAll, "servers: end"));
  }

  private final String name;
  private final Launch launch;
  private final Probe probe;
  private final Path directory;
  private final int port;
  private Running running;

  /** What to run. */
  @FunctionalInterface
  public interface Launch {
    /**
     * The command, with its environment; called again for each start. May write files.
     *
     * @param port the port to listen at
     * @param directory where all files go; {@code log} is what the program prints
     */
    ProcessBuilder at(int port, Path directory) throws IOException;
  }

  /** Whether a server is ready. */
  @FunctionalInterface
  public interface Probe {
    /**
     * Asks once.
     *
     * @return whether it answers as it should; an exception is a no, too
     */
    boolean answers(int port) throws IOException;
  }

  private ServerProcess(String name, Launch launch, Probe probe, Path directory, int port)
      throws IOException {
    this.name = name;
    this.launch = launch;
    this.probe = probe;
    this.directory = directory;
    this.port = port;
    this.running = launch();
  }

  /**
   * Starts a server, and returns when it is ready.
   *
   * @param name for messages and the directory: {@code redis}
   */
  public static ServerProcess start(String name, Launch launch, Probe probe) {
    try {
      for (int attempt = 1; ; attempt++) {
        Path directory = Files.createTempDirectory("fluxcore-" + name);
        ServerProcess server;
        try {
          server = new ServerProcess(name, launch, probe, directory, FreePort.next());
          OPEN.add(server);
        } catch (IOException | RuntimeException e) {
          delete(directory);
          throw e;
        }
        try {
          server.awaitReady();
          return server;
        } catch (IllegalStateException e) {
          boolean taken = PORT_TAKEN.matcher(server.log()).find();
          server.close();
          if (!taken || attempt == PORTS_TO_TRY) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be started here: " + e, e);
    }
  }

  /**
   * A program of Debian's, or the one that a variable names, or that of an image.
   *
   * @param name as {@code bin/servers} knows it
   */
  public static String program(String name, String variable, String usual) {
    if (Running.IN_CONTAINERS) {
      return String.valueOf(Path.of(usual).getFileName()); // images have it elsewhere
    }
    String given = System.getenv(variable);
    String program = given == null || given.isEmpty() ? usual : given;
    if (!Files.isExecutable(Path.of(program))) {
      throw new IllegalStateException(
          "there is no program "
              + program
              + ": bin/servers "
              + name
              + " installs it, or name one in "
              + variable);
    }
    return program;
  }

  /**
   * Runs another program of a server to its end, before the server is started.
   *
   * @param name as {@code bin/servers} knows it
   * @throws IOException if it fails; the message has what it printed
   */
  static void prepare(String name, Path directory, String... command) throws IOException {
    ProcessBuilder program = new ProcessBuilder(command);
    Path log = directory.resolve("prepare.log");
    try {
      Running preparing = Running.start(name, program, directory, log);
      try {
        preparing.await(PATIENCE);
        if (preparing.isAlive() || preparing.exitCode() != 0) {
          throw new IOException(
              command[0]
                  + (preparing.isAlive() ? " does not end: " : " has failed: ")
                  + Files.readString(log, StandardCharsets.ISO_8859_1));
        }
      } finally {
        preparing.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** A probe that only connects. */
  public static boolean accepts(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    }
  }

  private Running launch() throws IOException {
    return Running.start(name, launch.at(port, directory), directory, logFile());
  }

  private void awaitReady() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String seen = "it does not answer as it should";
    while (true) {
      try {
        if (probe.answers(port)) {
          return;
        }
      } catch (IOException e) {
        seen = e.toString();
      }
      if (!running.isAlive()) {
        throw notReady("it ended with code " + running.exitCode());
      }
      if (System.nanoTime() > deadline) {
        throw notReady(seen);
      }
      pauseOfLooking();
    }
  }

  private IllegalStateException notReady(String why) {
    return new IllegalStateException(
        name + " is not ready at port " + port + ": " + why + "; it said:\n" + log());
  }

  private void pauseOfLooking() {
    try {
      running.await(Duration.ofMillis(LOOK_EVERY_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " starts", e);
    }
  }

  /** The port that it listens at. */
  public int port() {
    return port;
  }

  /** Where its files are. */
  public Path directory() {
    return directory;
  }

  private Path logFile() {
    return directory.resolve("log");
  }

  /** What it has printed. */
  public String log() {
    try {
      return Files.readString(logFile(), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it and all that it has started, as {@code kill -9} does. Its files stay. */
  public void kill() {
    boolean wasAlive = running.isAlive();
    running.kill();
    if (!wasAlive) {
      return;
    }
    // A child may have held the port, and be about to end.
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (isHeld() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  /** Asks it to end, as the operating system does when it shuts down, and waits. */
  public void stop() {
    running.askToEnd();
    try {
      running.await(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
  }

  private boolean isHeld() {
    try {
      return accepts(port);
    } catch (IOException e) {
      return false;
    }
  }

  /** Stops it, so that it takes connections and answers nothing, until {@link #resume}. */
  public void pause() {
    running.pause();
  }

  /** Lets it go on after {@link #pause}. */
  public void resume() {
    running.resume();
  }

  /** Starts it anew at the same port and in the same directory, and returns when it is ready. */
  public void restart() {
    kill();
    try {
      running = launch();
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be started again: " + e, e);
    }
    awaitReady();
  }

  /** Kills it and deletes its files. A second call does nothing. */
  @Override
  public void close() {
    kill();
    delete(directory);
    OPEN.remove(this);
  }

  private static void closeAll() {
    for (ServerProcess server : OPEN) {
      try {
        server.close();
      } catch (RuntimeException e) {
        System.err.println(server.name + " cannot be closed: " + e);
      }
    }
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
