package io.fluxcore.infrastructure.sql.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Random queries over window functions. */
final class Windows {
  private static final int SECOND = 1_000;

  private final Queries queries;
  private final Random random;
  private final Terms terms;

  Windows(Queries queries) {
    this.queries = queries;
    this.random = queries.random;
    this.terms = queries.terms;
  }

  /** A window by its bounds in milliseconds. */
  private record Window(long start, long end) {
    @Nullable Object[] columns() {
      return new Object[] {Terms.time(start), Terms.time(end), Terms.time(end - 1)};
    }
  }

  /**
   * A window function.
   *
   * @param function its name
   * @param lengths as they are written
   * @param of the windows that a time is in
   */
  private record Shape(String function, String lengths, LongFunction<List<Window>> of) {
    String over(Rows rows) {
      return "TABLE("
          + function
          + "(TABLE "
          + rows.from()
          + ", DESCRIPTOR("
          + rows.columns().get(rows.time()).name()
          + "), "
          + lengths
          + "))";
    }
  }

  private static String seconds(long millis) {
    return "INTERVAL '" + millis / SECOND + "' SECOND";
  }

  private Shape shape() {
    queries.windowCount++;
    long size = (1 + random.nextInt(20)) * SECOND;
    return switch (random.nextInt(4)) {
      case 0 -> {
        long slide = (1 + random.nextInt(10)) * SECOND;
        long length = terms.oneIn(2) ? slide * (1 + random.nextInt(4)) : size;
        yield new Shape(
            "HOP",
            seconds(slide) + ", " + seconds(Math.max(slide, length)),
            time -> {
              List<Window> windows = new ArrayList<>();
              long of = Math.max(slide, length);
              for (long start = Math.floorDiv(time, slide) * slide;
                  start + of > time;
                  start -= slide) {
                windows.add(new Window(start, start + of));
              }
              return windows;
            });
      }
      case 1 -> {
        int steps = 1 + random.nextInt(4);
        yield new Shape(
            "CUMULATE",
            seconds(size) + ", " + seconds(size * steps),
            time -> {
              List<Window> windows = new ArrayList<>();
              long start = Math.floorDiv(time, size * steps) * size * steps;
              for (int step = 1; step <= steps; step++) {
                if (time < start + size * step) {
                  windows.add(new Window(start, start + size * step));
                }
              }
              return windows;
            });
      }
      default -> {
        long offset = terms.oneIn(3) ? random.nextInt((int) (size / SECOND)) * SECOND : 0;
        yield new Shape(
            "TUMBLE",
            seconds(size) + (offset > 0 ? ", " + seconds(offset) : ""),
            time -> {
              long start = Math.floorDiv(time - offset, size) * size + offset;
              return List.of(new Window(start, start + size));
            });
      }
    };
  }

  private static final List<Rows.Column> BOUNDS =
      List.of(
          new Rows.Column("window_start", Kind.TIME),
          new Rows.Column("window_end", Kind.TIME),
          new Rows.Column("window_time", Kind.TIME));

  private static long time(Rows of, @Nullable Object[] row) {
    return Terms.millis(row[of.time()]);
  }

  /** Each row for each window that it is in, with the window's bounds behind it. */
  private static Rows inWindows(Rows of, Shape shape) {
    List<Rows.Column> columns = new ArrayList<>(of.columns());
    columns.addAll(BOUNDS);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (@Nullable Object[] row : of.rows()) {
      for (Window window : shape.of().apply(time(of, row))) {
        rows.add(Rows.joined(row, window.columns()));
      }
    }
    return new Rows(shape.over(of), columns, rows, true, of.time(), false, false);
  }

  /**
   * Rows with the sessions that they are in, over a column of times.
   *
   * @param keys columns that sessions are divided by
   */
  private Rows inSessions(Rows of, int time, List<Term> keys) {
    queries.windowCount++;
    long gap = (1 + random.nextInt(6)) * SECOND;
    boolean touchingMerge = random.nextInt(3) > 0;
    String partition =
        keys.isEmpty()
            ? ""
            : " PARTITION BY (" + String.join(", ", keys.stream().map(Term::sql).toList()) + ")";
    String text =
        "TABLE(SESSION(TABLE "
            + of.from()
            + partition
            + ", DESCRIPTOR("
            + of.columns().get(time).name()
            + "), "
            + seconds(gap)
            + (touchingMerge ? "" : ", TOUCHING => 'separate'")
            + "))";
    List<Rows.Column> columns = new ArrayList<>(of.columns());
    columns.addAll(BOUNDS);
    List<@Nullable Object[]> rows = sessions(of, time, keys, gap, touchingMerge);
    return new Rows(text, columns, rows, of.isAppend(), of.time(), false, false);
  }

