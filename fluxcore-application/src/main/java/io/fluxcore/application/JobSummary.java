package io.fluxcore.application;

import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Instant;

/**
 * A job in a list.
 *
 * @param submitted when it was first submitted
 */
public record JobSummary(
    JobId id, String name, String version, JobStatus status, Instant submitted) {}
