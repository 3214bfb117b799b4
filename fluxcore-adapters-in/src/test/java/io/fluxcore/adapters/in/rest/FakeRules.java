package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.RuleDesk;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.pattern.Pattern;
import io.fluxcore.domain.pattern.PatternRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every job has a node {@code fraud} with the same rules, which begin with one, {@code first}. */
final class FakeRules implements RuleDesk {
  private int version = 1;
  private List<PatternRule> rules =
      List.of(new PatternRule("first", Pattern.begin("a").where("amount > 1")));

  @Override
  public synchronized NodeRules rules(JobId job, String node) {
    if (!node.equals("fraud")) {
      throw error(ErrorCategory.NOT_FOUND, "FLX-PATTERN-0024", "there is no node '" + node + "'");
    }
    return new NodeRules(String.valueOf(version), rules);
  }

  @Override
  public synchronized RuleChange put(
      JobId job, String node, PatternRule rule, @Nullable String wanted) {
    if (rule.pattern().describe().contains("nothing")) {
      throw error(ErrorCategory.USER, "FLX-TOPO-0017", "there is no field 'nothing'");
    }
    List<PatternRule> changed = new ArrayList<>(rules);
    changed.removeIf(other -> other.id().equals(rule.id()));
    changed.add(rule);
    return change(job, node, changed, wanted);
  }

  @Override
  public synchronized RuleChange remove(
      JobId job, String node, String rule, @Nullable String wanted) {
    List<PatternRule> changed = new ArrayList<>(rules);
    if (!changed.removeIf(other -> other.id().equals(rule))) {
      throw error(ErrorCategory.NOT_FOUND, "FLX-PATTERN-0024", "there is no rule '" + rule + "'");
    }
    return change(job, node, changed, wanted);
  }

  private RuleChange change(
      JobId job, String node, List<PatternRule> changed, @Nullable String wanted) {
    NodeRules before = rules(job, node);
    if (!changed.equals(rules)) {
      if (wanted != null && !wanted.equals(before.version())) {
        throw error(ErrorCategory.STATE_CONFLICT, OTHER_VERSION, "not for " + before.version());
      }
      rules = List.copyOf(changed);
      version++;
    }
    return new RuleChange(before, rules(job, node));
  }

  private static FluxCoreException error(ErrorCategory category, String code, String message) {
    return new FluxCoreException(
        category, Diagnostic.error(code, Place.of("rule"), message, "look at the rules"));
  }
}
