package io.fluxcore.domain.error;

import org.jspecify.annotations.Nullable;

/**
 * Where an error is: a path in words ({@code operator 'count'.groupBy[0]}) and, for text input, the
 * line and column.
 *
 * @param path what the error is about, or an empty string when the whole input is meant
 * @param line 1-based line, 0 when there is no text
 * @param column 1-based column, 0 when there is no text
 */
public record Place(String path, int line, int column) {
  /** The whole input. */
  public static final Place WHOLE = new Place("", 0, 0);

  /** A place without text. */
  public static Place of(String path) {
    return new Place(path, 0, 0);
  }

  /** A place in a text. */
  public static Place at(int line, int column) {
    return new Place("", line, column);
  }

  /** The same place in the text of something named. */
  public Place in(@Nullable String name) {
    return name == null || name.isEmpty()
        ? this
        : new Place(path.isEmpty() ? name : name + "." + path, line, column);
  }

  @Override
  public String toString() {
    String at = line > 0 ? "line " + line + ", column " + column : "";
    if (path.isEmpty()) {
      return at;
    }
    return at.isEmpty() ? path : path + ", " + at;
  }
}
