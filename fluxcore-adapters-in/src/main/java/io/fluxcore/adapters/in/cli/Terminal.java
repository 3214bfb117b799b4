package io.fluxcore.adapters.in.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What the command line knows of the terminal it runs in.
 *
 * @param out data; no {@link PrintStream}, which would keep to itself that a pipe is closed or a
 *     disk full
 * @param err messages
 * @param errIsTerminal whether a person watches the messages, so that a progress line makes sense
 * @param colour whether messages may have colours
 */
public record Terminal(OutputStream out, PrintStream err, boolean errIsTerminal, boolean colour) {

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
