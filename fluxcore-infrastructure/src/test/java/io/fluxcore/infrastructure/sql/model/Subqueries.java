package io.fluxcore.infrastructure.sql.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Random subqueries in conditions and among columns, some of which look at the row around them. */
final class Subqueries {
  private final Queries queries;
  private final Terms terms;

  Subqueries(Queries queries) {
    this.queries = queries;
    this.terms = queries.terms;
  }

  /** A condition with a subquery, beside another one. */
  Term condition(List<Term> outer, Term other, int depth) {
    Term subquery = terms.oneIn(2) ? in(outer, depth) : exists(outer, depth);
    return switch (queries.random.nextInt(6)) {
      case 0 ->
          new Term(
              "(" + subquery.sql() + " OR " + other.sql() + ")",
              Kind.FLAG,
              row -> Logic.or((Boolean) subquery.value().of(row), (Boolean) other.value().of(row)));
      case 1 -> {
        Term scalar = scalar(outer, depth);
        String operator = terms.any(List.of("<", ">=", "="));
        Term against = terms.of(scalar.kind(), outer, 0);
        yield new Term(
            "(" + against.sql() + " " + operator + " " + scalar.sql() + ")",
            Kind.FLAG,
            row -> Logic.compared(operator, against.value().of(row), scalar.value().of(row)));
      }
      case 2 -> subquery;
      default -> other.and(subquery);
    };
  }

  private Rows inner(int depth) {
    Rows inner = queries.any(Math.min(1, depth - 2));
    return inner.rows().size() > 60 ? queries.grouped(inner) : inner;
  }

  private Term in(List<Term> outer, int depth) {
    Rows inner = inner(depth);
    String alias = queries.name("t");
    Term column = terms.any(inner.terms(alias));
    Term of = terms.of(column.kind(), outer, 0);
    boolean negated = terms.oneIn(2);
    Term where = where(outer, inner.terms(alias, 0), false);
    List<@Nullable Object[]> rows = Queries.filtered(inner.rows(), where);
    return new Term(
        "("
            + of.sql()
            + (negated ? " NOT IN" : " IN")
            + " (SELECT "
            + column.sql()
            + " FROM "
            + inner.from()
            + " AS "
            + alias
            + " WHERE "
            + where.sql()
            + "))",
        Kind.FLAG,
        row -> {
          Boolean found = false;
          for (@Nullable Object[] other : rows) {
            found =
                Logic.or(found, Logic.compared("=", of.value().of(row), column.value().of(other)));
          }
          return negated ? Logic.not(found) : found;
        });
  }

  /** A condition on the rows of a subquery. */
  private Term where(List<Term> outer, List<Term> inner, boolean looksOut) {
    Term plain = terms.condition(inner, 1);
    if (!looksOut) {
      return plain;
    }
    int size = outer.size();
    Kind kind = terms.any(inner).kind();
    List<Term> own = inner.stream().filter(t -> t.kind() == kind).toList();
    List<Term> around =
        outer.stream().filter(t -> t.kind() == kind && t.sql().contains(".")).toList();
    Term shifted = shifted(plain, size);
    if (around.isEmpty()) {
      return shifted;
    }
    Term a = shifted(terms.any(own), size);
    Term b = terms.any(around);
    String operator = terms.oneIn(4) ? terms.any(List.of("<", "<>", ">=")) : "=";
    Term correlation =
        new Term(
            "(" + a.sql() + " " + operator + " " + b.sql() + ")",
            Kind.FLAG,
            row -> Logic.compared(operator, a.value().of(row), b.value().of(row)));
    return terms.oneIn(2) ? correlation : correlation.and(shifted);
  }

  /** Over rows in which its columns are behind those of the query around. */
  private static Term shifted(Term term, int by) {
    return new Term(
        term.sql(),
        term.kind(),
        row -> {
          @Nullable Object[] own = new Object[row.length - by];
          System.arraycopy(row, by, own, 0, own.length);
          return term.value().of(own);
        });
  }

  private Term exists(List<Term> outer, int depth) {
    Rows inner = inner(depth);
    String alias = queries.name("t");
    boolean negated = terms.oneIn(2);
    Term where = where(outer, inner.terms(alias), true);
    return new Term(
        "("
            + (negated ? "NOT " : "")
            + "EXISTS (SELECT 1 FROM "
            + inner.from()
            + " AS "
            + alias
            + " WHERE "
            + where.sql()
            + "))",
        Kind.FLAG,
        row ->
            inner.rows().stream().anyMatch(other -> where.holds(Rows.joined(row, other)))
                != negated);
  }

  /** The only value of a subquery: an aggregate of all its rows. */
  Term scalar(List<Term> outer, int depth) {
    Rows inner = inner(depth);
    String alias = queries.name("t");
    List<Term> columns = inner.terms(alias);
    Summary summary = Summary.of(terms, columns, false);
    boolean looksOut = terms.oneIn(2);
    Term where = where(outer, columns, looksOut);
    return new Term(
        "(SELECT "
            + summary.sql()
            + " FROM "
            + inner.from()
            + " AS "
            + alias
            + " WHERE "
            + where.sql()
            + ")",
        summary.kind(),
        row ->
            summary
                .value()
                .of(
                    inner.rows().stream()
                        .filter(other -> where.holds(looksOut ? Rows.joined(row, other) : other))
                        .toList()));
  }
}
