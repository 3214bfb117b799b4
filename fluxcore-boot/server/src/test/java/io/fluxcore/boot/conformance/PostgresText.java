package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes SQL in the manner of PostgreSQL as RisingWave has it in FluxCore's: by rules over its
 * tokens, which know nothing of a case. Names without quotes are in lower case; columns and aliases
 * that have been seen are quoted, because other words are reserved there.
 */
final class PostgresText {
  private static final Pattern TOKEN =
      Pattern.compile(
          "--[^\\n]*|/\\*.*?\\*/|\\$\\$|'(?:[^']|'')*'|\"[^\"]*\"|[A-Za-z_]\\w*|\\d+(?:\\.\\d+)?"
              + "|::|<>|!=|<=|>=|\\|\\||\\s+|.",
          Pattern.DOTALL);
  private static final Pattern INTERVAL = Pattern.compile("'\\s*(-?[\\d.]+)\\s+([a-z]+?)s?\\s*'");

  /** Types by other names. */
  private static final Map<String, String> TYPES =
      Map.of(
          "text", "string",
          "numeric", "decimal(38, 10)",
          "timestamptz", "timestamp_ltz(3)",
          "timestamp", "timestamp(3)",
          "bool", "boolean",
          "varchar", "string",
          "real", "float");

  /** Functions by other names, with the same arguments. */
  private static final Map<String, String> FUNCTIONS = Map.of("length", "char_length");

  private static final Set<String> WINDOWS = Set.of("tumble", "hop");

  /** Aggregates that are fractions, there also of whole numbers. */
  private static final Set<String> MEANS =
      Set.of("avg", "stddev", "stddev_pop", "stddev_samp", "var_pop", "var_samp", "variance");

  /** Words that may follow a table that has no other name. */
  private static final Set<String> AFTER_TABLE =
      Set.of(
          "where", "group", "order", "join", "left", "right", "full", "inner", "cross", "asof",
          "on", "union", "emit", "limit", "having");

  /** What ends the condition of a join. */
  private static final Set<String> AFTER_CONDITION =
      Set.of(
          "where", "group", "order", "join", "left", "right", "full", "inner", "cross", "asof",
          "union", "emit", "limit", "having", ")", ";");

  private final Set<String> names = new HashSet<>();
  private final PostgresQueries queries = new PostgresQueries();

  /** The name of a type in FluxCore's SQL. */
  static String type(String name) {
    return TYPES.getOrDefault(name, name);
  }

  /** Makes a name known that is quoted from now on. */
  void name(String name) {
    names.add(name);
  }

  /** Makes a table known. */
  void table(ViewTable table, List<String> columns) {
    queries.table(table.name(), columns, table.key(), table.time());
  }

  /** What is to be defined beside a table, in RisingWave's SQL; empty if there is nothing. */
  String beside(ViewTable table) {
    return queries.inOrder(table.name());
  }

  /** A statement in FluxCore's SQL. */
  String statement(String sql) {
    List<String> tokens = queries.written(tokens(sql));
    seeNames(tokens);
    Writer writer = new Writer(tokens);
    return writer.all();
  }

