package io.fluxcore.domain.rowpattern;

import org.jspecify.annotations.Nullable;

/**
 * A way in which the rows so far may become a match.
 *
 * @param instruction that looks at the next row
 */
record MatchThread(int instruction, @Nullable MatchPath path) {}
