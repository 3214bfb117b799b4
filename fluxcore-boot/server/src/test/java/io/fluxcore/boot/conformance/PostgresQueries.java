package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Forms of queries that RisingWave has and FluxCore's SQL has not, written as others that mean the
 * same: by rules over tokens. {@code DISTINCT ON}, {@code UNION CORRESPONDING}, {@code UNNEST}
 * among what is selected, the primary key that decides between rows of equal right where there is a
 * {@code LIMIT}, {@code EMIT ON WINDOW CLOSE} of rows that are in no window, and {@link GapFill}.
 */
final class PostgresQueries {
  private static final String NUMBER = "row_of_its_kind";

  /** Those that may have an order of their own. */
  private static final Set<String> AGGREGATES =
      Set.of("array_agg", "string_agg", "first_value", "last_value");

  private static final Set<String> SETS = Set.of("union", "intersect", "except");

  /** Words behind which a query over one table is over more than that, or gives no rows of it. */
  private static final Set<String> NOT_PLAIN =
      Set.of("join", "group", "distinct", "over", "count", "union", "intersect", "except");

  private static final String ELEMENTS = "elements_of_row";
  private static final String ELEMENT = "element_of_row";

  private final Map<String, List<String>> columns = new HashMap<>();
  private final Map<String, List<String>> keys = new HashMap<>();
  private final Map<String, String> times = new HashMap<>();

  /**
   * Makes a table known.
   *
   * @param time the column that its watermark is of; empty: there is none
   */
  void table(String name, List<String> names, List<String> key, String time) {
    columns.put(name, names);
    keys.put(name, key);
    times.put(name, time);
  }

  /**
   * The definition of a view of a table whose rows leave when the watermark has passed them, those
   * of equal times in the order of its primary key; empty where there is no such order.
   */
  String inOrder(String table) {
    return isInOrder(table)
        ? "create or replace view "
            + inOrderName(table)
            + " as select * from "
            + table
            + " order by "
            + times.get(table)
            + ", "
            + String.join(", ", keys.get(table))
            + ";"
        : "";
  }

  private boolean isInOrder(String table) {
    return !keys.getOrDefault(table, List.of()).isEmpty()
        && !times.getOrDefault(table, "").isEmpty();
  }

  private static String inOrderName(String table) {
    return table + "_in_order";
  }

  /** The tokens of a statement without what is not in FluxCore's SQL. */
  List<String> written(List<String> tokens) {
    List<String> all = new ArrayList<>(tokens);
    for (int at = all.size() - 1; at >= 0; at--) {
      if (isNext(all, at, "select", "distinct", "on", "(")) {
        distinct(all, at);
      } else if (all.get(at).equals("corresponding")) {
        corresponding(all, at);
      } else if (all.get(at).equals("limit")) {
        limit(all, at);
      } else if (isNext(all, at, "emit", "on", "window", "close")) {
        onClose(all, at);
      } else if (isNext(all, at, "unnest", "(")) {
        unnest(all, at);
      } else if (isNext(all, at, "gap_fill", "(")) {
        GapFill.write(all, at, end(all, at + 2, Set.of()), columns);
      } else if (isNext(all, at, "order", "by") && isWithinAggregate(all, at)) {
        nulls(all, at);
      }
    }
    return all;
  }

  /** Whether an order is one of the arguments of a function. */
  private static boolean isWithinAggregate(List<String> tokens, int at) {
    int depth = 0;
    for (int i = at - 1; i > 0; i--) {
      depth += tokens.get(i).equals(")") ? 1 : tokens.get(i).equals("(") ? -1 : 0;
      if (depth < 0) {
        return AGGREGATES.contains(tokens.get(i - 1));
      }
    }
    return false;
  }

  /** Nulls are the largest values unless it is said where they are. */
  private static void nulls(List<String> tokens, int at) {
    int to = end(tokens, at + 2, Set.of());
    List<String> told = new ArrayList<>();
    for (List<String> by : ArroyoText.split(tokens.subList(at + 2, to))) {
      told.addAll(told.isEmpty() ? List.of() : List.of(","));
      told.addAll(by);
      if (!by.contains("nulls")) {
        told.addAll(List.of("nulls", by.contains("desc") ? "first" : "last"));
      }
    }
    tokens.subList(at + 2, to).clear();
    tokens.addAll(at + 2, told);
  }

  private static boolean isNext(List<String> tokens, int at, String... words) {
    return at + words.length <= tokens.size()
        && tokens.subList(at, at + words.length).equals(List.of(words));
  }