  static List<String> tokens(String sql) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(sql);
    while (matcher.find()) {
      String token = matcher.group();
      char first = token.charAt(0);
      if (!token.isBlank() && !token.startsWith("--") && !token.startsWith("/*")) {
        tokens.add(first == '\'' || first == '"' ? token : token.toLowerCase(Locale.ROOT));
      }
    }
    return tokens;
  }

  private static boolean isWord(String token) {
    return Character.isLetter(token.charAt(0)) || token.charAt(0) == '_';
  }

  /** Columns of a table, and what {@code AS} names. */
  private void seeNames(List<String> tokens) {
    int table = tokens.indexOf("table");
    if (tokens.get(0).equals("create") && table == 1) {
      names.add(tokens.get(2));
    }
    if (tokens.get(0).equals("create") && table == 1) {
      boolean isItem = false;
      int depth = 0;
      for (String token : tokens) {
        if (token.equals("(")) {
          depth++;
          isItem = depth == 1;
          continue;
        }
        if (token.equals(")")) {
          depth--;
        }
        if (isItem && depth == 1 && !Set.of("primary", "watermark").contains(token)) {
          names.add(token.replace("\"", ""));
        }
        isItem = depth == 1 && token.equals(",");
      }
      return;
    }
    for (int i = 1; i + 1 < tokens.size(); i++) {
      boolean isCast = isCastType(tokens, i);
      if (tokens.get(i).equals("as") && isWord(tokens.get(i + 1)) && !isCast) {
        boolean isQuery = Set.of("select", "with", "of").contains(tokens.get(i + 1));
        if (!isQuery) {
          names.add(tokens.get(i + 1));
        }
      }
    }
  }

  /** Whether this {@code AS} is within the parentheses of a {@code CAST}. */
  private static boolean isCastType(List<String> tokens, int at) {
    int depth = 0;
    for (int i = at - 1; i > 0; i--) {
      if (tokens.get(i).equals(")")) {
        depth++;
      } else if (tokens.get(i).equals("(") && depth-- == 0) {
        return tokens.get(i - 1).equals("cast");
      }
    }
    return false;
  }

  /** Goes over the tokens once; each rule takes those that it is about. */
  private final class Writer {
    private final List<String> in;
    private final List<String> out = new ArrayList<>();

    /** How many {@code CASE} have not ended. */
    private int cases;

    private int at;

    Writer(List<String> in) {
      this.in = in;
    }

    String all() {
      if (next("create", "materialized", "view")) {
        at = 3;
        out.add("create view");
      }
      while (at < in.size()) {
        one();
      }
      String text = String.join(" ", out);
      return text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
    }

    private boolean next(String... words) {
      for (int i = 0; i < words.length; i++) {
        if (at + i >= in.size() || !in.get(at + i).equals(words[i])) {
          return false;
        }
      }
      return true;
    }

    private String ahead(int by) {
      return at + by >= 0 && at + by < in.size() ? in.get(at + by) : "";
    }

    private void one() {
      String token = in.get(at);
      if (next("append", "only")) {
        at += 2;
      } else if (next("emit", "on", "window", "close")) {
        if (in.stream().noneMatch(WINDOWS::contains) && !in.contains("over")) {
          throw new UnsupportedCaseException("EMIT ON WINDOW CLOSE of rows that are in no window");
        }
        at += 4; // which is when windows give results, and rows in the order of their times
      } else if (next("asof")) {
        asOf();
      } else if (token.equals("::")) {
        cast();
      } else if (token.equals("!=")) {
        at++;
        out.add("<>");
      } else if (token.equals("interval") && INTERVAL.matcher(ahead(1)).matches()) {
        Matcher matcher = INTERVAL.matcher(ahead(1));
        boolean unused = matcher.matches();
        out.add("interval '" + matcher.group(1) + "' " + matcher.group(2));
        at += 2;
      } else if (WINDOWS.contains(token)
          && ahead(1).equals("(")
          && isWord(ahead(2))
          && ahead(3).equals(",")
          && !ahead(4).equals("interval")) {
        window();
      } else if (token.equals("to_char") && ahead(1).equals("(")) {
        function("date_format", PostgresText::pattern);
      } else if (token.equals("split_part") && ahead(1).equals("(")) {
        function("split_index", arguments -> arguments.set(2, arguments.get(2) + " - 1"));
      } else if (MEANS.contains(token) && ahead(1).equals("(")) {
        function(token, a -> a.set(0, "cast(" + a.get(0) + " as double)"));
      } else if (token.equals("(") && ahead(1).equals("regexp_match")) {
        match();
      } else if (token.startsWith("\"")) {
        at++;
        out.add('`' + token.substring(1, token.length() - 1) + '`');
      } else if (FUNCTIONS.containsKey(token) && ahead(1).equals("(")) {
        at++;
        out.add(FUNCTIONS.get(token));
      } else if (isWord(token)) {
        word(token);
      } else {
        at++;
        out.add(token);
      }
    }

    private void word(String token) {
      boolean isUnit = ahead(-1).startsWith("'") || ahead(-1).equals("interval");
      boolean isColumnType = at > 0 && isColumn(ahead(-1)) && TYPES.containsKey(token);
      boolean isCastType = ahead(-1).equals("as") && isCastType(in, at - 1);
      at++;
      if (token.equals("case") || (token.equals("end") && cases > 0)) {
        cases += token.equals("case") ? 1 : -1;
        out.add(token);
      } else if ((isColumnType || isCastType) && !ahead(0).equals("'")) {
        boolean hasZone = token.equals("timestamp") && next("with", "time", "zone");
        at += hasZone ? 3 : 0;
        out.add(hasZone ? "timestamp_ltz(3)" : TYPES.getOrDefault(token, token));
        at += next("unsigned") ? 1 : 0;
      } else if (names.contains(token) && !ahead(0).equals("(") && !isUnit) {
        out.add('`' + token + '`');
      } else if (ahead(-2).equals(")")
          && Set.of("max", "min", "sum", "avg", "count").contains(token)
          && !ahead(0).equals("(")) {
        names.add(token);
        out.add('`' + token + '`');
      } else {
        out.add(token);
      }
    }

    private boolean isColumn(String token) {
      return in.get(0).equals("create") && names.contains(token.replace("\"", ""));
    }

    /** {@code operand::type}: the operand is what was written last. */
    private void cast() {
      int from = out.size() - 1;
      if (out.get(from).equals(")")) {
        int depth = 0;
        do {
          depth += out.get(from).equals(")") ? 1 : out.get(from).equals("(") ? -1 : 0;
          from--;
        } while (depth > 0);
        from += from >= 0 && isWord(out.get(from)) ? 0 : 1;
      } else {
        while (from > 1 && out.get(from - 1).equals(".")) {
          from -= 2;
        }
      }
      List<String> operand = new ArrayList<>(out.subList(from, out.size()));
      out.subList(from, out.size()).clear();
      String type = ahead(1);
      at += 2;
      out.add("cast(" + String.join(" ", operand) + " as " + TYPES.getOrDefault(type, type) + ")");
    }

    /** {@code tumble(t, c, …)} is {@code TABLE(TUMBLE(TABLE t, DESCRIPTOR(c), …))}. */
    private void window() {
      List<String> arguments = new ArrayList<>();
      String function = in.get(at);
      at = arguments(at + 1, arguments);
      arguments.set(0, "table " + arguments.get(0));
      arguments.set(1, "descriptor(" + arguments.get(1) + ")");
      out.add("table(" + function + "(" + String.join(", ", arguments) + "))");
      boolean isNamed = ahead(0).equals("as") || (!ahead(0).isEmpty() && isAlias(ahead(0)));
      if (!isNamed) {
        out.add("as " + arguments.get(0).substring("table ".length()));
      }
    }

    /**
     * {@code ASOF [LEFT] JOIN t ON a = b AND c <= d}: the inequality is the {@code MATCH_CONDITION}
     * that stands before {@code ON}.
     */
    private void asOf() {
      boolean isLeft = ahead(1).equals("left");
      out.add(isLeft ? "left asof join" : "asof join");
      at += isLeft ? 3 : 2;
      while (at < in.size() && !next("on")) {
        one();
      }
      at++;
      List<String> equal = new ArrayList<>();
      List<String> closest = new ArrayList<>();
      int from = at;
      for (int i = at; i <= in.size(); i++) {
        boolean isEnd = i == in.size() || AFTER_CONDITION.contains(in.get(i));
        if (isEnd || in.get(i).equals("and")) {
          List<String> term = in.subList(from, i);
          boolean isInequality = term.stream().anyMatch(Set.of("<", "<=", ">", ">=")::contains);
          (isInequality ? closest : equal).add(new Writer(term).all());
          from = i + 1;
        }
        if (isEnd) {
          at = i;
          break;
        }
      }
      out.add("match_condition " + String.join(" and ", closest));
      out.add("on " + String.join(" and ", equal));
    }

    private boolean isAlias(String token) {
      return isWord(token) && !AFTER_TABLE.contains(token);
    }

    private void function(String name, Consumer<List<String>> change) {
      List<String> arguments = new ArrayList<>();
      at = arguments(at + 1, arguments);
      change.accept(arguments);
      out.add(name + "(" + String.join(", ", arguments) + ")");
    }

    /** {@code (regexp_match(text, pattern))[n]} is the n-th group of the pattern. */
    private void match() {
      List<String> arguments = new ArrayList<>();
      int end = arguments(at + 2, arguments);
      if (!in.get(end).equals(")") || !in.get(end + 1).equals("[")) {
        throw new UnsupportedCaseException("regexp_match that gives an array");
      }
      arguments.add(in.get(end + 2));
      at = end + 4;
      out.add("regexp_extract(" + String.join(", ", arguments) + ")");
    }

    /** Writes the arguments behind an opening parenthesis; where it goes on behind them. */
    private int arguments(int open, List<String> arguments) {
      int depth = 0;
      int from = open + 1;
      for (int i = open; i < in.size(); i++) {
        String token = in.get(i);
        depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
        boolean isEnd = depth == 0;
        if (isEnd || (depth == 1 && token.equals(","))) {
          arguments.add(new Writer(in.subList(from, i)).all());
          from = i + 1;
        }
        if (isEnd) {
          return i + 1;
        }
      }
      throw new UnsupportedCaseException("a parenthesis without its end: " + in);
    }
  }

  /** A pattern of {@code to_char}, in which months are M in any case and hours have twelve. */
  private static void pattern(List<String> arguments) {
    Map<String, String> letters = new HashMap<>();
    letters.put("YYYY", "yyyy");
    letters.put("DD", "dd");
    letters.put("HH24", "HH");
    letters.put("HH12", "hh");
    letters.put("HH", "hh");
    letters.put("MI", "mm");
    letters.put("MM", "MM");
    letters.put("SS", "ss");
    Matcher matcher =
        Pattern.compile("(?i)YYYY|DD|HH24|HH12|HH|MI|MM|SS").matcher(arguments.get(1));
    arguments.set(
        1, matcher.replaceAll(found -> letters.get(found.group().toUpperCase(Locale.ROOT))));
  }
}
