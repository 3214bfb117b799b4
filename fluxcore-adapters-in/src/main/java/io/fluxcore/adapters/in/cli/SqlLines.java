package io.fluxcore.adapters.in.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Tells the shell when what was typed is whole: statements end with a semicolon, commands with the
 * line.
 */
final class SqlLines implements Parser {
  private static final Set<String> WORDS = Set.of("HELP", "QUIT", "EXIT");

  private final SqlHost host;

  SqlLines(SqlHost host) {
    this.host = host;
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context != ParseContext.COMPLETE && !isWhole(line)) {
      throw new EOFError(-1, -1, "the statement goes on", ";");
    }
    int from = cursor;
    while (from > 0 && isPartOfWord(line.charAt(from - 1))) {
      from--;
    }
    return new Line(line, cursor, line.substring(from, cursor));
  }

  private boolean isWhole(String line) {
    String text = line.strip();
    return text.isEmpty()
        || text.startsWith("\\")
        || WORDS.contains(text.toUpperCase(Locale.ROOT))
        || host.isComplete(line);
  }

  private static boolean isPartOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '\\';
  }

  /** What was typed, and the word before the cursor. */
  private record Line(String line, int cursor, String word) implements CompletingParsedLine {
    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate; // words are completed as they are, nothing is quoted
    }

    @Override
    public int rawWordCursor() {
      return word.length();
    }

    @Override
    public int rawWordLength() {
      return word.length();
    }

    @Override
    public int wordCursor() {
      return word.length();
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word);
    }
  }
}
