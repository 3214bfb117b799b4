/**
 * Load shedding: which rows a source gives up when what follows takes too few.
 *
 * <p>May import {@code event} and {@code key}.
 */
@NullMarked
package io.fluxcore.domain.shedding;

import org.jspecify.annotations.NullMarked;
