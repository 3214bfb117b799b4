package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.deadletter.DeadLetterCounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list of dead letters.
 *
 * @param nextCursor where the next part begins, or null at the end
 * @param total letters in all parts
 * @param counts what has become of the letters of the job that was asked for, or null
 */
record DeadLetterPageResource(
    List<DeadLetterResource> items,
    @Nullable String nextCursor,
    long total,
    @Nullable DeadLetterCounts counts) {}
