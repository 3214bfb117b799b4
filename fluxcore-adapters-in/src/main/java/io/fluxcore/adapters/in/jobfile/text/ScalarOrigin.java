package io.fluxcore.adapters.in.jobfile.text;

import io.fluxcore.domain.error.Place;
import org.jspecify.annotations.Nullable;

/**
 * Where the characters of a scalar come from. What a reader sees of a scalar (quotes gone, escapes
 * resolved, lines folded, parameters replaced) is shorter or longer than what is in the file; an
 * error in an expression is to point into the file all the same.
 *
 * <p>Instead of keeping a position for each character, both texts are walked side by side when an
 * error asks for it. They meet at every character that is not white space, which is what makes the
 * walk right for folded and indented lines.
 */
public final class ScalarOrigin {
  /** How a scalar is written in the file. */
  enum Style {
    PLAIN,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    BLOCK
  }

  private final LineIndex lines;
  private final int from;
  private final int to;
  private final Style style;
  private final @Nullable Substitution substitution;

  ScalarOrigin(LineIndex lines, int from, int to, Style style) {
    this(lines, from, to, style, null);
  }

  private ScalarOrigin(
      LineIndex lines, int from, int to, Style style, @Nullable Substitution substitution) {
    this.lines = lines;
    this.from = from;
    this.to = to;
    this.style = style;
    this.substitution = substitution;
  }

  /** What parameters made of a text: for each character of the new one its index in the old. */
  record Substitution(String oldText, int[] oldIndex) {}

  ScalarOrigin substituted(String oldText, int[] oldIndex) {
    return new ScalarOrigin(lines, from, to, style, new Substitution(oldText, oldIndex));
  }

  boolean isPlain() {
    return style == Style.PLAIN;
  }

  Place start() {
    return lines.placeOf(from);
  }

  Place placeOf(String text, int line, int column) {
    int index = indexOf(text, line, column);
    String decoded = text;
    if (substitution != null) {
      int[] oldIndex = substitution.oldIndex();
      index = index < oldIndex.length ? oldIndex[index] : substitution.oldText().length();
      decoded = substitution.oldText();
    }
    return lines.placeOf(rawOffset(decoded, index));
  }

  private static int indexOf(String text, int line, int column) {
    int start = 0;
    for (int i = 1; i < line; i++) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        break;
      }
      start = end + 1;
    }
    return Math.max(0, Math.min(text.length(), start + column - 1));
  }

  private int rawOffset(String decoded, int index) {
    int raw = contentStart();
    for (int i = 0; i < index && raw < to; i++) {
      raw = next(raw, decoded.charAt(i));
    }
    char wanted = index < decoded.length() ? decoded.charAt(index) : 0;
    return Math.min(Character.isWhitespace(wanted) ? raw : skipContinuation(raw), to);
  }

  private int contentStart() {
    return switch (style) {
      case PLAIN -> from;
      case SINGLE_QUOTED, DOUBLE_QUOTED -> from + 1;
      case BLOCK -> skipWhiteSpace(endOfLine(from));
    };
  }

  /** The offset after what stands for one decoded character. */
  private int next(int raw, char decoded) {
    char c = lines.charAt(raw);
    if (style == Style.DOUBLE_QUOTED && c == '\\') {
      int escape = raw + 1 < to ? lines.charAt(raw + 1) : 0;
      if (escape == '\n' || escape == '\r') {
        return next(skipWhiteSpace(raw + 1), decoded);
      }
      return switch (escape) {
        case 'x' -> raw + 4;
        case 'u' -> raw + 6;
        case 'U' -> raw + 10;
        default -> raw + 2;
      };
    }
    if (style == Style.SINGLE_QUOTED && c == '\'') {
      return raw + 2;
    }
    if (!Character.isWhitespace(decoded)) {
      return skipContinuation(raw) + 1;
    }
    if (!Character.isWhitespace(c)) {
      return raw;
    }
    int end = skipWhiteSpace(raw);
    return lines.hasLineBreak(raw, end) ? end : raw + 1;
  }

  /** White space that stands for nothing: the indentation of a continued line. */
  private int skipContinuation(int raw) {
    return style == Style.DOUBLE_QUOTED ? raw : skipWhiteSpace(raw);
  }

  private int skipWhiteSpace(int raw) {
    int offset = raw;
    while (offset < to && Character.isWhitespace(lines.charAt(offset))) {
      offset++;
    }
    return offset;
  }

  private int endOfLine(int raw) {
    int offset = raw;
    while (offset < to && lines.charAt(offset) != '\n') {
      offset++;
    }
    return offset;
  }
}
