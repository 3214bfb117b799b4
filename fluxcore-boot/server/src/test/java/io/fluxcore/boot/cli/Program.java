package io.fluxcore.boot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code bin/fluxcore} as a user starts it, in a process of its own. */
final class Program {
  static final Path ROOT = root();
  private static final long PATIENCE_SECONDS = 120;

  private Program() {}

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(folder.resolve("bin/fluxcore"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("there is no bin/fluxcore above the working directory");
      }
    }
    return folder;
  }

  /** What a process left. */
  record Result(int exitCode, String out, String err) {}

  static Process start(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("bin/fluxcore").toString()));
    command.addAll(List.of(arguments));
    return start(folder, command);
  }

  static Process start(Path folder, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("stderr.txt").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("FLUXCORE_NO_BUILD", "true");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    // Lives are short: the compiler that makes the fastest code would take most of the processor.
    environment.put("FLUXCORE_JAVA_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1");
    environment.put("FLUXCORE_CLASSPATH", mariaDbDriver());
    return builder.start();
  }

  /** What is not shipped, and users add. */
  private static String mariaDbDriver() {
    try {
      return Path.of(
              org.mariadb.jdbc.Driver.class
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Result run(Path folder, String... arguments) throws IOException, InterruptedException {
    return result(folder, start(folder, arguments), "");
  }

  /**
   * Waits for the end.
   *
   * @param read what was read of standard output already
   */
  static Result result(Path folder, Process process, String read)
      throws IOException, InterruptedException {
    String out = read + new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("still running after " + PATIENCE_SECONDS + " s: " + out);
    }
    return new Result(process.exitValue(), out, Files.readString(folder.resolve("stderr.txt")));
  }

  /** Signals, as a terminal or an administrator sends them. */
  static void signal(Process process, String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
