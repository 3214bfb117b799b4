package io.fluxcore.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Programs of the operating system. */
final class Commands {
  private Commands() {}

  /** What a program said, and with what code it ended. */
  record Result(int code, String text) {}

  static Result attempt(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), text.strip());
  }

  /**
   * Runs a program.
   *
   * @throws IOException with what it said if it fails
   */
  static void run(String... command) throws IOException, InterruptedException {
    Result result = attempt(command);
    if (result.code() != 0) {
      throw new IOException(String.join(" ", command) + ": " + result.text());
    }
  }
}
