package io.fluxcore.domain.rowpattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The preferred match by trying everything in the order of preference, one way after the other: the
 * definition that {@link RowMatcher} is tested against.
 */
final class NaiveRowSearch {
  /** A row of the partition. */
  record Item(long time, String key, long value) {}

  /**
   * What a condition looks at: the rows of the match with their variables, the last one new.
   *
   * @param isFramed whether rows before the match cannot be looked at
   */
  record Candidate(List<Item> items, int start, List<String> labels, boolean isFramed) {
    int current() {
      return start + labels.size() - 1;
    }

    /** The rows of a variable, in their order. */
    List<Item> of(String variable) {
      List<Item> found = new ArrayList<>();
      for (int i = 0; i < labels.size(); i++) {
        if (variable.isEmpty() || labels.get(i).equals(variable)) {
          found.add(items.get(start + i));
        }
      }
      return found;
    }
  }

  /** A match: where it begins and the variables of its rows. */
  record Found(int start, List<String> labels) {}

  private final RowPattern pattern;
  private final Map<String, Predicate<Candidate>> conditions;
  private final long within;
  private final List<Item> items;
  private final boolean isFramed;
  private int start;
  private final List<String> labels = new ArrayList<>();

  NaiveRowSearch(
      RowPattern pattern,
      Map<String, Predicate<Candidate>> conditions,
      long within,
      List<Item> items,
      boolean isFramed) {
    this.pattern = pattern;
    this.conditions = conditions;
    this.within = within;
    this.items = items;
    this.isFramed = isFramed;
  }

  private interface Rest {
    boolean matches(int at);
  }

  /** The match that begins at a row; null if there is none. */
  Found find(int from) {
    start = from;
    labels.clear();
    return matches(pattern, from, at -> true) ? new Found(from, List.copyOf(labels)) : null;
  }

  private boolean matches(RowPattern part, int at, Rest rest) {
    if (part instanceof RowPattern.Variable variable) {
      return matches(variable.name(), at, rest);
    }
    if (part instanceof RowPattern.Sequence sequence) {
      return matches(sequence.parts(), at, rest);
    }
    if (part instanceof RowPattern.Alternation alternation) {
      return alternation.options().stream().anyMatch(option -> matches(option, at, rest));
    }
    if (part instanceof RowPattern.Permutation permutation) {
      return permuted(List.of(), permutation.parts(), at, rest);
    }
    if (part instanceof RowPattern.Quantified quantified) {
      return repeated(quantified, 0, at, rest);
    }
    if (part instanceof RowPattern.Exclusion exclusion) {
      return matches(exclusion.part(), at, rest);
    }
    boolean atStart = ((RowPattern.Anchor) part).atStart();
    return (atStart ? at == 0 : at == items.size()) && rest.matches(at);
  }

  private boolean matches(String variable, int at, Rest rest) {
    if (at >= items.size()
        || (within > 0 && items.get(at).time() - items.get(start).time() >= within)) {
      return false;
    }
    labels.add(variable);
    int length = labels.size();
    Predicate<Candidate> condition = conditions.getOrDefault(variable, candidate -> true);
    if (condition.test(new Candidate(items, start, labels, isFramed)) && rest.matches(at + 1)) {
      return true;
    }
    labels.subList(length - 1, labels.size()).clear();
    return false;
  }

  private boolean matches(List<RowPattern> parts, int at, Rest rest) {
    return parts.isEmpty()
        ? rest.matches(at)
        : matches(parts.get(0), at, next -> matches(parts.subList(1, parts.size()), next, rest));
  }

  private boolean permuted(List<RowPattern> chosen, List<RowPattern> left, int at, Rest rest) {
    if (left.isEmpty()) {
      return matches(chosen, at, rest);
    }
    for (int i = 0; i < left.size(); i++) {
      List<RowPattern> longer = new ArrayList<>(chosen);
      List<RowPattern> others = new ArrayList<>(left);
      longer.add(others.remove(i));
      if (permuted(longer, others, at, rest)) {
        return true;
      }
    }
    return false;
  }

  private boolean repeated(RowPattern.Quantified of, int times, int at, Rest rest) {
    if (times < of.least()) {
      return matches(of.part(), at, next -> repeated(of, times + 1, next, rest));
    }
    boolean isUnbounded = of.most() == RowPattern.Quantified.UNBOUNDED;
    boolean mayGoOn = isUnbounded || times < of.most();
    if (!of.greedy() && rest.matches(at)) {
      return true;
    }
    // a turn without a row changes nothing, and would go on for ever: it is the last
    if (mayGoOn
        && matches(
            of.part(),
            at,
            next ->
                next > at || !isUnbounded
                    ? repeated(of, times + 1, next, rest)
                    : rest.matches(next))) {
      return true;
    }
    return of.greedy() && rest.matches(at);
  }
}
