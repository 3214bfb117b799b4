package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.syntax.Node;
import io.fluxcore.domain.expression.syntax.Parser;
import io.fluxcore.domain.expression.syntax.Printer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the conditions of a pattern; equal ones are one. A text whose terms are joined by {@code
 * and}, some of them about the event alone, is two conditions, so that those are evaluated for
 * whole batches, and the others for the events that are left.
 */
final class ConditionNumbers {
  private final Set<String> stages;
  private final List<PatternCondition> conditions = new ArrayList<>();

  ConditionNumbers(Set<String> stages) {
    this.stages = stages;
  }

  List<PatternCondition> conditions() {
    return conditions;
  }

  /** When a condition is true; always, where there is none. */
  Guard guard(@Nullable PatternCondition condition) {
    if (condition == null) {
      return Guard.ALWAYS;
    }
    if (condition instanceof PatternCondition.All all) {
      Guard guard = Guard.ALWAYS;
      for (PatternCondition term : all.terms()) {
        guard = guard.and(guard(term));
      }
      return guard;
    }
    if (condition instanceof PatternCondition.AtLeastOne any) {
      Guard guard = Guard.NEVER;
      for (PatternCondition term : any.terms()) {
        guard = guard.or(guard(term));
      }
      return guard;
    }
    if (condition instanceof PatternCondition.Text text) {
      return text(text);
    }
    return numbered(condition);
  }

  private Guard text(PatternCondition.Text condition) {
    Node tree = Parser.parse(condition.text());
    if (tree instanceof Node.Logic logic && logic.conjunction()) {
      List<Node> ofEvent = new ArrayList<>();
      List<Node> ofMatch = new ArrayList<>();
      for (Node term : terms(logic)) {
        boolean alone = StageExpression.parse(Printer.print(term), stages).isOfEvent();
        (alone ? ofEvent : ofMatch).add(term);
      }
      if (!ofEvent.isEmpty() && !ofMatch.isEmpty()) {
        return numbered(joined(logic, ofEvent)).and(numbered(joined(logic, ofMatch)));
      }
    }
    return numbered(new PatternCondition.Text(Printer.print(tree)));
  }

  /** The terms of a conjunction, those of conjunctions in it too. */
  private static List<Node> terms(Node.Logic conjunction) {
    List<Node> terms = new ArrayList<>();
    for (Node term : conjunction.terms()) {
      if (term instanceof Node.Logic inner && inner.conjunction()) {
        terms.addAll(terms(inner));
      } else {
        terms.add(term);
      }
    }
    return terms;
  }

  private static PatternCondition joined(Node.Logic logic, List<Node> terms) {
    return new PatternCondition.Text(
        Printer.print(
            terms.size() == 1 ? terms.get(0) : new Node.Logic(logic.position(), true, terms)));
  }

  private Guard numbered(PatternCondition condition) {
    int number = conditions.indexOf(condition);
    if (number < 0) {
      number = conditions.size();
      if (number == Guard.MAX_CONDITIONS) {
        throw FluxCoreException.user(
            "FLX-PATTERN-0010",
            Place.of("the pattern"),
            "it has more than " + Guard.MAX_CONDITIONS + " different conditions",
            "make several patterns of it");
      }
      conditions.add(condition);
    }
    return Guard.condition(number);
  }
}
