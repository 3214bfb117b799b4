package io.fluxcore.application.control;

import io.fluxcore.application.RuleDesk;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.pattern.PatternRule;
import io.fluxcore.domain.topology.PatternConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The desk for the rules of the jobs of this process. */
public final class JobRules implements RuleDesk {
  private static final Pattern CHANGED = Pattern.compile("(.*)\\+rules\\.(\\d{1,9})");

  private final JobControl jobs;

  /** A desk for these jobs. */
  public JobRules(JobControl jobs) {
    this.jobs = jobs;
  }

  @Override
  public NodeRules rules(JobId job, String node) {
    JobVersion version = jobs.versionOf(job);
    return new NodeRules(version.name(), patterns(version, node).rules());
  }

  @Override
  public RuleChange put(JobId job, String node, PatternRule rule, @Nullable String version) {
    return change(
        job,
        node,
        version,
        rules -> {
          List<PatternRule> changed = new ArrayList<>(rules);
          changed.replaceAll(other -> other.id().equals(rule.id()) ? rule : other);
          if (!changed.contains(rule)) {
            changed.add(rule);
          }
          return changed;
        });
  }

  @Override
  public RuleChange remove(JobId job, String node, String rule, @Nullable String version) {
    return change(
        job,
        node,
        version,
        rules -> {
          List<PatternRule> left =
              rules.stream().filter(other -> !other.id().equals(rule)).toList();
          if (left.size() == rules.size()) {
            throw notFound(
                "rule '" + rule + "'",
                "node '" + node + "' has no rule '" + rule + "'",
                "its rules are " + rules.stream().map(PatternRule::id).toList());
          }
          return left;
        });
  }

  /** One after the other, so that no change is lost. */
  private synchronized RuleChange change(
      JobId job, String node, @Nullable String wanted, UnaryOperator<List<PatternRule>> change) {
    JobVersion version = jobs.versionOf(job);
    PatternConfig patterns = patterns(version, node);
    List<PatternRule> rules = change.apply(patterns.rules());
    NodeRules before = new NodeRules(version.name(), patterns.rules());
    if (rules.equals(patterns.rules())) {
      return new RuleChange(before, before);
    }
    if (wanted != null && !wanted.equals(version.name())) {
      throw new FluxCoreException(
          ErrorCategory.STATE_CONFLICT,
          Diagnostic.error(
              OTHER_VERSION,
              Place.of("node '" + node + "'"),
              "the change is for version '"
                  + wanted
                  + "' of job '"
                  + version.config().name()
                  + "', which is of version '"
                  + version.name()
                  + "'",
              "look at its rules again, and change those"));
    }
    JobConfig next = version.config().toBuilder().version(next(version.name())).build();
    jobs.submitJob(version.topology().with(node, patterns.withRules(rules)), next);
    return new RuleChange(before, new NodeRules(next.version(), rules));
  }

  /** The version after this one: {@code 1+rules.3} after {@code 1+rules.2}. */
  private static String next(String version) {
    Matcher matcher = CHANGED.matcher(version);
    return matcher.matches()
        ? matcher.group(1) + "+rules." + (Long.parseLong(matcher.group(2)) + 1)
        : version + "+rules.1";
  }

  private static PatternConfig patterns(JobVersion version, String node) {
    return version.topology().nodes().stream()
        .filter(n -> n.name().equals(node) && n.config() instanceof PatternConfig)
        .map(n -> (PatternConfig) n.config())
        .findFirst()
        .orElseThrow(
            () ->
                notFound(
                    "node '" + node + "'",
                    "job '" + version.config().name() + "' has no pattern node '" + node + "'",
                    "name one of its nodes with patterns"));
  }

  private static FluxCoreException notFound(String place, String message, String remedy) {
    return new FluxCoreException(
        ErrorCategory.NOT_FOUND,
        Diagnostic.error("FLX-PATTERN-0024", Place.of(place), message, remedy));
  }
}
