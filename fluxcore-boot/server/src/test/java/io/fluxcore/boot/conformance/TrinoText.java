package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes Trino's SQL of row patterns in FluxCore's: by rules over its tokens, which know nothing of
 * a case. Rows that stand in the query become tables; they get a time, {@link #TIME}, that is their
 * place in the order that the pattern asks for; names are quoted, and those of variables in upper
 * case unless they were quoted.
 */
final class TrinoText {
  /** The column that rows are in the order of. */
  static final String TIME = "row_time";

  private static final Pattern TOKEN =
      Pattern.compile(
          "--[^\\n]*|/\\*.*?\\*/|'(?:[^']|'')*'|\"[^\"]*\"|[A-Za-z_]\\w*|\\d+(?:\\.\\d+)?"
              + "|<>|!=|<=|>=|\\|\\||\\s+|.",
          Pattern.DOTALL);

  private static final Set<String> NO_NAMES =
      Set.of(
          "TRUE", "FALSE", "NULL", "NOT", "CASE", "CAST", "INTEGER", "BIGINT", "VARCHAR", "DOUBLE",
          "SELECT", "EXISTS");

  /** Functions by other names. */
  private static final Map<String, String> FUNCTIONS = Map.of("ARBITRARY", "ANY_VALUE");

  private final List<String> tokens = new ArrayList<>();
  private final List<Rows> tables = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> variables = new HashSet<>();
  private final Set<String> orders = new HashSet<>();

  /** Rows of a query; values are texts of literals. */
  record Rows(String name, List<String> columns, List<List<String>> rows) {}

  TrinoText(String sql) {
    Matcher matcher = TOKEN.matcher(sql);
    while (matcher.find()) {
      String token = matcher.group();
      if (!token.isBlank() && !token.startsWith("--") && !token.startsWith("/*")) {
        tokens.add(token);
      }
    }
    takeRows();
    castAverages();
    seeNames();
    seePatterns();
  }

  /** The rows of the query. */
  List<Rows> tables() {
    return tables;
  }

  /** The first column that a pattern orders by, for a table; null if it has none of them. */
  String order(Rows table) {
    return table.columns().stream().filter(orders::contains).findFirst().orElse(null);
  }

  private String token(int at) {
    return at >= 0 && at < tokens.size() ? tokens.get(at) : "";
  }

  private boolean is(int at, String word) {
    return token(at).equalsIgnoreCase(word);
  }

  private static boolean isWord(String token) {
    return !token.isEmpty() && (Character.isLetter(token.charAt(0)) || token.charAt(0) == '_');
  }

  private int closing(int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (is(i, "(")) {
        depth++;
      } else if (is(i, ")") && --depth == 0) {
        return i;
      }
    }
    throw new UnsupportedCaseException("a parenthesis that is not closed");
  }

  // --- Rows -------------------------------------------------------------------------------------

  /** {@code (VALUES …) t(a, b)} becomes the name of a table. */
  private void takeRows() {
    for (int at = 0; at < tokens.size(); at++) {
      if (!is(at, "(") || !is(at + 1, "VALUES")) {
        continue;
      }
      int close = closing(at);
      List<List<String>> rows = rows(at + 2, close);
      List<String> columns = new ArrayList<>();
      int end = close + 1;
      int alias = is(end, "AS") ? end + 1 : end;
      if (isWord(token(alias)) && is(alias + 1, "(") && !is(alias, "MATCH_RECOGNIZE")) {
        end = closing(alias + 1) + 1;
        tokens.subList(alias + 2, end - 1).stream().filter(TrinoText::isWord).forEach(columns::add);
      }
      while (columns.size() < rows.get(0).size()) {
        columns.add("_col" + columns.size());
      }
      String name = "rows" + (tables.size() + 1);
      tables.add(new Rows(name, columns, rows));
      names.addAll(columns);
      tokens.subList(at, end).clear();
      tokens.add(at, name);
    }
  }

  private List<List<String>> rows(int from, int to) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    int depth = 0;
    String sign = "";
    for (int i = from; i < to; i++) {
      if (is(i, "(")) {
        depth++;
      } else if (is(i, ")")) {
        depth--;
      } else if (is(i, "-")) {
        sign = "-";
      } else if (is(i, ",") && depth == 0) {
        rows.add(row);
        row = new ArrayList<>();
      } else if (!is(i, ",")) {
        row.add(sign + token(i));
        sign = "";
      }
    }
    rows.add(row);
    return rows;
  }

  /** The average of whole numbers is no whole number. */
  private void castAverages() {
    for (int i = 0; i < tokens.size(); i++) {
      if (is(i, "AVG") && is(i + 1, "(")) {
        tokens.addAll(closing(i + 1), List.of("AS", "DOUBLE", ")"));
        tokens.addAll(i + 2, List.of("CAST", "("));
      }
    }
  }

  // --- Names ------------------------------------------------------------------------------------

  private void seeNames() {
    for (int i = 0; i < tokens.size(); i++) {
      String next = token(i + 1);
      if (is(i, "AS")
          && isWord(next)
          && !NO_NAMES.contains(next.toUpperCase(Locale.ROOT))
          && !is(i + 2, "(")
          && !is(i + 2, ".")) {
        names.add(next);
      }
    }
  }

  private void seePatterns() {
    for (int i = 0; i < tokens.size(); i++) {
      if (is(i, "PATTERN") && is(i + 1, "(")) {
        for (int at = i + 2; at < closing(i + 1); at++) {
          if (isWord(token(at)) && !is(at, "PERMUTE")) {
            variables.add(token(at).toUpperCase(Locale.ROOT));
          }
        }
      } else if (is(i, "SUBSET")) {
        variables.add(token(i + 1).toUpperCase(Locale.ROOT));
      } else if (is(i, "ORDER") && is(i + 1, "BY")) {
        orders.add(token(i + 2));
      }
    }
  }

  // --- Writing ----------------------------------------------------------------------------------

  /** The query in FluxCore's SQL. */
  String query() {
    requireKnown();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      boolean isPattern = is(i, "MATCH_RECOGNIZE") && is(i + 1, "(");
      boolean isWindow = is(i, "(") && (is(i - 1, "AS") || is(i - 1, "OVER")) && hasPattern(i);
      text.append(written(i)).append(isGlued(i) ? "" : " ");
      if (isPattern || isWindow) {
        int open = isPattern ? i + 1 : i;
        if (isPattern) {
          text.append("( ");
          i++;
        }
        i = writeOrder(open, text);
      }
    }
    return text.toString();
  }

  private void requireKnown() {
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      depth += is(i, "(") ? 1 : is(i, ")") ? -1 : 0;
      if (depth == 0 && is(i, "ORDER") && is(i + 1, "BY")) {
        throw new UnsupportedCaseException("an order of all rows, which have no end in a stream");
      }
      if (is(i, "FROM") && is(i + 1, "(")) {
        throw new UnsupportedCaseException("rows of a subquery, which have no order of their own");
      }
    }
  }

  private boolean hasPattern(int open) {
    int close = closing(open);
    for (int i = open; i < close; i++) {
      if (is(i, "PATTERN")) {
        return true;
      }
    }
    return false;
  }

  /** Puts the time before the columns of the order; the token to go on behind. */
  private int writeOrder(int open, StringBuilder text) {
    int at = open + 1;
    if (is(at, "PARTITION")) {
      while (!is(at, "ORDER") && !is(at, "MEASURES") && !is(at, "ROWS")) {
        text.append(written(at++)).append(' ');
      }
    }
    if (is(at, "ORDER")) {
      text.append("ORDER BY ").append(TIME).append(", ");
      return at + 1;
    }
    text.append("ORDER BY ").append(TIME).append(' ');
    return at - 1;
  }

  /** Whether a token is within the parentheses of a pattern's clauses. */
  private boolean isInPattern(int at) {
    int depth = 0;
    for (int i = at - 1; i >= 0; i--) {
      if (is(i, ")")) {
        depth++;
      } else if (is(i, "(") && depth-- == 0) {
        depth = 0;
        if (hasPattern(i)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether nothing may stand between a token and the next. */
  private boolean isGlued(int at) {
    return is(at, "{") && is(at + 1, "-");
  }

  private String written(int at) {
    String token = token(at);
    if (token.startsWith("\"")) {
      return "`" + token.substring(1, token.length() - 1) + "`";
    }
    if (!isWord(token)) {
      return token;
    }
    String upper = token.toUpperCase(Locale.ROOT);
    boolean isColumn = names.contains(token);
    if (variables.contains(upper) && isInPattern(at) && (!isColumn || is(at + 1, "."))) {
      return "`" + upper + "`";
    }
    if (is(at + 1, "(")) {
      return FUNCTIONS.getOrDefault(upper, token);
    }
    return isColumn ? "`" + token + "`" : token;
  }
}
