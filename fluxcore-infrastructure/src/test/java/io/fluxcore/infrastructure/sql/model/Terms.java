package io.fluxcore.infrastructure.sql.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Random expressions over the columns of rows. */
final class Terms {
  static final LocalDateTime EPOCH = LocalDateTime.of(2024, 2, 28, 23, 59, 0);
  private static final List<String> COMPARISONS = List.of("=", "<>", "<", "<=", ">", ">=");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private final Random random;

  Terms(Random random) {
    this.random = random;
  }

  <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  Kind kind() {
    return any(List.of(Kind.LONG, Kind.LONG, Kind.TEXT, Kind.DECIMAL, Kind.TIME, Kind.FLAG));
  }

  /** An expression of a kind over terms. */
  Term of(Kind kind, List<Term> over, int depth) {
    List<Term> columns = over.stream().filter(term -> term.kind() == kind).toList();
    if (depth <= 0 || oneIn(3)) {
      return columns.isEmpty() || oneIn(5) ? literal(kind) : any(columns);
    }
    if (oneIn(6)) {
      return choice(kind, over, depth - 1);
    }
    return switch (kind) {
      case LONG -> number(over, depth - 1);
      case DECIMAL -> decimal(over, depth - 1);
      case TEXT -> text(over, depth - 1);
      case FLAG -> condition(over, depth);
      case TIME -> time(over, depth - 1);
    };
  }

  Term literal(Kind kind) {
    if (oneIn(12)) {
      return new Term("CAST(NULL AS " + kind.sql() + ")", kind, row -> null);
    }
    return switch (kind) {
      case LONG -> {
        long value = random.nextInt(8) - 2;
        yield new Term(value < 0 ? "(" + value + ")" : "" + value, kind, row -> value);
      }
      case DECIMAL -> {
        BigDecimal value = BigDecimal.valueOf(random.nextInt(900) - 200L, 2);
        yield new Term("CAST(" + value + " AS DECIMAL(10, 2))", kind, row -> value);
      }
      case TEXT -> {
        String value = any(Inputs.TEXTS);
        yield new Term("'" + value.replace("'", "''") + "'", kind, row -> value);
      }
      case FLAG -> {
        boolean value = random.nextBoolean();
        yield new Term(value ? "TRUE" : "FALSE", kind, row -> value);
      }
      case TIME -> {
        LocalDateTime value = EPOCH.plus(random.nextInt(120_000), ChronoUnit.MILLIS);
        yield new Term("TIMESTAMP '" + TIME.format(value) + "'", kind, row -> value);
      }
    };
  }

  private Term choice(Kind kind, List<Term> over, int depth) {
    Term first = of(kind, over, depth);
    Term second = of(kind, over, depth);
    if (oneIn(3)) {
      return binary("COALESCE(%s, %s)", kind, first, second, false, (a, b) -> a != null ? a : b);
    }
    if (oneIn(3)) {
      return binary(
          "NULLIF(%s, %s)",
          kind,
          first,
          second,
          false,
          (a, b) -> a != null && b != null && Logic.compare(a, b) == 0 ? null : a);
    }
    Term when = condition(over, depth);
    if (oneIn(3)) {
      return new Term(
          "CASE WHEN " + when.sql() + " THEN " + first.sql() + " END",
          kind,
          row -> when.holds(row) ? first.value().of(row) : null);
    }
    return new Term(
        "CASE WHEN " + when.sql() + " THEN " + first.sql() + " ELSE " + second.sql() + " END",
        kind,
        row -> when.holds(row) ? first.value().of(row) : second.value().of(row));
  }

  private static Term unary(String format, Kind kind, Term of, UnaryOperator<Object> function) {
    return new Term(
        String.format(Locale.ROOT, format, of.sql()),
        kind,
        row -> {
          Object value = of.value().of(row);
          return value == null ? null : function.apply(value);
        });
  }

  /**
   * @param isStrict whether it is null where either is
   */
  private static Term binary(
      String format,
      Kind kind,
      Term a,
      Term b,
      boolean isStrict,
      BiFunction<@Nullable Object, @Nullable Object, @Nullable Object> function) {
    return new Term(
        String.format(Locale.ROOT, format, a.sql(), b.sql()),
        kind,
        row -> {
          Object left = a.value().of(row);
          Object right = b.value().of(row);
          return isStrict && (left == null || right == null) ? null : function.apply(left, right);
        });
  }

