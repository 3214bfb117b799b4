package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes queries of Arroyo in FluxCore's SQL: by rules over their tokens, which know nothing of a
 * case. A window of Arroyo's is a value with a start and an end, and its functions name no time: it
 * becomes two columns, and the time is that of the rows which are read. Views are put in where they
 * are named.
 */
final class ArroyoText {
  /** Column of the time of a row, which is there without being named. */
  private static final String TIME = "_timestamp";

  private static final Set<String> WINDOWS = Set.of("tumble", "hop", "session");

  /** Words with which a part of a query starts. */
  private static final Set<String> CLAUSES =
      Set.of("from", "where", "group", "having", "order", "limit", "union", "except", "intersect");

  private static final Set<String> JOINS =
      Set.of("join", "inner", "left", "right", "full", "outer", "cross", "on", ",");

  /** The time of the rows of a table; empty: they have none. */
  private final Map<String, String> times = new HashMap<>();

  private final Map<String, List<String>> views = new HashMap<>();

  /** The columns of views that have names of their own for them. */
  private final Map<String, List<String>> renamed = new HashMap<>();

  private int unnested;

  /** Makes a table known, with the column of its time, or an empty text if it has none. */
  void table(String name, String time) {
    times.put(name, time);
  }

  /** Makes a view known. */
  void view(String name, List<String> query) {
    views.put(name, query);
  }

  /** Makes a table known that holds what a query gives, under names of its own. */
  void memory(String name, List<String> columns, List<String> query) {
    view(name, query);
    renamed.put(name, columns);
  }

  /** A query in FluxCore's SQL, but for types, intervals and the quotes of names. */
  String query(List<String> tokens) {
    return new Query(tokens).all(false).sql();
  }

  /**
   * Rows of a query or a table.
   *
   * @param windows columns that are windows
   * @param time column of their time; empty: they have none
   */
  private record Rows(String sql, String alias, Set<String> windows, String time) {
    String column(String name) {
      return alias.isEmpty() ? name : alias + "." + name;
    }
  }

  /** What is selected, and under which name; empty if it has none. */
  private record Item(List<String> tokens, String alias) {}

  private static boolean isWord(String token) {
    return Character.isLetter(token.charAt(0)) || token.charAt(0) == '_' || token.charAt(0) == '"';
  }

  private static boolean isWindow(List<String> tokens) {
    return tokens.size() > 2
        && WINDOWS.contains(tokens.get(0))
        && tokens.get(1).equals("(")
        && end(tokens, 1) == tokens.size();
  }

