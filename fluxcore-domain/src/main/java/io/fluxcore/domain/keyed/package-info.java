/**
 * What operators with state by key have in common: the keys of a batch at once, the times by which
 * state lives, and when it is looked at again to be removed.
 */
@NullMarked
package io.fluxcore.domain.keyed;

import org.jspecify.annotations.NullMarked;
