package io.fluxcore.adapters.in.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the command line knows of the terminal it runs in.
 *
 * @param out data; no {@link PrintStream}, which would keep to itself that a pipe is closed or a
 *     disk full
 * @param err messages
 * @param errIsTerminal whether a person watches the messages, so that a progress line makes sense
 * @param colour whether messages may have colours
 * @param keyboard where a person answers questions; null if standard input is no terminal
 */
public record Terminal(
    OutputStream out,
    PrintStream err,
    boolean errIsTerminal,
    boolean colour,
    @Nullable BufferedReader keyboard) {

  /** One where nobody answers questions. */
  public Terminal(OutputStream out, PrintStream err, boolean errIsTerminal, boolean colour) {
    this(out, err, errIsTerminal, colour, null);
  }

  /**
   * Asks whether something is to be done.
   *
   * @return whether the answer is yes; null if there is nobody to be asked
   */
  @Nullable Boolean ask(String question) {
    if (keyboard == null) {
      return null;
    }
    err.print(question + " [y/N] ");
    err.flush();
    try {
      String answer = keyboard.readLine();
      return answer != null && (answer.strip().equals("y") || answer.strip().equals("yes"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes data. */
  void print(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
