package io.fluxcore.infrastructure.sql.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Random queries over tables, nested in each other as streams allow. */
final class Queries {
  private static final int MOST_ROWS = 400;

  final Random random;
  final Inputs inputs;
  final Terms terms;

  /** What must be said before the query. */
  final List<String> views = new ArrayList<>();

  /** The tables that are read, and how often. */
  final Map<String, Integer> read = new HashMap<>();

  private final Windows windows;
  private final Joins joins;
  private int names;

  /** How many windows there are in all. */
  int windowCount;

  Queries(Random random, Inputs inputs) {
    this.random = random;
    this.inputs = inputs;
    this.terms = new Terms(random);
    this.windows = new Windows(this);
    this.joins = new Joins(this);
  }

  String name(String kind) {
    return kind + names++;
  }

  Rows any(int depth) {
    if (depth <= 0) {
      return table(terms.any(inputs.tables()));
    }
    Rows result =
        switch (random.nextInt(12)) {
          case 0, 1 -> selected(any(depth - 1), depth);
          case 2, 3 -> grouped(any(depth - 1));
          case 4, 5 -> joins.unbounded(any(depth - 1), any(depth - 1));
          case 6 -> united(any(depth - 1), any(depth - 1));
          case 7 -> top(any(depth - 1));
          case 8 -> limited(any(depth - 1));
          default -> timed(depth);
        };
    if (result.rows().size() > MOST_ROWS) {
      return grouped(result);
    }
    return terms.oneIn(5) ? view(result) : result;
  }