  /** Where it goes on behind the parenthesis that is opened here. */
  static int end(List<String> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += tokens.get(i).equals("(") ? 1 : tokens.get(i).equals(")") ? -1 : 0;
      if (depth == 0) {
        return i + 1;
      }
    }
    throw new UnsupportedCaseException("a parenthesis without its end: " + tokens);
  }

  static List<List<String>> split(List<String> tokens) {
    List<List<String>> parts = new ArrayList<>();
    List<String> part = new ArrayList<>();
    int depth = 0;
    for (String token : tokens) {
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth == 0 && token.equals(",")) {
        parts.add(part);
        part = new ArrayList<>();
      } else {
        part.add(token);
      }
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }

  /** Reads a query from its start to its end. */
  private final class Query {
    private final List<String> in;
    private int at;

    Query(List<String> in) {
      this.in = in;
    }

    /**
     * Its rows.
     *
     * @param isTimed whether their time is wanted as a column
     */
    Rows all(boolean isTimed) {
      with();
      Rows rows = term(isTimed);
      StringBuilder sql = new StringBuilder(rows.sql());
      while (at < in.size()) {
        String token = in.get(at);
        if (Set.of("union", "except", "intersect").contains(token)) {
          at++;
          boolean isAll = at < in.size() && in.get(at).equals("all");
          at += isAll ? 1 : 0;
          sql.append(' ').append(token).append(isAll ? " all " : " ").append(term(isTimed).sql());
        } else {
          List<String> rest = in.subList(at, in.size());
          sql.append(' ').append(new Expression(rest, List.of(rows)).text());
          at = in.size();
        }
      }
      return new Rows(sql.toString(), "", rows.windows(), rows.time());
    }

    private void with() {
      if (!in.get(at).equals("with")) {
        return;
      }
      do {
        at++;
        int open = at + 2;
        int end = end(in, open);
        view(in.get(at), in.subList(open + 1, end - 1));
        at = end;
      } while (in.get(at).equals(","));
    }

    private Rows term(boolean isTimed) {
      if (in.get(at).equals("(")) {
        int end = end(in, at);
        Rows rows = new Query(in.subList(at + 1, end - 1)).all(isTimed);
        at = end;
        return rows;
      }
      if (!in.get(at).equals("select")) {
        throw new UnsupportedCaseException("a query that starts with " + in.get(at));
      }
      at++;
      Map<String, List<String>> clauses = new LinkedHashMap<>();
      clauses.put("select", clause());
      while (at < in.size() && Set.of("from", "where", "group", "having").contains(in.get(at))) {
        String name = in.get(at++);
        at += name.equals("group") ? 1 : 0; // by
        clauses.put(name, clause());
      }
      return new Select(clauses, isTimed).rows();
    }

    private List<String> clause() {
      int from = at;
      int depth = 0;
      while (at < in.size() && (depth > 0 || !CLAUSES.contains(in.get(at)))) {
        depth += in.get(at).equals("(") ? 1 : in.get(at).equals(")") ? -1 : 0;
        at++;
      }
      return in.subList(from, at);
    }
  }

  /** Writes one {@code SELECT}. */
  private final class Select {
    private final Map<String, List<String>> clauses;
    private final boolean isTimed;
    private final boolean isDistinct;
    private final List<Item> items = new ArrayList<>();
    private final List<List<String>> groups = new ArrayList<>();
    private final List<Rows> scope = new ArrayList<>();
    private final StringBuilder from = new StringBuilder();
    private List<String> window = List.of();

    Select(Map<String, List<String>> clauses, boolean isTimed) {
      this.clauses = clauses;
      this.isTimed = isTimed;
      List<String> selected = clauses.getOrDefault("select", List.of());
      this.isDistinct = selected.get(0).equals("distinct");
      split(isDistinct ? selected.subList(1, selected.size()) : selected)
          .forEach(tokens -> items.add(item(tokens)));
      split(clauses.getOrDefault("group", List.of())).forEach(tokens -> groups.add(group(tokens)));
      groups.stream().filter(ArroyoText::isWindow).forEach(tokens -> window = tokens);
    }

    private Item item(List<String> tokens) {
      int size = tokens.size();
      String last = tokens.get(size - 1);
      if (size > 2 && tokens.get(size - 2).equals("as")) {
        return new Item(tokens.subList(0, size - 2), last);
      }
      boolean isNamed =
          size > 1
              && isWord(last)
              && !last.equals("end")
              && (tokens.get(size - 2).equals(")") || isWord(tokens.get(size - 2)));
      return isNamed ? new Item(tokens.subList(0, size - 1), last) : new Item(tokens, "");
    }

    /** What a place in the list of what is selected, or a name in it, stands for. */
    private List<String> group(List<String> tokens) {
      String only = tokens.size() == 1 ? tokens.get(0) : "";
      if (only.matches("\\d+")) {
        return items.get(Integer.parseInt(only) - 1).tokens();
      }
      for (Item item : items) {
        if (!only.isEmpty() && item.alias().equals(only)) {
          return item.tokens();
        }
      }
      return tokens;
    }

    Rows rows() {
      if (clauses.containsKey("from")) {
        from(clauses.getOrDefault("from", List.of()));
      }
      List<String> columns = new ArrayList<>();
      Set<String> windows = new LinkedHashSet<>();
      for (Item item : items) {
        column(item, columns, windows);
      }
      if (isTimed) {
        columns.add(time() + " as " + TIME);
      }
      StringBuilder sql = new StringBuilder(isDistinct ? "select distinct " : "select ");
      sql.append(String.join(", ", columns));
      if (!from.isEmpty()) {
        sql.append(" from ").append(from);
      }
      if (clauses.containsKey("where")) {
        sql.append(" where ").append(text(clauses.getOrDefault("where", List.of())));
      }
      if (!groups.isEmpty()) {
        List<String> by = new ArrayList<>();
        groups.forEach(tokens -> by.add(isWindow(tokens) ? window("", tokens) : text(tokens)));
        sql.append(" group by ").append(String.join(", ", new LinkedHashSet<>(by)));
      }
      if (clauses.containsKey("having")) {
        sql.append(" having ").append(text(clauses.getOrDefault("having", List.of())));
      }
      return new Rows(sql.toString(), "", windows, isTimed ? TIME : "");
    }

    private String text(List<String> tokens) {
      return new Expression(tokens, scope).text();
    }

    private void column(Item item, List<String> columns, Set<String> windows) {
      List<String> tokens = item.tokens();
      String as = item.alias().isEmpty() ? "" : " as " + item.alias();
      String read = new Expression(tokens, scope).window();
      if (isWindow(tokens)) {
        if (!as.isEmpty()) { // one without a name cannot be read
          columns.add(window("_start", tokens) + as + "_start");
          columns.add(window("_end", tokens) + as + "_end");
          windows.add(item.alias());
        }
      } else if (!read.isEmpty()) {
        String name = item.alias().isEmpty() ? tokens.get(tokens.size() - 1) : item.alias();
        columns.add(read + "_start as " + name + "_start");
        columns.add(read + "_end as " + name + "_end");
        windows.add(name);
      } else if (tokens.get(0).equals("unnest") && end(tokens, 1) == tokens.size()) {
        String name = "element" + ++unnested;
        String array = text(tokens.subList(2, tokens.size() - 1));
        from.append(" cross join unnest(" + array + ") as of_" + name + " (" + name + ")");
        columns.add("of_" + name + "." + name + as);
      } else {
        if (tokens.equals(List.of("*"))) {
          scope.forEach(rows -> windows.addAll(rows.windows()));
        }
        columns.add(text(tokens) + as);
      }
    }

    /** A function of a window: of the window itself if the suffix is empty. */
    private String window(String suffix, List<String> tokens) {
      String arguments = text(tokens.subList(2, tokens.size() - 1));
      return tokens.get(0) + suffix + "(" + timeOfRows() + ", " + arguments + ")";
    }

    private String timeOfRows() {
      if (scope.isEmpty() || scope.get(0).time().isEmpty()) {
        throw new UnsupportedCaseException("a window of rows that have no time");
      }
      return scope.get(0).column(scope.get(0).time());
    }

    private String time() {
      if (!window.isEmpty()) {
        return window("_rowtime", window);
      }
      if (!groups.isEmpty()) {
        throw new UnsupportedCaseException("a window of rows that are updated");
      }
      return timeOfRows();
    }

    private void from(List<String> tokens) {
      boolean needsTime = isTimed || !window.isEmpty();
      int i = 0;
      while (i < tokens.size()) {
        String token = tokens.get(i);
        if (!JOINS.contains(token)) {
          int end = token.equals("(") ? end(tokens, i) : i + 1;
          List<String> element = tokens.subList(i, end);
          int named = end < tokens.size() && tokens.get(end).equals("as") ? end + 1 : end;
          boolean hasAlias = named < tokens.size() && !JOINS.contains(tokens.get(named));
          Rows rows = element(element, hasAlias ? tokens.get(named) : "", needsTime);
          scope.add(rows);
          from.append(' ').append(rows.sql());
          i = hasAlias ? named + 1 : end;
        } else if (token.equals("on")) {
          int end = i + 1;
          int depth = 0;
          while (end < tokens.size() && (depth > 0 || !JOINS.contains(tokens.get(end)))) {
            depth += tokens.get(end).equals("(") ? 1 : tokens.get(end).equals(")") ? -1 : 0;
            end++;
          }
          from.append(" on ").append(text(tokens.subList(i + 1, end)));
          i = end;
        } else {
          from.append(' ').append(token);
          i++;
        }
      }
    }

    private Rows element(List<String> tokens, String alias, boolean needsTime) {
      String name = tokens.get(0);
      List<String> query =
          name.equals("(") ? tokens.subList(1, tokens.size() - 1) : views.get(name);
      if (query == null) {
        String as = alias.isEmpty() ? "" : " as " + alias;
        return new Rows(
            name + as, alias.isEmpty() ? name : alias, Set.of(), times.getOrDefault(name, ""));
      }
      Rows rows = new Query(query).all(needsTime);
      String called = alias.isEmpty() && !name.equals("(") ? name : alias;
      List<String> columns = renamed.getOrDefault(name, List.of());
      String names = columns.isEmpty() ? "" : " (" + String.join(", ", columns) + ")";
      String as = called.isEmpty() ? "" : " as " + called + names;
      return new Rows("(" + rows.sql() + ")" + as, called, rows.windows(), rows.time());
    }
  }

  /** Writes an expression, in which windows are read. */
  private final class Expression {
    private final List<String> in;
    private final List<Rows> scope;

    Expression(List<String> in, List<Rows> scope) {
      this.in = in;
      this.scope = scope;
    }

    /** The column that it is if that is a window, without the suffix of a bound; else empty. */
    String window() {
      int read = windowAt(0);
      return read == in.size() ? String.join("", in) : "";
    }

    /** Where it goes on behind a window that is read here; -1 if none is. */
    private int windowAt(int at) {
      if (at >= in.size() || (at > 0 && in.get(at - 1).equals("."))) {
        return -1;
      }
      for (Rows rows : scope) {
        if (rows.windows().contains(in.get(at))) {
          return at + 1;
        }
        if (in.get(at).equals(rows.alias())
            && at + 2 < in.size()
            && in.get(at + 1).equals(".")
            && rows.windows().contains(in.get(at + 2))) {
          return at + 3;
        }
      }
      return -1;
    }

    String text() {
      List<String> out = new ArrayList<>();
      int at = 0;
      while (at < in.size()) {
        String token = in.get(at);
        int read = windowAt(at);
        if (read > 0) {
          at = readWindow(at, read, out);
        } else if (token.equals("(")
            && at + 1 < in.size()
            && Set.of("select", "with").contains(in.get(at + 1))) {
          int end = end(in, at);
          out.add("(" + new Query(in.subList(at + 1, end - 1)).all(false).sql() + ")");
          at = end;
        } else {
          out.add(token);
          at++;
        }
      }
      return String.join(" ", out);
    }

    /** A bound of a window, two windows that are compared, or one in a list. */
    private int readWindow(int from, int to, List<String> out) {
      String name = String.join("", in.subList(from, to));
      String next = to < in.size() ? in.get(to) : "";
      Set<String> bounds = Set.of("start", "end");
      if (next.equals(".") && to + 1 < in.size() && bounds.contains(in.get(to + 1))) {
        out.add(name + "_" + in.get(to + 1));
        return to + 2;
      }
      int other = next.equals("=") ? windowAt(to + 1) : -1;
      if (other > 0) {
        String right = String.join("", in.subList(to + 1, other));
        out.add(name + "_start = " + right + "_start and " + name + "_end = " + right + "_end");
        return other;
      }
      boolean isListed = from == 0 || Set.of("by", ",").contains(in.get(from - 1));
      if (isListed && Set.of("", ",", "order", ")").contains(next)) {
        out.add(name + "_start, " + name + "_end");
        return to;
      }
      throw new UnsupportedCaseException("a window as a value: " + String.join(" ", in));
    }
  }
}
