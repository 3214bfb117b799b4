package io.fluxcore.application.planner;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.RetryPolicy;
import io.fluxcore.domain.topology.LookupConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether retries leave checkpoints the time that they need, and have anything to try again. */
final class RetryCheck {
  private final TopologyAnalysis analysis;
  private final JobConfig job;
  private final List<Diagnostic> findings;

  RetryCheck(TopologyAnalysis analysis, JobConfig job, List<Diagnostic> findings) {
    this.analysis = analysis;
    this.job = job;
    this.findings = findings;
  }

  void run() {
    tooLong(Place.of("errorPolicy"), job.errors());
    for (TopologyNode node : analysis.order()) {
      ErrorPolicy errors = node.config().errors();
      Place place = Place.of("node '" + node.name() + "'.errorPolicy");
      if (!(node.config() instanceof LookupConfig)) { // whose rows wait beside a barrier
        tooLong(place, errors);
      }
      if (errors != null && errors.retry() != null && !hasRetries(node)) {
        findings.add(
            Diagnostic.warning(
                "FLX-PLAN-0008",
                place,
                "'" + node.name() + "' calls nothing that could go better another time",
                "give retries to sinks, lookups and nodes with code of your own"));
      }
    }
  }

  private static boolean hasRetries(TopologyNode node) {
    return node.config() instanceof SinkConfig
        || node.config() instanceof LookupConfig
        || (!(node.config() instanceof SourceConfig) && !node.config().boundParts().isEmpty());
  }

  /** A barrier waits behind the rows that are tried again. */
  private void tooLong(Place place, @Nullable ErrorPolicy errors) {
    RetryPolicy retry = errors == null ? null : errors.retry();
    Duration timeout = job.checkpoints().timeout();
    if (retry != null
        && job.checkpointInterval() != null
        && retry.longestWait().compareTo(timeout) >= 0) {
      findings.add(
          Diagnostic.error(
              "FLX-PLAN-0007",
              place,
              "the retries of one row may take "
                  + retry.longestWait()
                  + ", but a checkpoint, which waits for them, is given up after "
                  + timeout,
              "lower attempts or maximum, or raise the timeout of checkpoints"));
    }
  }
}
