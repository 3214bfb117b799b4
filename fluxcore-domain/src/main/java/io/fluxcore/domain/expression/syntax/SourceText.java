package io.fluxcore.domain.expression.syntax;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;

/**
 * A text in which offsets can be named by line and column.
 *
 * @param text as the user wrote it
 */
public record SourceText(String text) {
  /** Line and column, 1-based, of a 0-based offset. */
  public Place place(int offset) {
    int line = 1;
    int lineStart = 0;
    int end = Math.min(offset, text.length());
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return Place.at(line, end - lineStart + 1);
  }

  FluxCoreException error(int offset, String message, String remedy) {
    return FluxCoreException.user("FLX-EXPR-0001", place(offset), message, remedy);
  }
}
