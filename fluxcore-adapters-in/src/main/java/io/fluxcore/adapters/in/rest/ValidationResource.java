package io.fluxcore.adapters.in.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say about a job file.
 *
 * @param valid whether it could be submitted
 * @param name of the job, or null if it could not be read
 * @param plan what would run, for a person; null if it is not valid
 */
record ValidationResource(
    boolean valid,
    @Nullable String name,
    List<DiagnosticResource> diagnostics,
    @Nullable String plan) {}
