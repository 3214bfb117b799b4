package io.fluxcore.adapters.in.rest;

import org.jspecify.annotations.Nullable;

/**
 * A finding about a job file.
 *
 * @param path what it is about, in words, or an empty string
 * @param line 1-based, or null where there is none
 * @param column 1-based, or null where there is none
 * @param hint what to do, or an empty string
 */
record DiagnosticResource(
    String severity,
    String code,
    String message,
    String path,
    @Nullable Integer line,
    @Nullable Integer column,
    String hint) {}