  private Term number(List<Term> over, int depth) {
    Term a = of(Kind.LONG, over, depth);
    Term text = of(Kind.TEXT, over, depth);
    return switch (random.nextInt(11)) {
      case 0, 1 ->
          binary(
              "(%s + %s)",
              Kind.LONG, a, of(Kind.LONG, over, depth), true, (x, y) -> (Long) x + (Long) y);
      case 2 ->
          binary(
              "(%s - %s)",
              Kind.LONG, a, of(Kind.LONG, over, depth), true, (x, y) -> (Long) x - (Long) y);
      case 3 ->
          binary(
              "(%s * %s)", Kind.LONG, a, literal(Kind.LONG), true, (x, y) -> (Long) x * (Long) y);
      case 4 -> unary("(%s / 3)", Kind.LONG, a, x -> (Long) x / 3);
      case 5 -> unary("MOD(%s, 3)", Kind.LONG, a, x -> (Long) x % 3);
      case 6 -> unary("ABS(%s)", Kind.LONG, a, x -> Math.abs((Long) x));
      case 7 -> unary("(-%s)", Kind.LONG, a, x -> -(Long) x);
      case 8 -> unary("CHAR_LENGTH(%s)", Kind.LONG, text, x -> (long) ((String) x).length());
      case 9 ->
          binary(
              "POSITION(%s IN %s)",
              Kind.LONG,
              literal(Kind.TEXT),
              text,
              true,
              (x, y) -> ((String) y).indexOf((String) x) + 1L);
      default ->
          unary(
              "EXTRACT(SECOND FROM %s)",
              Kind.LONG, of(Kind.TIME, over, depth), x -> (long) ((LocalDateTime) x).getSecond());
    };
  }

  private Term decimal(List<Term> over, int depth) {
    Term a = of(Kind.DECIMAL, over, depth);
    return switch (random.nextInt(5)) {
      case 0 ->
          binary(
              "(%s + %s)",
              Kind.DECIMAL,
              a,
              literal(Kind.DECIMAL),
              true,
              (x, y) -> ((BigDecimal) x).add((BigDecimal) y));
      case 1 ->
          binary(
              "(%s - %s)",
              Kind.DECIMAL,
              a,
              literal(Kind.DECIMAL),
              true,
              (x, y) -> ((BigDecimal) x).subtract((BigDecimal) y));
      case 2 -> unary("(-%s)", Kind.DECIMAL, a, x -> ((BigDecimal) x).negate());
      case 3 -> unary("ABS(%s)", Kind.DECIMAL, a, x -> ((BigDecimal) x).abs());
      default ->
          unary(
              "CAST(%s AS DECIMAL(10, 2))",
              Kind.DECIMAL,
              of(Kind.LONG, over, 0),
              x -> BigDecimal.valueOf((Long) x).setScale(2, RoundingMode.UNNECESSARY));
    };
  }

  private Term text(List<Term> over, int depth) {
    Term a = of(Kind.TEXT, over, depth);
    return switch (random.nextInt(7)) {
      case 0 -> unary("UPPER(%s)", Kind.TEXT, a, x -> ((String) x).toUpperCase(Locale.ROOT));
      case 1 -> unary("LOWER(%s)", Kind.TEXT, a, x -> ((String) x).toLowerCase(Locale.ROOT));
      case 2 ->
          binary(
              "(%s || %s)", Kind.TEXT, a, of(Kind.TEXT, over, 0), true, (x, y) -> (String) x + y);
      case 3 -> {
        int from = 1 + random.nextInt(2);
        int length = random.nextInt(3);
        yield unary(
            "SUBSTRING(%s FROM " + from + " FOR " + length + ")",
            Kind.TEXT,
            a,
            x -> {
              String text = (String) x;
              int begin = Math.min(text.length(), from - 1);
              return text.substring(begin, Math.min(text.length(), begin + length));
            });
      }
      case 4 -> unary("TRIM(%s)", Kind.TEXT, a, x -> trimmed((String) x));
      case 5 -> unary("REPLACE(%s, 'a', 'bb')", Kind.TEXT, a, x -> ((String) x).replace("a", "bb"));
      default ->
          unary("CAST(%s AS STRING)", Kind.TEXT, of(Kind.LONG, over, depth), Object::toString);
    };
  }

  private static String trimmed(String text) {
    String from = text.replaceAll("^ +", "");
    return from.replaceAll(" +$", "");
  }

