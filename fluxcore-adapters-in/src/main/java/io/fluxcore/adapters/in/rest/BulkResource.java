package io.fluxcore.adapters.in.rest;

import java.util.List;

/**
 * What became of many letters.
 *
 * @param dryRun whether nothing was done
 * @param matching letters that wait and fit the filter
 * @param processed replayed with success
 * @param failed replayed, and failed again
 * @param refused not given to their operators
 * @param discarded given up
 * @param problems the first that failed or were refused
 */
record BulkResource(
    boolean dryRun,
    long matching,
    long processed,
    long failed,
    long refused,
    long discarded,
    List<ReplayResource> problems) {}