  /**
   * Sessions of the rows that have the same keys.
   *
   * @param touchingMerge whether rows exactly one gap apart are in one
   */
  private static List<@Nullable Object[]> sessions(
      Rows of, int time, List<Term> keys, long gap, boolean touchingMerge) {
    long reach = touchingMerge ? gap : gap - 1;
    Map<List<@Nullable Object>, List<@Nullable Object[]>> groups = new LinkedHashMap<>();
    for (@Nullable Object[] row : of.rows()) {
      if (row[time] == null) {
        continue; // in no session
      }
      List<@Nullable Object> key = Logic.key(keys.stream().map(k -> k.value().of(row)).toArray());
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (List<@Nullable Object[]> group : groups.values()) {
      group.sort((a, b) -> Long.compare(Terms.millis(a[time]), Terms.millis(b[time])));
      int from = 0;
      for (int i = 1; i <= group.size(); i++) {
        long last = Terms.millis(group.get(i - 1)[time]);
        if (i == group.size() || Terms.millis(group.get(i)[time]) > last + reach) {
          Window session = new Window(Terms.millis(group.get(from)[time]), last + gap);
          group.subList(from, i).forEach(row -> rows.add(Rows.joined(row, session.columns())));
          from = i;
        }
      }
    }
    return rows;
  }

  private List<Term> keys(List<Term> plain) {
    List<Term> keys = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Term key = terms.any(plain);
      if (keys.stream().noneMatch(k -> k.sql().equals(key.sql()))) {
        keys.add(key);
      }
    }
    return keys;
  }

  /**
   * Groups by windows: a row for each when it closes; of sessions that are divided by other columns
   * than those of the groups, a changelog.
   */
  Rows grouped(Rows input) {
    Rows of = queries.named(input);
    List<Term> plain = of.terms("");
    List<Term> keys = keys(plain);
    if (terms.oneIn(4)) {
      List<Term> divided = terms.oneIn(4) ? keys(plain) : keys;
      Rows windowed = inSessions(of, of.time(), divided);
      return aggregated(windowed, plain.size(), keys, sql(divided).equals(sql(keys)));
    }
    return aggregated(inWindows(of, shape()), plain.size(), keys, true);
  }

  private static Set<String> sql(List<Term> of) {
    return of.stream().map(Term::sql).collect(Collectors.toSet());
  }

  private Rows aggregated(Rows windowed, int size, List<Term> keys, boolean closes) {
    List<Term> all = windowed.terms("");
    boolean hasTime = random.nextBoolean();
    List<Term> grouped = new ArrayList<>(keys);
    grouped.addAll(all.subList(size, size + (hasTime ? 3 : 2)));
    List<Summary> summaries =
        queries.summaries(all.subList(0, size), !windowed.from().contains("SESSION"));
    List<Integer> set = new ArrayList<>();
    for (int i = 0; i < grouped.size(); i++) {
      set.add(i);
    }
    List<@Nullable Object[]> groups = Queries.groups(windowed.rows(), grouped, set, summaries);
    List<Term> results = Queries.results(grouped, summaries);
    Queries.Projection projection = queries.projection(results);
    String having = "";
    if (terms.oneIn(5)) {
      Term condition = terms.condition(results.subList(grouped.size(), results.size()), 1);
      having = " HAVING " + condition.sql();
      groups = Queries.filtered(groups, condition);
    }
    String text =
        "(SELECT "
            + projection.sql()
            + " FROM "
            + windowed.from()
            + " GROUP BY "
            + String.join(", ", grouped.stream().map(Term::sql).toList())
            + having
            + ")";
    return new Rows(
        text,
        projection.columns(),
        projection.of(groups),
        closes,
        hasTime && closes ? grouped.size() - 1 : -1,
        false,
        closes);
  }

  /** Each row once for each of its windows. */
  Rows assigned(Rows input) {
    Rows of = queries.named(input);
    if (terms.oneIn(4)) {
      return inSessions(of);
    }
    Shape shape = shape();
    Rows windowed = inWindows(of, shape);
    Queries.Projection projection = queries.projection(windowed.terms(""));
    return new Rows(
        "(SELECT " + projection.sql() + " FROM " + windowed.from() + ")",
        projection.columns(),
        projection.of(windowed.rows()),
        true,
        of.time(),
        of.isTimeUnique() && shape.function().equals("TUMBLE"),
        false);
  }

  /** Each row with the session that it is in, by any column of times: a changelog. */
  private Rows inSessions(Rows of) {
    List<Integer> times = new ArrayList<>();
    for (int i = 0; i < of.columns().size(); i++) {
      if (of.columns().get(i).kind() == Kind.TIME) {
        times.add(i);
      }
    }
    Rows windowed = inSessions(of, terms.any(times), keys(of.terms("")));
    Queries.Projection projection = queries.projection(windowed.terms(""));
    return new Rows(
        "(SELECT " + projection.sql() + " FROM " + windowed.from() + ")",
        projection.columns(),
        projection.of(windowed.rows()),
        false,
        -1,
        false,
        false);
  }

  /** Rows of the same window. */
  Rows joined(Rows leftInput, Rows rightInput) {
    Shape shape = shape();
    Rows left = inWindows(queries.named(leftInput), shape);
    Rows right = inWindows(queries.named(rightInput), shape);
    return new Joins(queries).ofWindows(left, right);
  }

  /** The first rows of each window. */
  Rows top(Rows of) {
    Rows groups = grouped(of);
    Map<String, Term> bounds = new HashMap<>();
    String query = groups.from();
    for (Term term : groups.terms("")) {
      for (String bound : List.of("window_start", "window_end")) {
        if (query.contains(bound + " AS " + term.sql() + ",")
            || query.contains(bound + " AS " + term.sql() + " ")) {
          bounds.put(bound, term);
        }
      }
    }
    List<Term> keys = new ArrayList<>(bounds.values());
    Rows top = queries.top(groups, keys, groups.isAppend());
    return terms.oneIn(2) ? top : queries.view(top);
  }
}
