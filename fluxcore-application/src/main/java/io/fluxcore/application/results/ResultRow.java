package io.fluxcore.application.results;

import io.fluxcore.domain.event.EventRecord;

/**
 * A row that a job gave.
 *
 * @param sequence of a sink: grows by one a row since the job's start in this process, so that gaps
 *     are rows that were missed; of another node: the same, but rows count only while somebody
 *     reads that node
 * @param row its fields, timestamp and kind
 */
public record ResultRow(long sequence, EventRecord row) {}
