package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.FluxCoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The expressions that rules are written with. */
public final class PatternTexts {
  private PatternTexts() {}

  /**
   * The expressions of a rule, and of each whether it is a condition. A text that is none is left
   * out: checks tell of it.
   */
  public static Map<StageExpression, Boolean> expressions(PatternRule rule) {
    Map<StageExpression, Boolean> expressions = new LinkedHashMap<>();
    Set<String> stages = rule.pattern().stageNames();
    List<String> conditions = new ArrayList<>();
    collect(rule.pattern(), conditions);
    conditions.forEach(text -> parse(text, stages, true, expressions));
    rule.measures().values().forEach(text -> parse(text, stages, false, expressions));
    return expressions;
  }

  private static void parse(
      String text, Set<String> stages, boolean condition, Map<StageExpression, Boolean> into) {
    try {
      into.put(StageExpression.parse(text, stages), condition);
    } catch (FluxCoreException e) {
      return; // the check of the rule tells what is wrong with it
    }
  }

  private static void collect(Pattern pattern, List<String> into) {
    for (PatternStage stage : pattern.stages()) {
      collect(stage.condition(), into);
      collect(stage.until(), into);
      if (stage.group() != null) {
        collect(stage.group(), into);
      }
    }
  }

  private static void collect(@Nullable PatternCondition condition, List<String> into) {
    if (condition instanceof PatternCondition.Text text) {
      into.add(text.text());
    } else if (condition instanceof PatternCondition.All all) {
      all.terms().forEach(term -> collect(term, into));
    } else if (condition instanceof PatternCondition.AtLeastOne any) {
      any.terms().forEach(term -> collect(term, into));
    } else if (condition instanceof PatternCondition.OfEvent code) {
      code.condition().toExpression().ifPresent(expression -> into.add(expression.toString()));
    }
  }
}
