package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.rowpattern.MatchTerm.Aggregate;
import io.fluxcore.domain.rowpattern.MatchTerm.Navigation;
import io.fluxcore.domain.rowpattern.NaiveRowSearch.Candidate;
import io.fluxcore.domain.rowpattern.NaiveRowSearch.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A row pattern with what its variables must be, in the words of the engine and as code.
 *
 * @param definitions for the engine
 * @param conditions the same as code
 */
record RandomRowPattern(
    RowPattern pattern,
    Map<String, MatchExpression> definitions,
    Map<String, Predicate<Candidate>> conditions,
    long within) {
  private static final List<String> VARIABLES = List.of("A", "B", "C");
  private static final Expression VALUE = Expression.column("value");

  static RandomRowPattern of(Random random) {
    RowPattern pattern = pattern(random, 3);
    if (random.nextInt(12) == 0) {
      pattern =
          random.nextBoolean()
              ? new RowPattern.Sequence(List.of(new RowPattern.Anchor(true), pattern))
              : new RowPattern.Sequence(List.of(pattern, new RowPattern.Anchor(false)));
    }
    Map<String, MatchExpression> definitions = new LinkedHashMap<>();
    Map<String, Predicate<Candidate>> conditions = new LinkedHashMap<>();
    for (String variable : pattern.variables()) {
      if (random.nextInt(5) > 0) {
        define(variable, random, definitions, conditions);
      }
    }
    long within = random.nextInt(3) == 0 ? 5 + random.nextInt(20) : 0;
    return new RandomRowPattern(pattern, definitions, conditions, within);
  }

  static RowPattern pattern(Random random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return new RowPattern.Variable(VARIABLES.get(random.nextInt(VARIABLES.size())));
    }
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> RowPattern.sequence(patterns(random, depth));
      case 4, 5 -> RowPattern.alternation(patterns(random, depth));
      case 6 -> new RowPattern.Permutation(patterns(random, Math.min(depth, 2)));
      case 7 -> new RowPattern.Sequence(List.of());
      case 8 -> new RowPattern.Exclusion(pattern(random, depth - 1));
      default -> quantified(pattern(random, depth - 1), random);
    };
  }

  private static List<RowPattern> patterns(Random random, int depth) {
    List<RowPattern> parts = new ArrayList<>();
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      parts.add(pattern(random, depth - 1));
    }
    return parts;
  }

  private static RowPattern quantified(RowPattern part, Random random) {
    int least = random.nextInt(3);
    int most =
        random.nextInt(3) > 0
            ? RowPattern.Quantified.UNBOUNDED
            : Math.max(1, least + random.nextInt(3));
    return new RowPattern.Quantified(part, least, most, random.nextInt(3) > 0);
  }

  private static Navigation value(Set<String> of, boolean last, int offset, int rows) {
    return new Navigation(VALUE, of, last, offset, rows, false);
  }

  private static void define(
      String variable,
      Random random,
      Map<String, MatchExpression> definitions,
      Map<String, Predicate<Candidate>> conditions) {
    int bound = random.nextInt(5);
    String other = VARIABLES.get(random.nextInt(VARIABLES.size()));
    Map<String, MatchTerm> terms = new LinkedHashMap<>();
    terms.put("own", value(Set.of(), true, 0, 0));
    String text;
    Predicate<Candidate> condition;
    switch (random.nextInt(7)) {
      case 0 -> {
        text = "own >= " + bound;
        condition = c -> own(c) >= bound;
      }
      case 1 -> {
        int rows = random.nextBoolean() ? -1 : 1;
        terms.put("near", value(Set.of(variable), true, 0, rows));
        text = "own <= near";
        condition =
            c -> {
              int at = c.current() + rows;
              return at >= (c.isFramed() ? c.start() : 0)
                  && at < c.items().size()
                  && own(c) <= c.items().get(at).value();
            };
      }
      case 2 -> {
        terms.put("last", value(Set.of(other), true, 0, 0));
        text = "last is null or own >= last";
        condition =
            c -> {
              List<Item> of = c.of(other);
              return of.isEmpty() || own(c) >= of.get(of.size() - 1).value();
            };
      }
      case 3 -> {
        terms.put("first", value(Set.of(), false, 0, 0));
        text = "own <= first";
        condition = c -> own(c) <= c.items().get(c.start()).value();
      }
      case 4 -> {
        terms.put("total", new Aggregate(MatchAggregate.SUM, List.of(VALUE), Set.of(other), false));
        text = "coalesce(total, 0) <= " + 3 * bound;
        condition = c -> c.of(other).stream().mapToLong(Item::value).sum() <= 3L * bound;
      }
      case 5 -> {
        terms.put("count", new Aggregate(MatchAggregate.COUNT, List.of(), Set.of(other), false));
        text = "count <= " + bound;
        condition = c -> c.of(other).size() <= bound;
      }
      default -> {
        terms.put(
            "label",
            new Navigation(Expression.column(MatchTerm.CLASSIFIER), Set.of(), true, 1, 0, false));
        text = "label is null or label = '" + other + "'";
        condition =
            c -> c.labels().size() < 2 || c.labels().get(c.labels().size() - 2).equals(other);
      }
    }
    Expression expression = Expression.parse(text);
    terms.keySet().retainAll(expression.fields());
    definitions.put(variable, new MatchExpression(expression, terms));
    conditions.put(variable, condition);
  }

  private static long own(Candidate candidate) {
    return candidate.items().get(candidate.current()).value();
  }
}
