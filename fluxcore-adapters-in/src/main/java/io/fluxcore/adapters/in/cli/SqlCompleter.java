package io.fluxcore.adapters.in.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes words of SQL, tables, the columns of tables that the statement names, functions. */
final class SqlCompleter implements Completer {
  private static final List<String> KEYWORDS =
      List.of(
          "ALL",
          "AND",
          "ARRAY",
          "AS",
          "ASC",
          "BEGIN",
          "BETWEEN",
          "BIGINT",
          "BOOLEAN",
          "BY",
          "BYTES",
          "CASE",
          "CAST",
          "CREATE",
          "CROSS",
          "CUBE",
          "CUMULATE",
          "DATE",
          "DECIMAL",
          "DESC",
          "DESCRIBE",
          "DESCRIPTOR",
          "DISTINCT",
          "DOUBLE",
          "DROP",
          "ELSE",
          "EMIT",
          "END",
          "EVERY",
          "EXCEPT",
          "EXECUTE",
          "EXISTS",
          "EXPLAIN",
          "FALSE",
          "FILTER",
          "FOR",
          "FROM",
          "FULL",
          "FUNCTION",
          "GROUP",
          "GROUPING",
          "HAVING",
          "HOP",
          "IF",
          "IN",
          "INNER",
          "INSERT",
          "INT",
          "INTERSECT",
          "INTERVAL",
          "INTO",
          "IS",
          "JOIN",
          "KEY",
          "LEFT",
          "LIKE",
          "LIMIT",
          "MAP",
          "MATCH_RECOGNIZE",
          "MATERIALIZED",
          "NOT",
          "NULL",
          "ON",
          "OR",
          "ORDER",
          "OUTER",
          "OVER",
          "PARTITION",
          "PRECEDING",
          "PRIMARY",
          "RANGE",
          "RIGHT",
          "ROLLUP",
          "ROW",
          "ROWS",
          "SELECT",
          "SESSION",
          "SET",
          "SETS",
          "SHOW",
          "STATEMENT",
          "STRING",
          "SYSTEM_TIME",
          "TABLE",
          "TABLES",
          "TEMPORARY",
          "THEN",
          "TIMESTAMP",
          "TRUE",
          "TUMBLE",
          "UNBOUNDED",
          "UNION",
          "UNNEST",
          "UPDATE",
          "VALUES",
          "VIEW",
          "VIEWS",
          "WATERMARK",
          "WHEN",
          "WHERE",
          "WINDOW",
          "WITH",
          "ANALYZE",
          "FUNCTIONS",
          "QUIT",
          "HELP");
  private static final List<String> COMMANDS =
      List.of("\\d", "\\df", "\\explain", "\\o", "\\i", "\\?", "\\q");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final SqlHost host;
  private final List<String> functions = new ArrayList<>();

  SqlCompleter(SqlHost host) {
    this.host = host;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    for (String word : words(line.word(), line.line())) {
      candidates.add(new Candidate(word));
    }
  }

  /** What a word may be the beginning of, in a statement. */
  Set<String> words(String word, String statement) {
    Set<String> words = new LinkedHashSet<>();
    if (word.startsWith("\\")) {
      addAll(COMMANDS, word, words);
      return words;
    }
    List<String> tables = host.tables();
    addAll(tables, word, words);
    Matcher names = WORD.matcher(statement);
    while (names.find()) {
      if (tables.contains(names.group())) {
        addAll(host.columns(names.group()), word, words);
      }
    }
    // Words are completed as they were begun, in capitals or not.
    boolean isLower = !word.isEmpty() && word.equals(word.toLowerCase(Locale.ROOT));
    for (String keyword : KEYWORDS) {
      String written = isLower ? keyword.toLowerCase(Locale.ROOT) : keyword;
      addAll(List.of(written), word, words);
    }
    if (!word.isEmpty()) {
      if (functions.isEmpty()) {
        functions.addAll(host.functions());
      }
      for (String function : functions) {
        addAll(
            List.of(
                isLower ? function.toLowerCase(Locale.ROOT) : function.toUpperCase(Locale.ROOT)),
            word,
            words);
      }
    }
    return words;
  }

  private static void addAll(List<String> known, String word, Set<String> words) {
    String begin = word.toLowerCase(Locale.ROOT);
    for (String one : known) {
      if (one.toLowerCase(Locale.ROOT).startsWith(begin)) {
        words.add(one);
      }
    }
  }
}