  /** Of rows that are only added and have a time. */
  private Rows timed(int depth) {
    Rows of = stream(depth - 1);
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> windows.grouped(of);
      case 3 -> windows.assigned(of);
      case 4 -> windows.joined(of, stream(depth - 1));
      case 5 -> joins.interval(of, stream(depth - 1));
      case 6 -> joins.temporal(of, inputs.table("u0"));
      case 7 -> windows.top(of);
      default -> over(of);
    };
  }

  /** Rows that are only added and have a time. */
  Rows stream(int depth) {
    if (depth > 0) {
      for (int i = 0; i < 3; i++) {
        Rows some =
            terms.oneIn(3) ? any(depth) : terms.oneIn(2) ? timed(depth) : kept(stream(depth - 1));
        if (some.isAppend() && some.time() >= 0 && some.rows().size() <= MOST_ROWS) {
          return some;
        }
      }
    }
    return table(
        terms.any(inputs.tables().stream().filter(t -> t.way() == Inputs.Way.APPEND).toList()));
  }

  Rows table(Inputs.Table table) {
    read.merge(table.content().from(), 1, Integer::sum);
    return table.content();
  }

  Rows view(Rows of) {
    String name = name("v");
    views.add("CREATE VIEW " + name + " AS " + of.query());
    return new Rows(
        name,
        of.columns(),
        of.rows(),
        of.isAppend(),
        of.time(),
        of.isTimeUnique(),
        of.isOfWindow());
  }

  /** As a name, which window functions ask for. */
  Rows named(Rows of) {
    return of.from().startsWith("(") ? view(of) : of;
  }

  static List<@Nullable Object[]> filtered(List<@Nullable Object[]> rows, Term condition) {
    return rows.stream().filter(condition::holds).toList();
  }

  /** A projection, with its names. */
  record Projection(String sql, List<Rows.Column> columns, List<Term> terms) {
    List<@Nullable Object[]> of(List<@Nullable Object[]> rows) {
      List<@Nullable Object[]> result = new ArrayList<>();
      for (@Nullable Object[] row : rows) {
        @Nullable Object[] projected = new Object[terms.size()];
        for (int i = 0; i < projected.length; i++) {
          projected[i] = terms.get(i).value().of(row);
        }
        result.add(projected);
      }
      return result;
    }
  }

  Projection projection(List<Term> of) {
    List<Rows.Column> columns = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (Term term : of) {
      String name = name("c");
      columns.add(new Rows.Column(name, term.kind()));
      text.append(text.isEmpty() ? "" : ", ").append(term.sql()).append(" AS ").append(name);
    }
    return new Projection(text.toString(), columns, of);
  }

  /** A projection and a filter that keep the time. */
  private Rows kept(Rows of) {
    return selected(of, 0);
  }

  private Rows selected(Rows of, int depth) {
    String alias = name("t");
    List<Term> columns = of.terms(alias);
    List<Term> chosen = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      chosen.add(terms.of(terms.kind(), columns, random.nextInt(3)));
    }
    int time = -1;
    if (of.time() >= 0 && !terms.oneIn(4)) {
      time = random.nextInt(chosen.size() + 1);
      chosen.add(time, columns.get(of.time()));
    }
    Projection projection = projection(chosen);
    String where = "";
    boolean isAppend = of.isAppend();
    List<@Nullable Object[]> rows = of.rows();
    if (!terms.oneIn(3)) {
      Term condition = terms.condition(columns, 2);
      if (depth > 1 && of.rows().size() < 100 && terms.oneIn(2)) {
        condition = new Subqueries(this).condition(columns, condition, depth);
        isAppend = false;
      }
      where = " WHERE " + condition.sql();
      rows = filtered(rows, condition);
    } else if (depth > 1 && of.rows().size() < 100 && terms.oneIn(3)) {
      Term scalar = new Subqueries(this).scalar(columns, depth);
      chosen.add(scalar);
      projection = projection(chosen);
      isAppend = false;
    }
    return new Rows(
        "(SELECT " + projection.sql() + " FROM " + of.from() + " AS " + alias + where + ")",
        projection.columns(),
        projection.of(rows),
        isAppend,
        isAppend ? time : -1,
        of.isTimeUnique(),
        of.isOfWindow() && isAppend);
  }

  /** Groups of all rows. */
  Rows grouped(Rows of) {
    String alias = name("t");
    List<Term> columns = of.terms(alias);
    List<Term> keys = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      keys.add(terms.oneIn(4) ? terms.of(terms.kind(), columns, 1) : terms.any(columns));
    }
    keys = distinct(keys);
    List<List<Integer>> sets = List.of(IntStream.range(0, keys.size()).boxed().toList());
    String groupBy = String.join(", ", keys.stream().map(Term::sql).toList());
    boolean plainKeys = keys.stream().allMatch(columns::contains);
    if (keys.size() == 2 && plainKeys && terms.oneIn(3)) {
      String word = terms.any(List.of("ROLLUP", "CUBE", "GROUPING SETS"));
      sets =
          switch (word) {
            case "ROLLUP" -> List.of(List.of(0, 1), List.of(0), List.of());
            case "CUBE" -> List.of(List.of(0, 1), List.of(0), List.of(1), List.of());
            default -> List.of(List.of(0), List.of(1));
          };
      groupBy =
          word.startsWith("G")
              ? "GROUPING SETS ((" + keys.get(0).sql() + "), (" + keys.get(1).sql() + "))"
              : word + " (" + groupBy + ")";
    }
    List<Summary> summaries = summaries(columns, sets.size() == 1);
    List<@Nullable Object[]> groups = new ArrayList<>();
    for (List<Integer> set : sets) {
      groups.addAll(groups(of.rows(), keys, set, summaries));
      if (set.isEmpty() && of.rows().isEmpty()) { // there is one group, of no rows
        groups.add(
            Rows.joined(
                new Object[keys.size()],
                summaries.stream().map(s -> s.value().of(List.of())).toArray()));
      }
    }
    return finished(of, alias, keys, summaries, groupBy, groups);
  }

  List<Summary> summaries(List<Term> columns, boolean mayBeDistinct) {
    List<Summary> summaries = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      summaries.add(Summary.of(terms, columns, mayBeDistinct));
    }
    return summaries;
  }

  private static List<Term> distinct(List<Term> of) {
    Map<String, Term> byText = new LinkedHashMap<>();
    of.forEach(term -> byText.put(term.sql(), term));
    // what is constant is no name of a group
    byText.values().removeIf(term -> !term.sql().contains("."));
    return new ArrayList<>(byText.values());
  }

  /** Keys, null where they are not grouped by, and results of the groups that there are. */
  static List<@Nullable Object[]> groups(
      List<@Nullable Object[]> rows, List<Term> keys, List<Integer> set, List<Summary> summaries) {
    Map<List<@Nullable Object>, List<@Nullable Object[]>> groups = new LinkedHashMap<>();
    for (@Nullable Object[] row : rows) {
      @Nullable Object[] key = new Object[keys.size()];
      set.forEach(i -> key[i] = keys.get(i).value().of(row));
      groups.computeIfAbsent(Logic.key(key), k -> new ArrayList<>()).add(row);
    }
    List<@Nullable Object[]> results = new ArrayList<>();
    groups.forEach(
        (key, of) ->
            results.add(
                Rows.joined(
                    key.toArray(), summaries.stream().map(s -> s.value().of(of)).toArray())));
    return results;
  }

  private Rows finished(
      Rows of,
      String alias,
      List<Term> keys,
      List<Summary> summaries,
      String groupBy,
      List<@Nullable Object[]> groups) {
    List<Term> results = results(keys, summaries);
    String having = "";
    List<@Nullable Object[]> rows = groups;
    if (terms.oneIn(3)) {
      Term condition = terms.condition(results.subList(keys.size(), results.size()), 1);
      having = " HAVING " + condition.sql();
      rows = filtered(rows, condition);
    }
    Projection projection = projection(results);
    String text =
        "(SELECT "
            + projection.sql()
            + " FROM "
            + of.from()
            + " AS "
            + alias
            + (groupBy.isEmpty() ? "" : " GROUP BY " + groupBy)
            + having
            + ")";
    return new Rows(text, projection.columns(), projection.of(rows), false, -1, false, false);
  }

  /** Keys and results as terms over the rows of groups. */
  static List<Term> results(List<Term> keys, List<Summary> summaries) {
    List<Term> results = new ArrayList<>();
    for (Term key : keys) {
      int at = results.size();
      results.add(new Term(key.sql(), key.kind(), row -> row[at]));
    }
    for (Summary summary : summaries) {
      int at = results.size();
      results.add(new Term(summary.sql(), summary.kind(), row -> row[at]));
    }
    return results;
  }

  private Rows united(Rows left, Rows right) {
    List<Kind> kinds = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      kinds.add(terms.kind());
    }
    String operator =
        terms.any(
            List.of(
                "UNION ALL",
                "UNION ALL",
                "UNION",
                "INTERSECT",
                "INTERSECT ALL",
                "EXCEPT",
                "EXCEPT ALL"));
    boolean all = operator.endsWith("ALL");
    boolean keepsTime =
        operator.equals("UNION ALL")
            && left.isAppend()
            && right.isAppend()
            && left.time() >= 0
            && right.time() >= 0;
    Rows a = shaped(left, kinds, keepsTime);
    Rows b = shaped(right, kinds, keepsTime);
    BiFunction<Integer, Integer, Integer> count =
        switch (operator.split(" ", -1)[0]) {
          case "UNION" -> (l, r) -> all ? l + r : 1;
          case "INTERSECT" -> (l, r) -> all ? Math.min(l, r) : Math.min(1, Math.min(l, r));
          default -> (l, r) -> all ? Math.max(0, l - r) : l > 0 && r == 0 ? 1 : 0;
        };
    Map<List<@Nullable Object>, int[]> counts = new LinkedHashMap<>();
    a.rows().forEach(row -> counts.computeIfAbsent(Logic.key(row), k -> new int[2])[0]++);
    b.rows().forEach(row -> counts.computeIfAbsent(Logic.key(row), k -> new int[2])[1]++);
    List<@Nullable Object[]> rows = new ArrayList<>();
    counts.forEach(
        (row, of) -> {
          for (int i = count.apply(of[0], of[1]); i > 0; i--) {
            rows.add(row.toArray());
          }
        });
    return new Rows(
        "(" + a.query() + " " + operator + " " + b.query() + ")",
        a.columns(),
        rows,
        operator.equals("UNION ALL") && left.isAppend() && right.isAppend(),
        keepsTime ? 0 : -1,
        false,
        false);
  }

  /** Columns of these kinds, behind the time where it is kept. */
  private Rows shaped(Rows of, List<Kind> kinds, boolean keepsTime) {
    String alias = name("t");
    List<Term> columns = of.terms(alias);
    List<Term> chosen = new ArrayList<>();
    if (keepsTime) {
      chosen.add(columns.get(of.time()));
    }
    kinds.forEach(kind -> chosen.add(terms.of(kind, columns, terms.oneIn(3) ? 1 : 0)));
    Projection projection = projection(chosen);
    return new Rows(
        "(SELECT " + projection.sql() + " FROM " + of.from() + " AS " + alias + ")",
        projection.columns(),
        projection.of(of.rows()),
        of.isAppend(),
        -1,
        false,
        false);
  }

  /** Columns to order by, so that rows that are equal in them are equal. */
  List<Ordering> order(List<Term> columns) {
    List<Ordering> order = new ArrayList<>();
    List<Term> left = new ArrayList<>(columns);
    while (!left.isEmpty()) {
      order.add(new Ordering(left.remove(random.nextInt(left.size())), random.nextBoolean()));
    }
    return order;
  }

  private Rows top(Rows of) {
    List<Term> columns = of.terms("");
    List<Term> keys = terms.oneIn(3) ? List.of() : List.of(terms.any(columns));
    return top(of, keys, false);
  }

  /**
   * The first rows of each key.
   *
   * @param keepsTime whether they are still rows that are only added
   */
  Rows top(Rows of, List<Term> keys, boolean keepsTime) {
    int from = terms.oneIn(4) ? 2 : 1;
    int to = from + random.nextInt(3);
    List<Ordering> order = order(of.terms(""));
    List<@Nullable Object[]> sorted = new ArrayList<>(of.rows());
    sorted.sort(Ordering.comparator(order));
    Map<List<@Nullable Object>, Integer> seen = new HashMap<>();
    List<@Nullable Object[]> rows = new ArrayList<>();
    boolean givesRank = random.nextBoolean();
    for (@Nullable Object[] row : sorted) {
      int rank =
          seen.merge(
              Logic.key(keys.stream().map(key -> key.value().of(row)).toArray()), 1, Integer::sum);
      if (rank >= from && rank <= to) {
        rows.add(givesRank ? Rows.joined(row, new Object[] {(long) rank}) : row);
      }
    }
    String rank = name("n");
    List<Rows.Column> columns = new ArrayList<>(of.columns());
    if (givesRank) {
      columns.add(new Rows.Column(rank, Kind.LONG));
    }
    String text =
        "(SELECT "
            + String.join(", ", columns.stream().map(Rows.Column::name).toList())
            + " FROM (SELECT *, ROW_NUMBER() OVER ("
            + (keys.isEmpty()
                ? ""
                : "PARTITION BY " + String.join(", ", keys.stream().map(Term::sql).toList()) + " ")
            + "ORDER BY "
            + Ordering.text(order)
            + ") AS "
            + rank
            + " FROM "
            + of.from()
            + ") WHERE "
            + rank
            + " <= "
            + to
            + (from > 1 ? " AND " + rank + " >= " + from : "")
            + ")";
    return new Rows(text, columns, rows, keepsTime, keepsTime ? of.time() : -1, false, false);
  }

  private Rows limited(Rows of) {
    List<Ordering> order = order(of.terms(""));
    int limit = random.nextInt(6);
    int offset = terms.oneIn(3) ? random.nextInt(3) : 0;
    List<@Nullable Object[]> rows = new ArrayList<>(of.rows());
    rows.sort(Ordering.comparator(order));
    String text =
        "(SELECT * FROM "
            + of.from()
            + " ORDER BY "
            + Ordering.text(order)
            + " LIMIT "
            + limit
            + (offset > 0 ? " OFFSET " + offset : "")
            + ")";
    return new Rows(
        text,
        of.columns(),
        rows.stream().skip(offset).limit(limit).toList(),
        false,
        -1,
        false,
        false);
  }

  /** Functions over the rows before each row. */
  private Rows over(Rows of) {
    String alias = name("t");
    List<Term> columns = of.terms(alias);
    Term time = columns.get(of.time());
    List<Term> keys = terms.oneIn(4) ? List.of() : List.of(terms.any(columns));
    boolean byRows = of.isTimeUnique() && terms.oneIn(2);
    int before = terms.oneIn(4) ? -1 : random.nextInt(4);
    long millis = before * 3_000L;
    String frame =
        (byRows ? "ROWS BETWEEN " : "RANGE BETWEEN ")
            + (before < 0
                ? "UNBOUNDED"
                : byRows ? "" + before : "INTERVAL '" + before * 3 + "' SECOND")
            + " PRECEDING AND CURRENT ROW";
    String window =
        " OVER ("
            + (keys.isEmpty() ? "" : "PARTITION BY " + keys.get(0).sql() + " ")
            + "ORDER BY "
            + time.sql()
            + " ";
    List<Term> chosen = new ArrayList<>(columns);
    for (int i = random.nextInt(2); i >= 0; i--) {
      Summary summary = Summary.of(terms, columns, false);
      while (summary.sql().contains("FILTER")) {
        summary = Summary.of(terms, columns, false);
      }
      Summary chosenSummary = summary;
      chosen.add(
          new Term(
              summary.sql() + window + frame + ")",
              summary.kind(),
              row -> {
                List<@Nullable Object[]> framed = preceding(of.rows(), row, keys, time);
                int size = framed.size();
                if (byRows) {
                  framed =
                      before < 0 ? framed : framed.subList(Math.max(0, size - before - 1), size);
                } else if (before >= 0) {
                  long least = Terms.millis(time.value().of(row)) - millis;
                  framed =
                      framed.stream()
                          .filter(r -> Terms.millis(time.value().of(r)) >= least)
                          .toList();
                }
                return chosenSummary.value().of(framed);
              }));
    }
    if (of.isTimeUnique() && terms.oneIn(3)) {
      Term lagged = terms.any(columns);
      int back = 1 + random.nextInt(2);
      chosen.add(
          new Term(
              "LAG(" + lagged.sql() + ", " + back + ")" + window + ")",
              lagged.kind(),
              row -> {
                List<@Nullable Object[]> framed = preceding(of.rows(), row, keys, time);
                int at = framed.size() - 1 - back;
                return at < 0 ? null : lagged.value().of(framed.get(at));
              }));
    }
    Projection projection = projection(chosen);
    return new Rows(
        "(SELECT " + projection.sql() + " FROM " + of.from() + " AS " + alias + ")",
        projection.columns(),
        projection.of(of.rows()),
        true,
        of.time(),
        of.isTimeUnique(),
        false);
  }

  /** The rows of the same keys that are not later, in the order of their times. */
  private static List<@Nullable Object[]> preceding(
      List<@Nullable Object[]> rows, @Nullable Object[] row, List<Term> keys, Term time) {
    List<@Nullable Object[]> before = new ArrayList<>();
    for (@Nullable Object[] other : rows) {
      boolean isSameKey =
          keys.stream()
              .allMatch(k -> Logic.ORDER.compare(k.value().of(row), k.value().of(other)) == 0);
      if (isSameKey && Logic.compare(time.value().of(other), time.value().of(row)) <= 0) {
        before.add(other);
      }
    }
    before.sort((a, b) -> Logic.compare(time.value().of(a), time.value().of(b)));
    return before;
  }
}
