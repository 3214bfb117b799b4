package io.fluxcore.application.job;

import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job in the list of a store.
 *
 * @param submitted when it was first submitted
 * @param server that has it and whose lease has not run out; null for none
 */
public record JobEntry(
    JobId id,
    String name,
    String version,
    JobStatus status,
    Instant submitted,
    @Nullable String server) {}
