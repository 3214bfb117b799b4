package io.fluxcore.application.diagnosis;

import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Instant;
import java.util.List;

/**
 * The answer to "why is there no output?". Immutable.
 *
 * @param at when it was read
 * @param findings what a person should know, the likeliest cause first; empty when results flow
 * @param sources where event time begins
 * @param windows where results wait for event time, in the order of the plan
 */
public record JobDiagnosis(
    JobId jobId,
    JobStatus status,
    Instant at,
    List<Finding> findings,
    List<SourceDiagnosis> sources,
    List<WindowDiagnosis> windows) {
  public JobDiagnosis {
    findings = List.copyOf(findings);
    sources = List.copyOf(sources);
    windows = List.copyOf(windows);
  }
}
