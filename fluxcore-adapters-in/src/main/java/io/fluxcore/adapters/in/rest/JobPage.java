package io.fluxcore.adapters.in.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list of jobs.
 *
 * @param nextCursor where the next part begins, or null at the end
 * @param total jobs in all parts
 */
record JobPage(List<JobItem> items, @Nullable String nextCursor, int total) {}
