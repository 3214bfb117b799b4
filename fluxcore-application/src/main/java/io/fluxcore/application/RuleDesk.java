package io.fluxcore.application;

import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.pattern.PatternRule;
import java.util.List;

/**
 * The rules of pattern nodes of running jobs. A change is an upgrade of the job: it stops with its
 * state and goes on as a version of its own, {@code 1+rules.1}, whose rules are stored with the
 * job. Rules that stay as they are keep their partial matches; a changed one begins anew. Where the
 * new version does not start, the old one goes on. Thread-safe.
 *
 * <p>Methods throw a {@link io.fluxcore.domain.error.FluxCoreException}: of category {@code
 * NOT_FOUND} if there is no such job, node or rule, {@code USER} if a rule does not fit, and {@code
 * STATE_CONFLICT} if the job cannot be changed now.
 */
public interface RuleDesk {
  /** The rules of a node, in their order. */
  List<PatternRule> list(JobId job, String node);

  /** Adds a rule, or puts it in the place of the one with its id; returns when it is in force. */
  void put(JobId job, String node, PatternRule rule);

  /** Takes a rule away; returns when it is. The last one stays. */
  void remove(JobId job, String node, String rule);
}
