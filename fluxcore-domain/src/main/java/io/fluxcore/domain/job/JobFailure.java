package io.fluxcore.domain.job;

/**
 * Why a job failed.
 *
 * @param operatorId where, or an empty string
 * @param code stable code, {@code FLX-…}
 * @param message what happened
 */
public record JobFailure(String operatorId, String code, String message) {}
