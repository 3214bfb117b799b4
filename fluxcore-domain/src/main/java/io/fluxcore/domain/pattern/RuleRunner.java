package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A rule bound to the schema of its events. Used by one thread. */
final class RuleRunner {
  final PatternRule rule;
  final long fingerprint;
  final List<String> stages;
  final PatternMatcher matcher;
  final Map<String, BoundStageExpression.Measure> measures = new LinkedHashMap<>();

  /** Conditions on the event alone by their numbers; null for the others. */
  final @Nullable PatternCondition[] ofEvent;

  /**
   * Compiles a rule.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER that holds what is wrong
   */
  RuleRunner(PatternRule rule, RowFormat format, ExpressionContext context) {
    this.rule = rule;
    this.fingerprint = rule.fingerprint(format.schema());
    CompiledPattern compiled = PatternCompiler.compile(rule.pattern());
    this.stages = compiled.program().stages();
    Set<String> names = new LinkedHashSet<>(stages);
    int count = compiled.conditions().size();
    this.ofEvent = new @Nullable PatternCondition[count];
    @Nullable MatchCondition[] ofMatch = new @Nullable MatchCondition[count];
    for (int c = 0; c < count; c++) {
      PatternCondition condition = compiled.conditions().get(c);
      if (condition instanceof PatternCondition.OfMatch code) {
        ofMatch[c] = new CodeCondition(code.code(), stages, format);
      } else if (condition instanceof PatternCondition.Text text) {
        StageExpression expression = StageExpression.parse(text.text(), names);
        if (!expression.isOfEvent()) {
          ofMatch[c] = BoundStageExpression.condition(expression, stages, format, context);
        }
      }
      ofEvent[c] = ofMatch[c] == null ? condition : null;
    }
    this.matcher = new PatternMatcher(compiled.program(), ofMatch);
    rule.measures()
        .forEach(
            (name, text) ->
                measures.put(
                    name,
                    BoundStageExpression.measure(
                        StageExpression.parse(text, names), stages, format, context)));
  }

  /** The types of its measures, by name. */
  Map<String, DataType> measureTypes() {
    Map<String, DataType> types = new LinkedHashMap<>();
    measures.forEach((name, measure) -> types.put(name, measure.type()));
    return types;
  }

  /** Rules, bound. */
  static List<RuleRunner> all(
      List<PatternRule> rules, RowFormat format, ExpressionContext context) {
    List<RuleRunner> runners = new ArrayList<>();
    rules.forEach(rule -> runners.add(new RuleRunner(rule, format, context)));
    return runners;
  }
}
