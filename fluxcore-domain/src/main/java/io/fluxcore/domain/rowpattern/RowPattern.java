package io.fluxcore.domain.rowpattern;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A regular expression over the variables that rows are mapped to. Immutable; prints itself as
 * {@link #parse} reads it.
 */
public sealed interface RowPattern {
  /** Parentheses within parentheses that {@link #parse(String)} reads: more are a mistake. */
  int MAX_PARENTHESES = 250;

  /**
   * The pattern of a text as SQL writes it: {@code A B+ (C | D)*}.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER with line and column, if it
   *     is not one
   */
  static RowPattern parse(String text) {
    return parse(text, MAX_PARENTHESES);
  }

  /**
   * The same with so many parentheses within each other at most.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER with line and column, if it
   *     is not one
   */
  static RowPattern parse(String text, int mostParentheses) {
    return RowPatternReader.read(text, mostParentheses);
  }

  /** One behind the other; a part alone is itself. */
  static RowPattern sequence(List<RowPattern> parts) {
    return parts.size() == 1 ? parts.get(0) : new Sequence(parts);
  }

  /** One of them; an option alone is itself. */
  static RowPattern alternation(List<RowPattern> options) {
    return options.size() == 1 ? options.get(0) : new Alternation(options);
  }

  /** A row of a variable. */
  record Variable(String name) implements RowPattern {
    @Override
    public String toString() {
      return RowPatternReader.written(name);
    }
  }

  /** One behind the other, two or more; none: the empty pattern. */
  record Sequence(List<RowPattern> parts) implements RowPattern {
    public Sequence {
      parts = List.copyOf(parts);
      if (parts.size() == 1) {
        throw new IllegalArgumentException("a sequence of one part is that part");
      }
    }

    @Override
    public String toString() {
      return parts.stream().map(RowPattern::toString).collect(Collectors.joining(" ", "(", ")"));
    }
  }

  /** One of two or more; those that are written first are preferred. */
  record Alternation(List<RowPattern> options) implements RowPattern {
    public Alternation {
      options = List.copyOf(options);
      if (options.size() < 2) {
        throw new IllegalArgumentException("an alternation of " + options + " has no choice");
      }
    }

    @Override
    public String toString() {
      return options.stream()
          .map(RowPattern::toString)
          .collect(Collectors.joining(" | ", "(", ")"));
    }
  }

  /** All of them in any order; the orders are preferred in the order of the list. */
  record Permutation(List<RowPattern> parts) implements RowPattern {
    public Permutation {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("a permutation has a part");
      }
    }

    @Override
    public String toString() {
      return parts.stream()
          .map(RowPattern::toString)
          .collect(Collectors.joining(", ", "PERMUTE(", ")"));
    }
  }

  /**
   * So many times.
   *
   * @param most {@link #UNBOUNDED} where there is no bound
   * @param greedy whether more are preferred
   */
  record Quantified(RowPattern part, int least, int most, boolean greedy) implements RowPattern {
    /** There is no upper bound. */
    public static final int UNBOUNDED = -1;

    public Quantified {
      if (least < 0 || (most != UNBOUNDED && (most < least || most == 0))) {
        throw new IllegalArgumentException("a quantifier from " + least + " to " + most);
      }
    }

    @Override
    public String toString() {
      return (part instanceof Quantified ? "(" + part + ")" : part)
          + "{"
          + least
          + ","
          + (most == UNBOUNDED ? "" : String.valueOf(most))
          + "}"
          + (greedy ? "" : "?");
    }
  }

  /** What matches and is left out of the rows of the match. */
  record Exclusion(RowPattern part) implements RowPattern {
    @Override
    public String toString() {
      return "{- " + part + " -}";
    }
  }

  /** The place before the first row of the partition, or behind its last. */
  record Anchor(boolean atStart) implements RowPattern {
    @Override
    public String toString() {
      return atStart ? "^" : "$";
    }
  }

  /** The variables in the order in which they are first written. */
  default Set<String> variables() {
    Set<String> names = new LinkedHashSet<>();
    collect(this, names);
    return names;
  }

  private static void collect(RowPattern pattern, Set<String> names) {
    if (pattern instanceof Variable variable) {
      names.add(variable.name());
    } else if (pattern instanceof Sequence sequence) {
      sequence.parts().forEach(part -> collect(part, names));
    } else if (pattern instanceof Alternation alternation) {
      alternation.options().forEach(part -> collect(part, names));
    } else if (pattern instanceof Permutation permutation) {
      permutation.parts().forEach(part -> collect(part, names));
    } else if (pattern instanceof Quantified quantified) {
      collect(quantified.part(), names);
    } else if (pattern instanceof Exclusion exclusion) {
      collect(exclusion.part(), names);
    }
  }

  /** Whether rows are left out of matches. */
  default boolean hasExclusion() {
    if (this instanceof Exclusion) {
      return true;
    }
    if (this instanceof Sequence sequence) {
      return sequence.parts().stream().anyMatch(RowPattern::hasExclusion);
    }
    if (this instanceof Alternation alternation) {
      return alternation.options().stream().anyMatch(RowPattern::hasExclusion);
    }
    if (this instanceof Permutation permutation) {
      return permutation.parts().stream().anyMatch(RowPattern::hasExclusion);
    }
    return this instanceof Quantified quantified && quantified.part().hasExclusion();
  }
}
