/**
 * Rows of a key by rank: the first or last one, and the best of them. Operators keep what they need
 * of the rows of each key and give what changes.
 */
@NullMarked
package io.fluxcore.domain.rank;

import org.jspecify.annotations.NullMarked;
