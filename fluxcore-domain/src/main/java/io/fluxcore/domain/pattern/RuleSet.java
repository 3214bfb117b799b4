package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All rules of an operator, which share a pass over the rows of a batch: conditions are evaluated
 * together, and a row touches only the rules for which one is true. Used by one thread.
 */
final class RuleSet {
  private final List<RuleRunner> runners;
  private final EventConditions conditions;
  private final Map<Long, Integer> byFingerprint = new HashMap<>();

  /** Rules whose matches may begin with any event, whatever it is. */
  private final int[] always;

  private final long[] bits;
  private final int[] touched;
  private int touchedCount;

  RuleSet(List<PatternRule> rules, RowFormat format, ExpressionContext context) {
    runners = RuleRunner.all(rules, format, context);
    conditions = new EventConditions(format.schema(), context);
    for (int r = 0; r < runners.size(); r++) {
      RuleRunner runner = runners.get(r);
      byFingerprint.put(runner.fingerprint, r);
      for (int c = 0; c < runner.ofEvent.length; c++) {
        PatternCondition condition = runner.ofEvent[c];
        if (condition != null) {
          conditions.add(condition, r, c);
        }
      }
    }
    conditions.prepare();
    always =
        java.util.stream.IntStream.range(0, runners.size())
            .filter(r -> runners.get(r).matcher.startsWithoutCondition())
            .toArray();
    bits = new long[runners.size()];
    touched = new int[runners.size()];
  }

  RuleRunner runner(int rule) {
    return runners.get(rule);
  }

  /** The rule that partial matches are of; null if it is not among these any more. */
  @Nullable RuleRunner find(long fingerprint) {
    Integer rule = byFingerprint.get(fingerprint);
    return rule == null ? null : runners.get(rule);
  }

  /** Evaluates what rules ask of the events of a batch. */
  void evaluate(EventBatch batch, RowErrors errors) {
    conditions.evaluate(batch, errors);
  }

  /** Whether a row of the batch may begin a match of any rule. */
  boolean mayBegin(int row) {
    if (always.length > 0) {
      return true;
    }
    if (!conditions.isAny(row)) {
      return false;
    }
    boolean may = false;
    touchedCount = conditions.collect(row, bits, touched, 0);
    for (int i = 0; i < touchedCount; i++) {
      int rule = touched[i];
      may |= runners.get(rule).matcher.mayBegin(bits[rule]);
      bits[rule] = 0;
    }
    return may;
  }

  /** Whether any condition on the event alone is true of a row, or need not be. */
  boolean isTouched(int row) {
    return always.length > 0 || conditions.isAny(row);
  }

  /** Does something with the rules that a row is to be shown to. */
  interface Visitor {
    void visit(int rule, long trueConditions);
  }

  /** Visits the rules that a row may change something in, each once. */
  void visit(int row, KeyMatches key, Visitor visitor) {
    touchedCount = conditions.collect(row, bits, touched, 0);
    int withBits = touchedCount;
    for (int i = 0; i < withBits; i++) {
      visitor.visit(touched[i], bits[touched[i]]);
    }
    for (int rule : always) {
      if (bits[rule] == 0) {
        visitor.visit(rule, 0);
      }
    }
    for (int i = 0; i < key.rules.size(); i++) {
      RuleMatches matches = key.rules.get(i);
      Integer rule = matches.alert ? byFingerprint.get(matches.fingerprint) : null;
      if (rule != null && bits[rule] == 0 && !runners.get(rule).matcher.startsWithoutCondition()) {
        visitor.visit(rule, 0);
      }
    }
    for (int i = 0; i < withBits; i++) {
      bits[touched[i]] = 0;
    }
  }
}
