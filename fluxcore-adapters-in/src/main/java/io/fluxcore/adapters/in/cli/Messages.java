package io.fluxcore.adapters.in.cli;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.PrintStream;

/** What is said to a person: errors with title, detail, hint and code, and lines in passing. */
final class Messages {
  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintStream err;
  private final boolean colour;

  Messages(Terminal terminal) {
    this.err = terminal.err();
    this.colour = terminal.colour();
  }

  void line(String text) {
    err.println(text);
  }

  void title(String text) {
    err.println(paint(BOLD, text));
  }

  /** An error with all its findings. */
  void error(String title, String file, FluxCoreException error) {
    err.println(paint(RED, "error: ") + paint(BOLD, title));
    error.diagnostics().forEach(finding -> finding(file, finding));
  }

  /** An error without a code of its own. */
  void error(String title, String detail) {
    err.println(paint(RED, "error: ") + paint(BOLD, title));
    err.println("  " + detail);
  }

  void warning(String file, Diagnostic finding) {
    err.println(paint(YELLOW, "warning:"));
    finding(file, finding);
  }

  private void finding(String file, Diagnostic finding) {
    String message = finding.message().strip().replace("\n", "\n  ");
    err.println("  " + where(file, finding.place()) + message + " [" + finding.code() + "]");
    if (!finding.remedy().isEmpty()) {
      err.println("    hint: " + finding.remedy().strip().replace("\n", "\n    "));
    }
  }

  /** As compilers and editors write and understand it: {@code file:line:column}. */
  private static String where(String file, Place place) {
    if (place.line() > 0) {
      return file
          + ":"
          + place.line()
          + ":"
          + place.column()
          + ": "
          + (place.path().isEmpty() ? "" : place.path() + ": ");
    }
    return place.path().isEmpty() ? "" : place.path() + ": ";
  }

  private String paint(String code, String text) {
    return colour ? code + text + PLAIN : text;
  }
}
