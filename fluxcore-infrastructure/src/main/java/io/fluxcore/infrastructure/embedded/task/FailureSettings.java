package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.domain.job.JobId;
import java.time.InstantSource;

/** What the failures of all operators of a job have in common. */
public record FailureSettings(
    JobId jobId, String jobName, DeadLetters deadLetters, InstantSource clock) {}
