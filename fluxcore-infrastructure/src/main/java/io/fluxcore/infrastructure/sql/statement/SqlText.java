package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.Place;

/**
 * A piece of a script that knows where it stands, so that errors point into the script.
 *
 * @param text what is written
 * @param line line of its first character in the script, from 1
 * @param column column of its first character in that line, from 1
 */
public record SqlText(String text, int line, int column) {
  /** A text of its own. */
  public static SqlText of(String text) {
    return new SqlText(text, 1, 1);
  }

  /** A part of this text. */
  public SqlText part(int from, int to) {
    int lineStart = text.lastIndexOf('\n', from - 1) + 1;
    int lines = 0;
    for (int at = text.indexOf('\n'); at >= 0 && at < from; at = text.indexOf('\n', at + 1)) {
      lines++;
    }
    int columnOfPart = lines == 0 ? column + from : from - lineStart + 1;
    return new SqlText(text.substring(from, to), line + lines, columnOfPart);
  }

  /** The place of a character of this text. */
  public Place placeOf(int offset) {
    SqlText rest = part(Math.min(offset, text.length()), text.length());
    return Place.at(rest.line(), rest.column());
  }

  /**
   * The place that has this line and column within this text, both from 1, where a carriage return
   * alone ends a line, too, as parsers have it.
   */
  public Place placeOf(int lineWithin, int columnWithin) {
    int from = 0;
    for (int at = 0, left = lineWithin - 1; at < text.length() && left > 0; at++) {
      boolean isPair = at + 1 < text.length() && text.charAt(at + 1) == '\n';
      if (text.charAt(at) == '\n' || (text.charAt(at) == '\r' && !isPair)) {
        from = at + 1;
        left--;
      }
    }
    return placeOf(from + columnWithin - 1);
  }

  @Override
  public String toString() {
    return text;
  }
}