  /** Where the query ends that goes on here: at a parenthesis of another one, or a word. */
  private static int end(List<String> tokens, int from, Set<String> words) {
    int depth = 0;
    for (int i = from; i < tokens.size(); i++) {
      String token = tokens.get(i);
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth < 0 || (depth == 0 && (token.equals(";") || words.contains(token)))) {
        return i;
      }
    }
    return tokens.size();
  }

  /** Where the {@code SELECT} is that the clause here is of; -1 if there is none. */
  private static int select(List<String> tokens, int at) {
    int depth = 0;
    for (int i = at - 1; i >= 0; i--) {
      String token = tokens.get(i);
      depth += token.equals(")") ? 1 : token.equals("(") ? -1 : 0;
      if (depth < 0) {
        return -1;
      }
      if (depth == 0 && token.equals("select")) {
        return i;
      }
    }
    return -1;
  }

  /** The first row of each key is the one with the number 1 in the order of the query. */
  private void distinct(List<String> tokens, int at) {
    int keyEnd = end(tokens, at + 4, Set.of());
    List<String> key = new ArrayList<>(tokens.subList(at + 4, keyEnd));
    int from = end(tokens, keyEnd + 1, Set.of("from"));
    int order = end(tokens, from, Set.of("order", "emit", "limit", "union", "intersect", "except"));
    boolean isOrdered = isNext(tokens, order, "order", "by");
    int end = isOrdered ? end(tokens, order, Set.of("emit", "limit")) : order;
    List<String> by = isOrdered ? new ArrayList<>(tokens.subList(order + 2, end)) : key;
    List<String> source = new ArrayList<>(tokens.subList(from, order));
    List<String> inner = new ArrayList<>(List.of("select"));
    List<String> names = new ArrayList<>();
    for (List<String> item : ArroyoText.split(tokens.subList(keyEnd + 1, from))) {
      if (item.equals(List.of("*"))) {
        for (String column : all(source)) {
          names.add(column);
          inner.addAll(List.of(column, ","));
        }
        continue;
      }
      String name = name(item);
      boolean isNamed = item.size() > 2 && item.get(item.size() - 2).equals("as");
      String given = name.isEmpty() ? "column" + names.size() : name;
      names.add(given);
      inner.addAll(item);
      inner.addAll(isNamed ? List.of(",") : List.of("as", given, ","));
    }
    inner.addAll(List.of("row_number", "(", ")", "over", "(", "partition", "by"));
    inner.addAll(key);
    inner.addAll(List.of("order", "by"));
    inner.addAll(by);
    inner.addAll(List.of(")", "as", NUMBER));
    inner.addAll(source);
    List<String> query = new ArrayList<>(List.of("select"));
    query.addAll(listed(names));
    query.addAll(List.of("from", "("));
    query.addAll(inner);
    query.addAll(List.of(")", "where", NUMBER, "=", "1"));
    replace(tokens, at, end, query);
  }

  private static void replace(List<String> tokens, int from, int to, List<String> by) {
    tokens.subList(from, to).clear();
    tokens.addAll(from, by);
  }

  private static List<String> listed(List<String> names) {
    List<String> tokens = new ArrayList<>();
    for (String name : names) {
      if (!tokens.isEmpty()) {
        tokens.add(",");
      }
      tokens.add(name);
    }
    return tokens;
  }

  /** What {@code *} stands for behind this {@code FROM}. */
  private List<String> all(List<String> from) {
    List<String> known = from.size() > 1 ? columns.get(from.get(1)) : null;
    if (known == null || from.contains("join") || from.contains(",")) {
      throw new UnsupportedCaseException("* of " + String.join(" ", from));
    }
    return known;
  }

  /** The name of what is selected; empty if it has none. */
  private static String name(List<String> item) {
    String last = item.get(item.size() - 1);
    boolean isNamed = item.size() > 2 && item.get(item.size() - 2).equals("as");
    boolean isColumn = item.size() == 1 || item.get(item.size() - 2).equals(".");
    return isNamed || (isColumn && Character.isLetter(last.charAt(0))) ? last : "";
  }

  /** Columns of the same name on both sides, in the order of the left one or as they are named. */
  private void corresponding(List<String> tokens, int at) {
    boolean isAll = tokens.get(at - 1).equals("all");
    int set = isAll ? at - 2 : at - 1;
    int left = select(tokens, set);
    int right = end(tokens, at, Set.of("select"));
    int end = end(tokens, right, SETS);
    List<String> first = new ArrayList<>(tokens.subList(left, set));
    List<String> second = new ArrayList<>(tokens.subList(right, end));
    List<String> common = new ArrayList<>(names(first));
    common.retainAll(new HashSet<>(names(second)));
    if (isNext(tokens, at + 1, "by", "(")) {
      List<String> wanted = new ArrayList<>(tokens.subList(at + 3, right - 1));
      wanted.removeIf(","::equals);
      if (!common.containsAll(wanted)) {
        throw new UnsupportedCaseException("CORRESPONDING BY " + wanted + " of " + common);
      }
      common = wanted;
    }
    if (common.isEmpty()) {
      throw new UnsupportedCaseException("CORRESPONDING, and no column is on both sides");
    }
    List<String> query = new ArrayList<>(of(common, first));
    query.add(tokens.get(set));
    query.addAll(isAll ? List.of("all") : List.of());
    query.addAll(of(common, second));
    replace(tokens, left, end, query);
  }

  private static List<String> of(List<String> names, List<String> query) {
    List<String> tokens = new ArrayList<>(List.of("select"));
    tokens.addAll(listed(names));
    tokens.addAll(List.of("from", "("));
    tokens.addAll(query);
    tokens.add(")");
    return tokens;
  }

  private List<String> names(List<String> query) {
    int from = end(query, 0, Set.of("from"));
    List<String> names = new ArrayList<>();
    for (List<String> item : ArroyoText.split(query.subList(1, from))) {
      if (item.equals(List.of("*"))) {
        names.addAll(all(query.subList(from, query.size())));
      } else {
        names.add(name(item));
      }
    }
    return names;
  }

  /** Rows of one table that are of equal right are in the order of its primary key. */
  private void limit(List<String> tokens, int at) {
    int select = select(tokens, at);
    if (select < 0) {
      return;
    }
    List<String> query = tokens.subList(select, at);
    int from = end(query, 0, Set.of("from"));
    List<String> key = from + 1 < query.size() ? keys.get(query.get(from + 1)) : null;
    if (key == null || key.isEmpty() || query.stream().anyMatch(NOT_PLAIN::contains)) {
      return;
    }
    boolean isOrdered = end(query, from, Set.of("order")) < query.size();
    List<String> order = new ArrayList<>(isOrdered ? List.of(",") : List.of("order", "by"));
    order.addAll(listed(key));
    tokens.addAll(at, order);
  }

  /**
   * Rows in no window leave in the order of their times when the watermark has passed them; rows of
   * equal times are in the order of the primary key for the functions over them.
   */
  private void onClose(List<String> tokens, int at) {
    int select = select(tokens, at);
    int from = select < 0 ? at : end(tokens.subList(0, at), select, Set.of("from"));
    String table = from + 1 < at ? tokens.get(from + 1) : "";
    List<String> query = tokens.subList(Math.max(0, select), at);
    boolean isOver = query.contains("over");
    if (isOver && isInOrder(table) && !query.contains("join")) {
      boolean isNamed = from + 2 < at && tokens.get(from + 2).equals("as");
      replace(
          tokens,
          from + 1,
          from + 2,
          isNamed ? List.of(inOrderName(table)) : List.of(inOrderName(table), "as", table));
      return;
    }
    String time = times.getOrDefault(table, "");
    if (!time.isEmpty() && query.stream().noneMatch(NOT_PLAIN::contains)) {
      replace(tokens, at, at + 4, List.of("order", "by", time));
    }
  }

  /** The elements of an array beside what else is selected are a join with them. */
  private static void unnest(List<String> tokens, int at) {
    int select = select(tokens, at);
    int from = select < 0 ? -1 : end(tokens, select, Set.of("from"));
    if (at >= from) {
      return; // it stands in FROM
    }
    int end = end(tokens, at + 2, Set.of()) + 1;
    List<String> array = new ArrayList<>(tokens.subList(at + 2, end - 1));
    int joined = end(tokens, from, Set.of("where", "group", "order", "emit", "limit"));
    List<String> join = new ArrayList<>(List.of("cross", "join", "unnest", "("));
    join.addAll(array);
    join.addAll(List.of(")", "as", ELEMENTS, "(", ELEMENT, ")"));
    tokens.addAll(joined, join);
    replace(tokens, at, end, List.of(ELEMENTS, ".", ELEMENT));
  }
}
