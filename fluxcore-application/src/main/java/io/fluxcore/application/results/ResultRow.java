package io.fluxcore.application.results;

import io.fluxcore.domain.event.EventRecord;

/**
 * A row that a job gave.
 *
 * @param sequence grows by one a row and node since the job's start in this process; gaps are rows
 *     that were missed
 * @param row its fields, timestamp and kind
 */
public record ResultRow(long sequence, EventRecord row) {}
