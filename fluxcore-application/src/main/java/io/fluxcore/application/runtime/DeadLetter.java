package io.fluxcore.application.runtime;

import io.fluxcore.domain.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row or record that could not be processed, kept so that it can be looked at, repaired and
 * replayed.
 *
 * @param jobId the job
 * @param operatorId where it failed
 * @param bytes the original bytes where the source gives them, else null
 * @param row the row in words where there are no bytes, else null
 * @param coordinates where the source had it, such as {@code access.log:4711}; empty when unknown
 * @param code stable code of the error
 * @param message what is wrong with it
 * @param attempts how often it was tried
 * @param time when it failed the last time
 */
public record DeadLetter(
    JobId jobId,
    String operatorId,
    byte @Nullable [] bytes,
    @Nullable String row,
    String coordinates,
    String code,
    String message,
    int attempts,
    Instant time) {}