  private Term time(List<Term> over, int depth) {
    Term a = of(Kind.TIME, over, depth);
    int seconds = 1 + random.nextInt(20);
    return switch (random.nextInt(3)) {
      case 0 ->
          unary(
              "(%s + INTERVAL '" + seconds + "' SECOND)",
              Kind.TIME,
              a,
              x -> ((LocalDateTime) x).plusSeconds(seconds));
      case 1 ->
          unary(
              "(%s - INTERVAL '" + seconds + "' SECOND)",
              Kind.TIME,
              a,
              x -> ((LocalDateTime) x).minusSeconds(seconds));
      default ->
          unary(
              "FLOOR(%s TO MINUTE)",
              Kind.TIME, a, x -> ((LocalDateTime) x).truncatedTo(ChronoUnit.MINUTES));
    };
  }

  /** A condition, which may be null. */
  Term condition(List<Term> over, int depth) {
    if (depth <= 0) {
      return comparison(over, 0);
    }
    Term a = condition(over, depth - 1);
    return switch (random.nextInt(10)) {
      case 0, 1 -> a.and(condition(over, depth - 1));
      case 2, 3 ->
          binary(
              "(%s OR %s)",
              Kind.FLAG,
              a,
              condition(over, depth - 1),
              false,
              (x, y) -> Logic.or((Boolean) x, (Boolean) y));
      case 4 -> unary("(NOT %s)", Kind.FLAG, a, x -> Logic.not((Boolean) x));
      case 5 -> isNull(of(kind(), over, depth - 1));
      case 6 -> {
        boolean wanted = random.nextBoolean();
        yield new Term(
            "(" + a.sql() + " IS " + (wanted ? "TRUE" : "NOT TRUE") + ")",
            Kind.FLAG,
            row -> a.holds(row) == wanted);
      }
      default -> comparison(over, depth - 1);
    };
  }

  private Term isNull(Term of) {
    boolean wanted = random.nextBoolean();
    return new Term(
        "(" + of.sql() + " IS " + (wanted ? "NULL" : "NOT NULL") + ")",
        Kind.FLAG,
        row -> (of.value().of(row) == null) == wanted);
  }

  private Term comparison(List<Term> over, int depth) {
    Kind kind = kind();
    Term a = of(kind, over, depth);
    if (kind == Kind.FLAG) {
      return a;
    }
    Term b = of(kind, over, depth);
    switch (random.nextInt(6)) {
      case 0 -> {
        Term c = literal(kind);
        return new Term(
            "(" + a.sql() + " BETWEEN " + b.sql() + " AND " + c.sql() + ")",
            Kind.FLAG,
            row ->
                Logic.and(
                    Logic.compared(">=", a.value().of(row), b.value().of(row)),
                    Logic.compared("<=", a.value().of(row), c.value().of(row))));
      }
      case 1 -> {
        Term c = literal(kind);
        boolean negated = oneIn(3);
        return new Term(
            "(" + a.sql() + (negated ? " NOT" : "") + " IN (" + b.sql() + ", " + c.sql() + "))",
            Kind.FLAG,
            row -> {
              Boolean in =
                  Logic.or(
                      Logic.compared("=", a.value().of(row), b.value().of(row)),
                      Logic.compared("=", a.value().of(row), c.value().of(row)));
              return negated ? Logic.not(in) : in;
            });
      }
      case 2 -> {
        boolean negated = random.nextBoolean();
        return new Term(
            "(" + a.sql() + " IS " + (negated ? "NOT " : "") + "DISTINCT FROM " + b.sql() + ")",
            Kind.FLAG,
            row -> (Logic.ORDER.compare(a.value().of(row), b.value().of(row)) == 0) == negated);
      }
      default -> {
        if (kind == Kind.TEXT && oneIn(3)) {
          return unary("(%s LIKE '%%a_')", Kind.FLAG, a, x -> ((String) x).matches("(?s).*a."));
        }
        String operator = any(COMPARISONS);
        return binary(
            "(%s " + operator + " %s)",
            Kind.FLAG,
            a,
            b,
            false,
            (x, y) -> Logic.compared(operator, x, y));
      }
    }
  }

  static long millis(@Nullable Object time) {
    if (time == null) {
      throw new IllegalArgumentException("a time is null");
    }
    return ((LocalDateTime) time).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  static LocalDateTime time(long millis) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(millis, 1000L),
        (int) Math.floorMod(millis, 1000L) * 1_000_000,
        ZoneOffset.UTC);
  }
}
