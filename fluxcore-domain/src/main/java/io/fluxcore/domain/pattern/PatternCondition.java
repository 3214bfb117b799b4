package io.fluxcore.domain.pattern;

import io.fluxcore.domain.expression.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a stage asks of an event. Immutable; portable ones are equal where their text is. */
public sealed interface PatternCondition {
  /** Whether it can be stored as text. */
  boolean isPortable();

  /** An expression, which may name fields of other stages: see {@link StageExpression}. */
  static PatternCondition of(String text) {
    return new Text(text);
  }

  /** A typed condition: text where it can be said so. */
  static PatternCondition of(Condition condition) {
    return condition
        .toExpression()
        .<PatternCondition>map(expression -> new Text(expression.toString()))
        .orElseGet(() -> new OfEvent(condition));
  }

  /** Both; of two texts one text. */
  static PatternCondition and(PatternCondition a, PatternCondition b) {
    if (a instanceof Text x && b instanceof Text y) {
      return new Text("(" + x.text() + ") and (" + y.text() + ")");
    }
    return new All(joined(a instanceof All all ? all.terms() : List.of(a), b));
  }

  /** One of both at least; of two texts one text. */
  static PatternCondition or(PatternCondition a, PatternCondition b) {
    if (a instanceof Text x && b instanceof Text y) {
      return new Text("(" + x.text() + ") or (" + y.text() + ")");
    }
    return new AtLeastOne(joined(a instanceof AtLeastOne any ? any.terms() : List.of(a), b));
  }

  private static List<PatternCondition> joined(
      List<PatternCondition> terms, PatternCondition last) {
    List<PatternCondition> all = new ArrayList<>(terms);
    all.add(last);
    return all;
  }

  /**
   * An expression that must be true; null is not.
   *
   * @param text in the expression language
   */
  record Text(String text) implements PatternCondition {
    @Override
    public boolean isPortable() {
      return true;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A condition on the event alone that has code in it.
   *
   * @param condition the condition
   */
  record OfEvent(Condition condition) implements PatternCondition {
    @Override
    public boolean isPortable() {
      return false;
    }

    @Override
    public String toString() {
      return "λ";
    }
  }

  /**
   * Code that looks at earlier events of the match.
   *
   * @param code the code
   */
  record OfMatch(StageCondition code) implements PatternCondition {
    @Override
    public boolean isPortable() {
      return false;
    }

    @Override
    public String toString() {
      return "λ";
    }
  }

  /** All of some conditions. */
  record All(List<PatternCondition> terms) implements PatternCondition {
    public All {
      terms = List.copyOf(terms);
    }

    @Override
    public boolean isPortable() {
      return terms.stream().allMatch(PatternCondition::isPortable);
    }

    @Override
    public String toString() {
      return terms.stream().map(term -> "(" + term + ")").collect(Collectors.joining(" and "));
    }
  }

  /** At least one of some conditions. */
  record AtLeastOne(List<PatternCondition> terms) implements PatternCondition {
    public AtLeastOne {
      terms = List.copyOf(terms);
    }

    @Override
    public boolean isPortable() {
      return terms.stream().allMatch(PatternCondition::isPortable);
    }

    @Override
    public String toString() {
      return terms.stream().map(term -> "(" + term + ")").collect(Collectors.joining(" or "));
    }
  }
}
