package io.fluxcore.application;

import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.pattern.PatternRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of pattern nodes of running jobs. A change is an upgrade of the job: it stops with its
 * state and goes on as a version of its own, {@code 1+rules.1}, whose rules are stored with the
 * job. Rules that stay as they are keep their partial matches; a changed one begins anew. Where the
 * new version does not start, the old one goes on. Thread-safe.
 *
 * <p>Methods throw a {@link io.fluxcore.domain.error.FluxCoreException}: of category {@code
 * NOT_FOUND} if there is no such job, node or rule, {@code USER} if a rule does not fit, and {@code
 * STATE_CONFLICT} if the job cannot be changed now, or is not of the version that the change was
 * made for ({@link #OTHER_VERSION}). What is so already is no change, whatever the version.
 */
public interface RuleDesk {
  /** The code of errors about a job that is not of the version that a change was made for. */
  String OTHER_VERSION = "FLX-PATTERN-0025";

  /**
   * The rules of a node.
   *
   * @param version of the job that has them
   * @param rules in their order
   */
  record NodeRules(String version, List<PatternRule> rules) {
    public NodeRules {
      rules = List.copyOf(rules);
    }

    /** The rule of an id, or null. */
    public @Nullable PatternRule find(String id) {
      return rules.stream().filter(rule -> rule.id().equals(id)).findFirst().orElse(null);
    }
  }

  /**
   * What became of the rules.
   *
   * @param before as they were
   * @param after as they are in force
   */
  record RuleChange(NodeRules before, NodeRules after) {}

  /** The rules of a node and the version of the job. */
  NodeRules rules(JobId job, String node);

  /** The rules of a node, in their order. */
  default List<PatternRule> list(JobId job, String node) {
    return rules(job, node).rules();
  }

  /** Adds a rule, or puts it in the place of the one with its id; returns when it is in force. */
  default RuleChange put(JobId job, String node, PatternRule rule) {
    return put(job, node, rule, null);
  }

  /**
   * The same for a version of the job.
   *
   * @param version of the job; null: any
   */
  RuleChange put(JobId job, String node, PatternRule rule, @Nullable String version);

  /** Takes a rule away; returns when it is. The last one stays. */
  default RuleChange remove(JobId job, String node, String rule) {
    return remove(job, node, rule, null);
  }

  /**
   * The same for a version of the job.
   *
   * @param version of the job; null: any
   */
  RuleChange remove(JobId job, String node, String rule, @Nullable String version);
}
