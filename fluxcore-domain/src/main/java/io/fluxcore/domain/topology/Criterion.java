package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.expression.Condition;
import java.util.function.Predicate;

/** What a filter or a route asks of a row: text in the expression language, or user code. */
public sealed interface Criterion {
  /** Whether it can be stored as text. */
  boolean isPortable();

  /** A typed condition: text where it can be said so, and code where it is nothing but code. */
  static Criterion of(Condition condition) {
    if (condition instanceof Condition.Custom custom) {
      return new Code(custom.predicate());
    }
    return condition
        .toExpression()
        .<Criterion>map(expression -> new Text(expression.toString()))
        .orElseGet(() -> new Mixed(condition));
  }

  /**
   * An expression that must be true; null is not.
   *
   * @param text in the expression language
   */
  record Text(String text) implements Criterion {
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
   * User code. Several subtasks share one instance, so it must be stateless or thread-safe.
   *
   * @param predicate takes an event that is valid during the call
   */
  record Code(Predicate<Event> predicate) implements Criterion {
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
   * A typed condition with code in some part of it. Fields of an open source that its other parts
   * use must be declared.
   *
   * @param condition the condition
   */
  record Mixed(Condition condition) implements Criterion {
    @Override
    public boolean isPortable() {
      return false;
    }

    @Override
    public String toString() {
      return "λ";
    }
  }
}
