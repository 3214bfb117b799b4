package io.fluxcore.infrastructure.sql.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random joins. */
final class Joins {
  private enum Type {
    INNER("JOIN", false, false),
    LEFT("LEFT JOIN", true, false),
    RIGHT("RIGHT JOIN", false, true),
    FULL("FULL JOIN", true, true);

    private final String sql;
    private final boolean givesLeft;
    private final boolean givesRight;

    Type(String sql, boolean givesLeft, boolean givesRight) {
      this.sql = sql;
      this.givesLeft = givesLeft;
      this.givesRight = givesRight;
    }
  }

  private static final int MOST_PAIRS = 20_000;

  private final Queries queries;
  private final Random random;
  private final Terms terms;

  Joins(Queries queries) {
    this.queries = queries;
    this.random = queries.random;
    this.terms = queries.terms;
  }

  private Type type() {
    return Type.values()[random.nextInt(Type.values().length)];
  }

  private static List<@Nullable Object[]> joined(Rows left, Rows right, Type type, Term condition) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    boolean[] matched = new boolean[right.rows().size()];
    for (@Nullable Object[] l : left.rows()) {
      boolean isMatched = false;
      for (int r = 0; r < matched.length; r++) {
        @Nullable Object[] both = Rows.joined(l, right.rows().get(r));
        if (condition.holds(both)) {
          isMatched = true;
          matched[r] = true;
          rows.add(both);
        }
      }
      if (!isMatched && type.givesLeft) {
        rows.add(Rows.joined(l, new Object[right.columns().size()]));
      }
    }
    for (int r = 0; r < matched.length; r++) {
      if (!matched[r] && type.givesRight) {
        rows.add(Rows.joined(new Object[left.columns().size()], right.rows().get(r)));
      }
    }
    return rows;
  }

  /** Sometimes one in which nulls are equal. */
  private Term equal(Term a, Term b) {
    if (terms.oneIn(5)) {
      return new Term(
          "(" + a.sql() + " IS NOT DISTINCT FROM " + b.sql() + ")",
          Kind.FLAG,
          row -> Logic.ORDER.compare(a.value().of(row), b.value().of(row)) == 0);
    }
    return new Term(
        "(" + a.sql() + " = " + b.sql() + ")",
        Kind.FLAG,
        row -> Logic.compared("=", a.value().of(row), b.value().of(row)));
  }

  /** An equality of columns of both sides, or null if no two are of one kind. */
  private @Nullable Term equality(List<Term> left, List<Term> right) {
    for (int i = 0; i < 4; i++) {
      Term a = terms.any(left);
      List<Term> same = right.stream().filter(term -> term.kind() == a.kind()).toList();
      if (!same.isEmpty() && (a.kind() != Kind.FLAG || i == 3)) {
        return equal(a, terms.any(same));
      }
    }
    return null;
  }

  /** The condition with more of it, sometimes. */
  private @Nullable Term also(@Nullable Term condition, List<Term> left, List<Term> right) {
    if (condition != null && !terms.oneIn(3)) {
      return condition;
    }
    List<Term> both = new ArrayList<>(left);
    both.addAll(right);
    Term more = terms.oneIn(3) ? equality(left, right) : terms.condition(both, 1);
    return condition == null || more == null ? condition : condition.and(more);
  }

  /** Columns of the pairs; those of which one is asked for come first. */
  private List<Term> some(List<Term> columns, @Nullable Term first) {
    List<Term> chosen = new ArrayList<>();
    if (first != null) {
      chosen.add(first);
    }
    for (int i = 1 + random.nextInt(5); i >= 0; i--) {
      chosen.add(terms.oneIn(5) ? terms.of(terms.kind(), columns, 1) : terms.any(columns));
    }
    return chosen;
  }

  private Rows result(
      Rows left,
      String leftAlias,
      Rows right,
      String rightAlias,
      Type type,
      Term condition,
      boolean isAppend,
      @Nullable Term time) {
    List<Term> columns = new ArrayList<>(left.terms(leftAlias));
    columns.addAll(right.terms(rightAlias, left.columns().size()));
    Queries.Projection projection = queries.projection(some(columns, time));
    return new Rows(
        "(SELECT "
            + projection.sql()
            + " FROM "
            + left.from()
            + " AS "
            + leftAlias
            + " "
            + type.sql
            + " "
            + right.from()
            + " AS "
            + rightAlias
            + " ON "
            + condition.sql()
            + ")",
        projection.columns(),
        projection.of(joined(left, right, type, condition)),
        isAppend,
        time == null ? -1 : 0,
        false,
        false);
  }

  /** Of all rows. */
  Rows unbounded(Rows left, Rows right) {
    if (left.rows().size() * right.rows().size() > MOST_PAIRS) {
      return queries.grouped(left);
    }
    String a = queries.name("t");
    String b = queries.name("t");
    List<Term> l = left.terms(a);
    List<Term> r = right.terms(b, left.columns().size());
    Term condition = also(equality(l, r), l, r);
    Type type = type();
    if (condition == null) {
      return queries.grouped(right);
    }
    boolean isAppend = type == Type.INNER && left.isAppend() && right.isAppend();
    return result(left, a, right, b, type, condition, isAppend, null);
  }

  /** Of rows whose times are near each other. */
  Rows interval(Rows left, Rows right) {
    String a = queries.name("t");
    String b = queries.name("t");
    List<Term> l = left.terms(a);
    List<Term> r = right.terms(b, left.columns().size());
    Term leftTime = l.get(left.time());
    Term rightTime = r.get(right.time());
    int before = random.nextInt(12);
    int after = random.nextInt(12) - (terms.oneIn(4) ? 10 : 0);
    String plus =
        after < 0 ? " - INTERVAL '" + -after + "' SECOND" : " + INTERVAL '" + after + "' SECOND";
    // spotless:off
    Term near =
        new Term(
            "("
                + leftTime.sql()
                + " BETWEEN "
                + rightTime.sql()
                + " - INTERVAL '"
                + before
                + "' SECOND AND "
                + rightTime.sql()
                + plus
                + ")",
            Kind.FLAG,
            row -> {
              Object x = leftTime.value().of(row);
              Object y = rightTime.value().of(row);
              if (x == null || y == null) {
                return null;
              }
              long distance = Terms.millis(x) - Terms.millis(y);
              return distance >= -before * 1_000L && distance <= after * 1_000L;
            });
    // spotless:on
    Term equality = terms.oneIn(6) ? null : also(equality(l, r), l, r);
    Type type = type();
    Term time = null;
    if (before == 0 && !type.givesRight) {
      time = leftTime; // never before the right one
    } else if (after <= 0 && !type.givesLeft) {
      time = rightTime;
    }
    return result(
        left, a, right, b, type, equality == null ? near : near.and(equality), true, time);
  }

  /** Of rows of the same window: their bounds are the last three columns of both sides. */
  Rows ofWindows(Rows left, Rows right) {
    String a = queries.name("t");
    String b = queries.name("t");
    List<Term> l = left.terms(a);
    List<Term> r = right.terms(b, left.columns().size());
    int x = l.size() - 3;
    int y = r.size() - 3;
    Term condition = equal(l.get(x), r.get(y)).and(equal(l.get(x + 1), r.get(y + 1)));
    Term equality =
        also(equality(l.subList(0, x), r.subList(0, y)), l.subList(0, x), r.subList(0, y));
    Type type = type();
    Rows result =
        result(
            selectAll(left),
            a,
            selectAll(right),
            b,
            type,
            equality == null ? condition : equality.and(condition),
            true,
            type.givesRight ? null : l.get(x + 2));
    return result;
  }

  private static Rows selectAll(Rows of) {
    return new Rows(
        "(SELECT * FROM " + of.from() + ")",
        of.columns(),
        of.rows(),
        of.isAppend(),
        of.time(),
        of.isTimeUnique(),
        of.isOfWindow());
  }

  /** With the version of a table at the time of each row. */
  Rows temporal(Rows left, Inputs.Table table) {
    Rows right = queries.table(table);
    String a = queries.name("t");
    String b = queries.name("t");
    List<Term> l = left.terms(a);
    List<Term> r = right.terms(b, left.columns().size());
    Term key = r.get(0);
    List<Term> keys = l.stream().filter(term -> term.kind() == key.kind()).toList();
    if (keys.isEmpty()) {
      return queries.grouped(left);
    }
    Term leftKey = terms.any(keys);
    boolean isOuter = random.nextBoolean();
    Term time = l.get(left.time());
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (@Nullable Object[] row : left.rows()) {
      @Nullable Object[] version = version(table, leftKey.value().of(row), time.value().of(row));
      if (version != null || isOuter) {
        rows.add(Rows.joined(row, version == null ? new Object[right.columns().size()] : version));
      }
    }
    List<Term> columns = new ArrayList<>(l);
    columns.addAll(r);
    Queries.Projection projection = queries.projection(some(columns, time));
    String text =
        "(SELECT "
            + projection.sql()
            + " FROM "
            + left.from()
            + " AS "
            + a
            + (isOuter ? " LEFT JOIN " : " JOIN ")
            + right.from()
            + " FOR SYSTEM_TIME AS OF "
            + time.sql()
            + " AS "
            + b
            + " ON "
            + leftKey.sql()
            + " = "
            + key.sql()
            + ")";
    return new Rows(
        text, projection.columns(), projection.of(rows), true, 0, left.isTimeUnique(), false);
  }

  private static @Nullable Object @Nullable [] version(
      Inputs.Table table, @Nullable Object key, @Nullable Object time) {
    @Nullable Object[] version = null;
    for (Inputs.Change change : table.versions()) {
      if (change.row()[0].equals(key) && Logic.compare(change.row()[5], time) <= 0) {
        version = change.isDeletion() ? null : change.row();
      }
    }
    return version;
  }
}
